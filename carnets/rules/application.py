"""What an association asks to issue, resolved against the registers: the case that the rules of issuing judge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from carnets.choices import CarnetKind, UnitKind
from carnets.itinerary import ItineraryStop, legs_of
from guarantees.clocks import Period
from guarantees.models import Association, Guarantee, Holder


@dataclass(frozen=True, slots=True)
class PlannedOffice:
    """What issuing needs to know of a customs office; the register itself is in `checkpoints`."""

    code: str
    country: str
    territory: str
    territory_id: int
    roles: frozenset[str]


PlannedStops = Sequence[ItineraryStop[PlannedOffice]]


@dataclass(frozen=True, slots=True)
class DeclaredVehicle:
    """A vehicle as declared; the certificate of approval only where the law asks for one."""

    registration: str
    country: str
    approval_certificate: str = ""
    approval_expires: date | None = None
    kind: str = UnitKind.RIGID


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    """A goods line; `packages` is `None` for bulk and 0 for what is packed with another line; masses in kilograms."""

    description: str
    packages: int | None
    package_kind: str
    gross_mass_kg: Decimal
    hs_code: str = ""
    marks: str = ""
    net_mass_kg: Decimal | None = None
    un_numbers: tuple[str, ...] = ()
    equipment: str = ""
    field: str = "goods"  # where the line stands in what was sent, to name it in an error


@dataclass(frozen=True, slots=True)
class DeclaredDocument:
    kind: str
    number: str
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives a consignment."""

    name: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredConsignment:
    """Goods loaded at one stop and unloaded at another, by position of the stop."""

    load: int
    unload: int
    goods: tuple[DeclaredGoods, ...]
    reference: str = ""
    consignor: Party = Party()
    consignee: Party = Party()
    documents: tuple[DeclaredDocument, ...] = ()

    @property
    def packages(self) -> int | None:
        """What can be counted; `None` where nothing can."""
        counts = [line.packages for line in self.goods if line.packages is not None]
        return sum(counts) if any(counts) else None


@dataclass(frozen=True, slots=True)
class Quota:
    """How many carnets a holder may have out, and has: `allowed` is the quota less what open notifications of
    non-discharge cost, `None` when the association set none."""

    allowed: int | None
    outstanding: int
    set_to: int | None = None
    open_notifications: int = 0

    @property
    def is_used_up(self) -> bool:
        return self.allowed is not None and self.outstanding >= self.allowed


NO_QUOTA = Quota(allowed=None, outstanding=0)


@dataclass(frozen=True, slots=True)
class Application:
    """What an association asks to issue, resolved against the registers."""

    association: Association
    holder: Holder
    guarantee: Guarantee
    vouchers: int
    acceptance_until: date
    vehicles: Sequence[DeclaredVehicle]
    stops: PlannedStops
    consignments: Sequence[DeclaredConsignment]
    containers: Sequence[str] = ()
    number: str | None = None
    kind: str = CarnetKind.ORDINARY
    is_heavy_or_bulky: bool = False
    continues: str = ""
    is_backdated: bool = False
    excluded_in: frozenset[str] = frozenset()  # countries of the route that exclude the holder on `issued_on`
    issued_on: date = date.min  # the day at the association
    acceptance: Period = field(
        default_factory=Period
    )  # from, and not counting, the day of issue, by the clock then
    quota: Quota = NO_QUOTA

    @property
    def legs(self) -> list[tuple[ItineraryStop[PlannedOffice], ItineraryStop[PlannedOffice]]]:
        """The planned operations, each from one stop to the next."""
        return legs_of(self.stops)

    @property
    def goods(self) -> Iterator[DeclaredGoods]:
        """Every line of every consignment."""
        return (line for consignment in self.consignments for line in consignment.goods)
