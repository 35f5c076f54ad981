"""What the reference tables say of the region: the roads that the sample lorries drive on, offices with who faces whom
and how far it is; and the fleet, whose lorries carry what. With two small tools of everybody who makes a journey. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from re import Match, sub

from stdnum import iso6346

from carnets.choices import OfficeRole, StopAction, UnitKind
from carnets.projection.evidence import OfficeFacts
from carnets.projection.walk import great_circle_km
from checkpoints.choices import CrossingMode
from checkpoints.reference import tables
from checkpoints.simulation.calls import Call
from checkpoints.simulation.freight import Freight, FreightConsignment, FreightLine, Plate
from checkpoints.simulation.shapes import Goods, one_of

ROAD_PER_GREAT_CIRCLE = 1.3
SLOWEST_KMH, FASTEST_KMH = 23.0, 42.0  # CPMM 2022: with and without delays on the way
FERRY_KMH = 25.0
NEAREST = 3  # of several other ways one of the shortest is taken
CONTAINER_OWNERS = (
    "TXGU",
    "KZTU",
    "UZTU",
    "CASU",
)  # made up: no such prefixes are registered to our knowledge
MOST_CONTAINERS = 2  # on one flatbed
TRAINS = {
    (UnitKind.TRACTOR, UnitKind.TRAILER): 75,
    (UnitKind.RIGID,): 15,
    (UnitKind.TRACTOR, UnitKind.TRAILER, UnitKind.TRAILER): 10,
}
FROM_START, FROM_END, FROM_THE_WAY = 6, 3, 1  # how often a holder is at home where


@dataclass(frozen=True)
class Roads:
    """The reference tables, as one who plans a journey asks them."""

    offices: dict[str, tables.OfficeRow]
    partners: dict[str, frozenset[str]]
    territories: dict[str, tables.TerritoryRow]
    crossings: tuple[tables.CrossingRow, ...]

    @classmethod
    def read(cls) -> "Roads":
        return cls(
            {office.code: office for office in tables.office_rows()},
            _partners(tables.crossing_rows()),
            {territory.code: territory for territory in tables.territory_rows()},
            tuple(tables.crossing_rows()),
        )

    def territory(self, office: str) -> tables.TerritoryRow:
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

    def other_ways(self, left: str, entered: str, *, but: Collection[str]) -> list[tuple[str, str]]:
        """Return crossings between the territories of two offices that touch none of these, those with the shortest way
        round first."""
        crossings = self.between(self.offices[left].territory, self.offices[entered].territory)
        others = [pair for pair in crossings if not {left, entered, *but} & set(pair)]
        return sorted(others, key=lambda pair: (self.km(left, pair[0]), pair))[:NEAREST]

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


@dataclass(frozen=True, slots=True)
class Fleet:
    """The tables that a lorry's freight is drawn from."""

    holders: Mapping[str, Sequence[tables.HolderRow]]
    patterns: Mapping[tuple[str, str], tables.PlatePattern]
    goods: Sequence[tables.SampleGoods]

    @classmethod
    def read(cls) -> "Fleet":
        holders: dict[str, list[tables.HolderRow]] = {}
        for holder in tables.holder_rows():
            holders.setdefault(holder.country, []).append(holder)
        patterns = {(pattern.country, pattern.kind): pattern for pattern in tables.plate_patterns()}
        return cls(holders, patterns, tables.sample_goods())

    def draw(self, calls: Sequence[Call], countries: Sequence[str], goods: Goods, rng: Random) -> Freight:
        """Return the freight for these stops, through these countries in the order of travel."""
        holder = self._holder(countries, rng)
        kinds = (UnitKind.TRACTOR, UnitKind.TRAILER) if goods is Goods.CONTAINERS else one_of(TRAINS, rng)
        routes = _routes(calls, rng)
        containers = (
            tuple(_container(rng) for _ in routes[:MOST_CONTAINERS]) if goods is Goods.CONTAINERS else ()
        )
        excise = self._excise(rng) if goods is Goods.COUNTED and len(routes) == 1 else None
        return Freight(
            holder=holder.reference,
            association=holder.id_association,
            plates=tuple(self.plate(holder.country, kind, rng) for kind in kinds),
            containers=containers,
            consignments=self._consignments(routes, goods, containers, excise, rng),
            is_excise=excise is not None,
            is_heavy=goods is Goods.HEAVY,
        )

    def plate(self, country: str, kind: UnitKind, rng: Random) -> Plate:
        pattern = self.patterns[country, UnitKind.TRAILER if kind is UnitKind.TRAILER else UnitKind.TRACTOR]
        certificate = f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}-{rng.randint(100, 999)}/{country}"
        return Plate(_spelt(pattern, rng), country, certificate, kind)

    def _holder(self, countries: Sequence[str], rng: Random) -> tables.HolderRow:
        weights = [FROM_START, *[FROM_THE_WAY] * (len(countries) - 2), FROM_END]
        return rng.choice(self.holders[rng.choices(countries, weights)[0]])

    def _excise(self, rng: Random) -> tables.SampleGoods | None:
        """Excise goods travel alone, under their own kind of carnet."""
        drawn = rng.choice(self.goods)
        return drawn if drawn.is_sensitive else None

    def _consignments(
        self,
        routes: Sequence[tuple[int, int]],
        goods: Goods,
        containers: Sequence[str],
        excise: tables.SampleGoods | None,
        rng: Random,
    ) -> tuple[FreightConsignment, ...]:
        """One or two lines each, all sharing the lorry."""
        made = []
        for index, (load, unload) in enumerate(routes):
            drawn = [excise] if excise else self._lines(goods, index, len(routes), rng)
            lines = tuple(_line(each, len(drawn) * len(routes), rng) for each in drawn)
            container = containers[index % len(containers)] if containers else ""
            made.append(FreightConsignment(load, unload, lines, container))
        return tuple(made)

    def _lines(self, goods: Goods, index: int, consignments: int, rng: Random) -> list[tables.SampleGoods]:
        bulk = [each for each in self.goods if each.is_bulk]
        counted = [each for each in self.goods if not each.is_bulk and not each.is_sensitive]
        if goods is Goods.BULK:
            return [rng.choice(bulk)]
        if goods is Goods.MIXED and consignments == 1:
            return [rng.choice(bulk), rng.choice(counted)]
        if goods is Goods.MIXED and index % 2:
            return [rng.choice(bulk)]
        return rng.sample(counted, rng.choice((1, 1, 2)))


