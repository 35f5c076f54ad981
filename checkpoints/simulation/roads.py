"""The map that the sample lorries drive on: offices, who faces whom, and how far it is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from carnets.choices import OfficeRole
from carnets.projection.evidence import OfficeFacts
from carnets.projection.walk import great_circle_km
from checkpoints.choices import CrossingMode
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
    crossings: tuple[tables.Crossing, ...]

    @classmethod
    def read(cls) -> "Roads":
        return cls(
            {office.code: office for office in tables.offices()},
            _partners(tables.crossings()),
            {territory.code: territory for territory in tables.territories()},
            tuple(tables.crossings()),
        )

    def territory(self, office: str) -> tables.Territory:
        return self.territories[self.offices[office].territory]

    def km(self, one: str, other: str) -> float:
        """Return the great-circle distance, which is what stamps are judged by."""
        return great_circle_km(self._facts[one], self._facts[other])

    def length(self, offices: Sequence[str]) -> float:
        """Return the kilometres of a way along these offices."""
        return sum(self.km(one, other) for one, other in pairwise(offices))

    def between(self, territory: str, other: str) -> list[tuple[str, str]]:
        """Return the road crossings into another territory: the office one leaves by, the office one enters by."""
        pairs = [
            pair
            for each in self.crossings
            if each.mode == CrossingMode.ROAD and each.customs_control_to is None
            for pair in ((each.office_a, each.office_b), (each.office_b, each.office_a))
        ]
        return [
            (left, entered)
            for left, entered in pairs
            if self.offices[left].territory == territory and self.offices[entered].territory == other
        ]

    def with_role(self, territory: str, role: str) -> list[str]:
        """Return the offices of a territory that may play a role."""
        return [
            code
            for code, office in self.offices.items()
            if office.territory == territory and role in office.roles
        ]

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
        fit = [code for code in self.with_role(self.offices[planned].territory, role) if code != planned]
        return sorted(fit, key=lambda code: (self.km(near, code), code))

    @cached_property
    def _facts(self) -> dict[str, OfficeFacts]:
        return {
            code: OfficeFacts(
                code=code,
                country=office.country,
                latitude=office.latitude,
                longitude=office.longitude,
                roles=frozenset(office.roles),
                faces=(),
                territory_id=0,
                territory=office.territory,
                time_zone=office.time_zone,
                approved_from=office.valid_from,
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
