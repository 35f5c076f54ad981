"""The plan of a carnet as one small document beside the carnet's row, and back: a stamp reads it with the carnet."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from carnets.choices import StopAction
from carnets.itinerary import legs_of
from carnets.projection.plan import Plan, PlannedConsignment, PlannedLeg, PlannedStop, Unit


def packed(
    stops: Iterable[tuple[str, str, int]], consignments: Iterable[PlannedConsignment], units: Iterable[Unit]
) -> dict[str, Any]:
    """Return stops (office, what the lorry does, territory), cargo and units as they are kept."""
    return {
        "stops": [list(stop) for stop in stops],
        "cargo": [[c.load, c.unload, c.packages, str(c.mass_kg), sorted(c.units)] for c in consignments],
        "units": [[unit.name, unit.kind] for unit in units],
    }


def unpacked(document: Mapping[str, Any], **rest: Any) -> Plan:
    """Return the plan that was kept; `rest` is what the carnet's row and the territories' practices say besides."""
    return Plan(
        legs=_legs(tuple(tuple(stop) for stop in document["stops"])),
        consignments=tuple(
            PlannedConsignment(load, unload, packages, Decimal(mass), frozenset(units))
            for load, unload, packages, mass, units in document["cargo"]
        ),
        units=tuple(Unit(name, kind) for name, kind in document["units"]),
        **rest,
    )


@lru_cache(maxsize=4096)
def _legs(stops: tuple[tuple[str, str, int], ...]) -> tuple[PlannedLeg, ...]:
    """Return the legs between these stops. Many carnets go the same way."""
    placed = [
        (PlannedStop(position, office, StopAction(does)), territory)
        for position, (office, does, territory) in enumerate(stops, start=1)
    ]
    territory_of = {stop.position: territory for stop, territory in placed}
    return tuple(
        PlannedLeg(start, end, territory_of[start.position])
        for start, end in legs_of([stop for stop, _territory in placed])
    )