@dataclass(frozen=True, slots=True)
class Region:
    """Where journeys are made, and by whom."""

    roads: Roads
    fleet: Fleet

    @classmethod
    def read(cls) -> "Region":
        return cls(Roads.read(), Fleet.read())


def draw_seals(country: str, rng: Random) -> tuple[str, ...]:
    return tuple(
        f"{country}-{number}" for number in rng.sample(range(100_000, 1_000_000), rng.choice((1, 2, 2)))
    )


def minutes(hours: float) -> timedelta:
    """Return a length of time as stamps state it: in whole minutes."""
    return timedelta(minutes=round(hours * 60))


def _partners(crossings: Iterable[tables.CrossingRow]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for crossing in crossings:
        for one, other in (
            (crossing.office_a, crossing.office_b),
            (crossing.office_b, crossing.office_a),
        ):
            found[one] = found.get(one, frozenset()) | {other}
    return found


def _routes(calls: Sequence[Call], rng: Random) -> list[tuple[int, int]]:
    """Return where each consignment is loaded and unloaded: one along the whole way, and what gives every other load
    and unload some goods."""
    loads = [i for i, call in enumerate(calls, start=1) if call.does is StopAction.LOAD]
    unloads = [i for i, call in enumerate(calls, start=1) if call.does is StopAction.UNLOAD]
    routes = [(loads[0], unloads[-1])]
    routes += [(load, rng.choice(unloads)) for load in loads[1:]]
    served = {unload for _load, unload in routes}
    return routes + [(rng.choice(loads), unload) for unload in unloads if unload not in served]


def _line(goods: tables.SampleGoods, shares: int, rng: Random) -> FreightLine:
    packages = max(rng.randint(goods.packages_min, goods.packages_max) // shares, 2)
    mass = packages * goods.gross_kg_per_package
    count = None if goods.is_bulk else packages
    return FreightLine(goods.description_en, goods.hs_code, goods.package_kind, count, mass)


def _spelt(pattern: tables.PlatePattern, rng: Random) -> str:
    """Return a registration that looks as the pattern says: {d3} is three digits, {L2} two of its letters."""

    def drawn(part: Match[str]) -> str:
        signs = "0123456789" if part[1] == "d" else pattern.letters
        return "".join(rng.choices(signs, k=int(part[2])))

    return sub(r"\{([dL])(\d)\}", drawn, pattern.pattern)


def _container(rng: Random) -> str:
    number = f"{rng.choice(CONTAINER_OWNERS)}{rng.randint(100_000, 999_999)}"
    return f"{number}{iso6346.calc_check_digit(number)}"
