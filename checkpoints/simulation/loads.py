"""Who carries what on which lorry: drawn from the reference tables. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from re import Match, sub

from stdnum import iso6346

from carnets.choices import StopAction, UnitKind
from checkpoints.reference import tables
from checkpoints.simulation.shapes import Goods, one_of
from checkpoints.simulation.stops import Call

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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the goods manifest; bulk has no number of packages."""

    description: str
    hs_code: str
    package_kind: str
    packages: int | None
    gross_mass_kg: Decimal


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods loaded at one stop and unloaded at another, by position of the stop; on a flatbed in a container."""

    load: int
    unload: int
    goods: tuple[Line, ...]
    container: str = ""

    @property
    def packages(self) -> int | None:
        """What can be counted; nothing where no line can."""
        counts = [line.packages for line in self.goods if line.packages is not None]
        return sum(counts) if counts else None

    @property
    def mass_kg(self) -> Decimal:
        return sum((line.gross_mass_kg for line in self.goods), Decimal(0))


@dataclass(frozen=True, slots=True)
class Plate:
    registration: str
    country: str
    certificate: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Load:
    """The holder, the road vehicles, and the goods of one transport."""

    holder: str
    association: str
    plates: tuple[Plate, ...]
    containers: tuple[str, ...]
    consignments: tuple[Consignment, ...]
    is_excise: bool = False
    is_heavy: bool = False

    @property
    def packages(self) -> int | None:
        """All that can be counted."""
        counts = [each.packages for each in self.consignments if each.packages is not None]
        return sum(counts) if counts else None

    @property
    def registrations(self) -> tuple[str, ...]:
        return tuple(plate.registration for plate in self.plates)


@dataclass(frozen=True, slots=True)
class Fleet:
    """The tables a load is drawn from."""

    holders: Mapping[str, Sequence[tables.Holder]]
    patterns: Mapping[tuple[str, str], tables.PlatePattern]
    goods: Sequence[tables.Goods]

    @classmethod
    def read(cls) -> "Fleet":
        holders: dict[str, list[tables.Holder]] = {}
        for holder in tables.holders():
            holders.setdefault(holder.country, []).append(holder)
        patterns = {(pattern.country, pattern.kind): pattern for pattern in tables.plate_patterns()}
        return cls(holders, patterns, tables.goods())

    def draw(self, calls: Sequence[Call], countries: Sequence[str], goods: Goods, rng: Random) -> Load:
        """Return a load for these stops, through these countries in the order of travel."""
        holder = self._holder(countries, rng)
        kinds = (UnitKind.TRACTOR, UnitKind.TRAILER) if goods is Goods.CONTAINERS else one_of(TRAINS, rng)
        routes = _routes(calls, rng)
        containers = (
            tuple(_container(rng) for _ in routes[:MOST_CONTAINERS]) if goods is Goods.CONTAINERS else ()
        )
        excise = self._excise(rng) if goods is Goods.COUNTED and len(routes) == 1 else None
        return Load(
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

    def _holder(self, countries: Sequence[str], rng: Random) -> tables.Holder:
        weights = [FROM_START, *[FROM_THE_WAY] * (len(countries) - 2), FROM_END]
        return rng.choice(self.holders[rng.choices(countries, weights)[0]])

    def _excise(self, rng: Random) -> tables.Goods | None:
        """Excise goods travel alone, under their own kind of carnet."""
        drawn = rng.choice(self.goods)
        return drawn if drawn.is_sensitive else None

    def _consignments(
        self,
        routes: Sequence[tuple[int, int]],
        goods: Goods,
        containers: Sequence[str],
        excise: tables.Goods | None,
        rng: Random,
    ) -> tuple[Consignment, ...]:
        """One or two lines each, all sharing the lorry."""
        made = []
        for index, (load, unload) in enumerate(routes):
            drawn = [excise] if excise else self._lines(goods, index, len(routes), rng)
            lines = tuple(_line(each, len(drawn) * len(routes), rng) for each in drawn)
            container = containers[index % len(containers)] if containers else ""
            made.append(Consignment(load, unload, lines, container))
        return tuple(made)

    def _lines(self, goods: Goods, index: int, consignments: int, rng: Random) -> list[tables.Goods]:
        bulk = [each for each in self.goods if each.is_bulk]
        counted = [each for each in self.goods if not each.is_bulk and not each.is_sensitive]
        if goods is Goods.BULK:
            return [rng.choice(bulk)]
        if goods is Goods.MIXED and consignments == 1:
            return [rng.choice(bulk), rng.choice(counted)]
        if goods is Goods.MIXED and index % 2:
            return [rng.choice(bulk)]
        return rng.sample(counted, rng.choice((1, 1, 2)))


def _routes(calls: Sequence[Call], rng: Random) -> list[tuple[int, int]]:
    """Return where each consignment is loaded and unloaded: one along the whole way, and what gives every other load
    and unload some goods."""
    loads = [i for i, call in enumerate(calls, start=1) if call.does is StopAction.LOAD]
    unloads = [i for i, call in enumerate(calls, start=1) if call.does is StopAction.UNLOAD]
    routes = [(loads[0], unloads[-1])]
    routes += [(load, rng.choice(unloads)) for load in loads[1:]]
    served = {unload for _load, unload in routes}
    return routes + [(rng.choice(loads), unload) for unload in unloads if unload not in served]


def _line(goods: tables.Goods, shares: int, rng: Random) -> Line:
    packages = max(rng.randint(goods.packages_min, goods.packages_max) // shares, 2)
    mass = packages * goods.gross_kg_per_package
    count = None if goods.is_bulk else packages
    return Line(goods.description_en, goods.hs_code, goods.package_kind, count, mass)


def _spelt(pattern: tables.PlatePattern, rng: Random) -> str:
    """Return a registration that looks as the pattern says: {d3} is three digits, {L2} two of its letters."""

    def drawn(part: Match[str]) -> str:
        signs = "0123456789" if part[1] == "d" else pattern.letters
        return "".join(rng.choices(signs, k=int(part[2])))

    return sub(r"\{([dL])(\d)\}", drawn, pattern.pattern)


def _container(rng: Random) -> str:
    number = f"{rng.choice(CONTAINER_OWNERS)}{rng.randint(100_000, 999_999)}"
    return f"{number}{iso6346.calc_check_digit(number)}"
