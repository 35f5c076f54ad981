"""What issuing fixed about a carnet, as plain facts: stops and the pairs between them, consignments, units."""

from dataclasses import field
from datetime import timedelta
from decimal import Decimal

from carnets.choices import OfficeRole, StopAction, UnitKind
from carnets.itinerary import ROLES
from guarantees.clocks import Schedule
from tir.kernel.values import value


@value
class PlannedStop:
    """An office by its code, and what the lorry does there."""

    position: int
    office: str
    does: StopAction

    @property
    def role(self) -> OfficeRole:
        return ROLES[self.does]


@value
class PlannedLeg:
    """One operation as issued: between two neighbouring stops of one territory."""

    start: PlannedStop
    end: PlannedStop
    territory_id: int

    @property
    def roles(self) -> tuple[OfficeRole, OfficeRole]:
        """The roles in which its two pages are certified, as planned."""
        return self.start.role, self.end.role


@value
class PlannedConsignment:
    """Goods loaded at one stop and unloaded at another; `packages` counts what can be counted, `None`: nothing can."""

    load: int
    unload: int
    packages: int | None
    mass_kg: Decimal = Decimal(0)
    units: frozenset[str] = frozenset()


@value
class Unit:
    """A vehicle or container of the carnet; `name` is its common form."""

    name: str
    kind: str = UnitKind.RIGID

    @property
    def may_change(self) -> bool:
        """Whether it may be exchanged under way without a word: a tractor before a sealed trailer."""
        return self.kind == UnitKind.TRACTOR


@value
class Practices:
    """What a territory does where the Convention sets no number: transit days, tolerance of mass in per mille, and its
    dated clocks for the longest time offline and the longest time limit."""

    transit_days: int = 10
    grace_hours: int = 24
    mass_tolerance: int = 20
    longest_offline: Schedule = Schedule()
    longest_time_limit: Schedule = Schedule()
    suspension: Schedule = Schedule()
    reports: bool = True  # its offices record here; where they do not, no stamp is missing

    @property
    def grace(self) -> timedelta:
        """How much after a time limit is a minor delay (art. 39)."""
        return timedelta(hours=self.grace_hours)


USUAL = Practices()


@value
class Plan:
    """What issuing fixed. `is_presented`: the carnet came from elsewhere, and the first office that sees it takes over
    what the paper says. `practices` are by territory."""

    legs: tuple[PlannedLeg, ...]
    consignments: tuple[PlannedConsignment, ...] = ()
    units: tuple[Unit, ...] = ()
    plates: tuple[str, ...] = ()  # as typed
    vouchers: int = 20
    is_sealed: bool = True  # goods under seal; heavy or bulky goods need none (art. 29)
    is_presented: bool = False
    is_over: bool = False  # the association has the carnet back and has checked it
    is_backdated: bool = False
    practices: dict[int, Practices] = field(default_factory=dict)

    @property
    def has_count(self) -> bool:
        """Whether any line of the manifest can be counted."""
        return any(consignment.packages is not None for consignment in self.consignments)

    def practice(self, territory_id: int) -> Practices:
        return self.practices.get(territory_id, USUAL)
