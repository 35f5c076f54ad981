"""Who carries what on which lorry: drawn from the reference tables. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from re import Match, sub

from stdnum import iso6346

from checkpoints.reference import tables

CONTAINER_SHARE = 0.15
CONTAINER_OWNERS = (
    "TXGU",
    "KZTU",
    "UZTU",
    "CASU",
)  # made up: no such prefixes are registered to our knowledge
FROM_START, FROM_END, FROM_THE_WAY = 6, 3, 1  # how often a holder is at home where


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the goods manifest."""

    description: str
    hs_code: str
    package_kind: str
    packages: int
    gross_mass_kg: Decimal


@dataclass(frozen=True, slots=True)
class Plate:
    registration: str
    country: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Load:
    """The holder, the road vehicles, and the goods of one transport."""

    holder: str
    association: str
    plates: tuple[Plate, ...]
    containers: tuple[str, ...]
    goods: tuple[Line, ...]
    is_excise: bool

    @property
    def packages(self) -> int:
        return sum(line.packages for line in self.goods)

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

    def draw(self, countries: Sequence[str], rng: Random) -> Load:
        """Return a load for a route through these countries, in the order of travel."""
        holder = self._holder(countries, rng)
        plates = tuple(self.plate(holder.country, kind, rng) for kind in ("tractor", "trailer"))
        goods, is_excise = self._goods(rng)
        containers = (_container(rng),) if rng.random() < CONTAINER_SHARE else ()
        return Load(holder.reference, holder.id_association, plates, containers, goods, is_excise)

    def plate(self, country: str, kind: str, rng: Random) -> Plate:
        registration = _spelt(self.patterns[country, kind], rng)
        certificate = f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}-{rng.randint(100, 999)}/{country}"
        return Plate(registration, country, certificate)

    def _holder(self, countries: Sequence[str], rng: Random) -> tables.Holder:
        weights = [FROM_START, *[FROM_THE_WAY] * (len(countries) - 2), FROM_END]
        return rng.choice(self.holders[rng.choices(countries, weights)[0]])

    def _goods(self, rng: Random) -> tuple[tuple[Line, ...], bool]:
        """One or two lines that share the lorry; excise goods travel alone, under their own kind of carnet."""
        first = rng.choice(self.goods)
        if first.is_sensitive or rng.random() < 0.7:  # noqa: PLR2004
            return (_line(first, 1, rng),), first.is_sensitive
        others = [good for good in self.goods if not good.is_sensitive and good != first]
        return (_line(first, 2, rng), _line(rng.choice(others), 2, rng)), False


def _line(goods: tables.Goods, shares: int, rng: Random) -> Line:
    packages = max(rng.randint(goods.packages_min, goods.packages_max) // shares, 2)
    mass = packages * goods.gross_kg_per_package
    return Line(goods.description_en, goods.hs_code, goods.package_kind, packages, mass)


def _spelt(pattern: tables.PlatePattern, rng: Random) -> str:
    """Return a registration that looks as the pattern says: {d3} is three digits, {L2} two of its letters."""

    def drawn(part: Match[str]) -> str:
        signs = "0123456789" if part[1] == "d" else pattern.letters
        return "".join(rng.choices(signs, k=int(part[2])))

    return sub(r"\{([dL])(\d)\}", drawn, pattern.pattern)


def _container(rng: Random) -> str:
    number = f"{rng.choice(CONTAINER_OWNERS)}{rng.randint(100_000, 999_999)}"
    return f"{number}{iso6346.calc_check_digit(number)}"
