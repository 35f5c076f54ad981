"""Who carries what on which lorry. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from carnets.choices import UnitKind


@dataclass(frozen=True, slots=True)
class FreightLine:
    """One line of the goods manifest; bulk has no number of packages."""

    description: str
    hs_code: str
    package_kind: str
    packages: int | None
    gross_mass_kg: Decimal


@dataclass(frozen=True, slots=True)
class FreightConsignment:
    """Goods loaded at one stop and unloaded at another, by position of the stop; on a flatbed in a container."""

    load: int
    unload: int
    goods: tuple[FreightLine, ...]
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
class Freight:
    """The holder, the road vehicles, and the goods of one transport."""

    holder: str
    association: str
    plates: tuple[Plate, ...]
    containers: tuple[str, ...]
    consignments: tuple[FreightConsignment, ...]
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
