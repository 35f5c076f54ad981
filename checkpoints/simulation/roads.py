"""The map that the sample lorries drive on: offices, who faces whom, and how far it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from carnets.choices import OfficeRole
from carnets.projection.facts import OfficeFacts, great_circle_km
from checkpoints.reference import tables

ROAD_PER_GREAT_CIRCLE = 1.3
SLOWEST_KMH, FASTEST_KMH = 23.0, 42.0  # CPMM 2022: with and without delays on the way
FERRY_KMH = 25.0


@dataclass(frozen=True)
class Roads:
    """The reference tables, as one who plans a journey asks them."""

    offices: dict[str, tables.Office]
    partners: dict[str, frozenset[str]]
    territories: dict[str, tables.Territory]

    @classmethod
    def read(cls) -> "Roads":
        return cls(
            {office.code: office for office in tables.offices()},
            _partners(tables.crossings()),
            {territory.code: territory for territory in tables.territories()},
        )

    def territory(self, office: str) -> tables.Territory:
        return self.territories[self.offices[office].territory]

    def km(self, one: str, other: str) -> float:
        """Return the great-circle distance, which is what stamps are judged by."""
        return great_circle_km(self._facts[one], self._facts[other])

    def drive(self, one: str, other: str, kmh: float) -> timedelta:
        """Return how long a lorry takes by road."""
        return timedelta(hours=self.km(one, other) * ROAD_PER_GREAT_CIRCLE / kmh)

    def sail(self, one: str, other: str) -> timedelta:
        return timedelta(hours=self.km(one, other) / FERRY_KMH)

    def entries_not_facing(self, exit_office: str, planned: str, *, but: str) -> list[str]:
        """Return other entries to the planned one's territory that do not face the exit, nearest first."""
        return [
            code
            for code in self._others(planned, OfficeRole.ENTRY, near=exit_office)
            if code != but and self.partners.get(code) and exit_office not in self.partners[code]
        ]

    def substitutes(self, planned: str, role: str, *, near: str) -> list[str]:
        """Return other offices of the territory that may play the role (art. 27), nearest first."""
        return self._others(planned, role, near=near)

    def _others(self, planned: str, role: str, *, near: str) -> list[str]:
        territory = self.offices[planned].territory
        fit = [
            code
            for code, office in self.offices.items()
            if office.territory == territory and role in office.roles and code != planned
        ]
        return sorted(fit, key=lambda code: (self.km(near, code), code))

    @cached_property
    def _facts(self) -> dict[str, OfficeFacts]:
        return {
            code: OfficeFacts(
                code,
                office.country,
                office.latitude,
                office.longitude,
                frozenset(office.roles),
                tuple(sorted(self.partners.get(code, ()))),
            )
            for code, office in self.offices.items()
        }


def _partners(crossings: Iterable[tables.Crossing]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for crossing in crossings:
        for one, other in (
            (crossing.office_a, crossing.office_b),
            (crossing.office_b, crossing.office_a),
        ):
            found[one] = found.get(one, frozenset()) | {other}
    return found
