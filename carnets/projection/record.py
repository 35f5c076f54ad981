"""A carnet as it stands in its rows, under its lock: what judging and writing need to know besides the evidence."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carnets.choices import LiabilityStatus
from carnets.projection.facts import OperationFacts
from carnets.projection.plan import Plan
from carnets.vouchers import is_start, operation_of
from tir.kernel.dated import DaySpan
from tir.kernel.values import value


@dataclass(slots=True)
class OperationOnRecord:
    """An operation as it stands in its row, but for the facts that the evidence gives."""

    id: int
    sequence: int
    territory_id: int
    country: str
    planned_territory_id: int | None = None
    planned_start: str = ""
    planned_end: str = ""
    status: str = "expected"
    liability: str = LiabilityStatus.NONE
    liability_ended_by: str = ""
    guarantor_id: int | None = None
    borne: Decimal = Decimal(0)
    borne_currency: str = ""
    borne_from: datetime | None = None
    discharged_at: datetime | None = None
    reopened_at: datetime | None = None  # when a discharge was last taken back

    def planned_office(self, page: int) -> str:
        """Return the office planned for a page of this operation; nothing beyond the plan."""
        return self.planned_start if is_start(page) else self.planned_end

    @property
    def is_moved_by_stamps(self) -> bool:
        """Whether stamps still decide who bears it: until customs notify, claim, or the liability has ended."""
        return self.liability in {LiabilityStatus.NONE, LiabilityStatus.BORNE}

    def follow_place(self, facts: OperationFacts) -> None:
        """Take over where the stamps are, or the plan where there are none."""
        country = facts.start.country or facts.termination.country or self.planned_start[:2]
        self.country = country or self.country
        self.territory_id = facts.territory_id or self.planned_territory_id or self.territory_id


@value
class Exclusion:
    """A country that excludes the holder from TIR, from the first day up to, not including, the last (art. 38)."""

    country: str
    valid_from: date
    valid_to: date | None

    def covers(self, countries: Collection[str], day: date) -> bool:
        """Whether it was decided by one of the countries and is in force on the day."""
        return self.country in countries and DaySpan(self.valid_from, self.valid_to).covers(day)


@dataclass(slots=True)
class CarnetOnRecord:
    """A carnet under its row lock, with what stamping needs to know around it."""

    id: int
    number: str
    status: str
    control: str
    control_at: datetime | None
    control_reason: str
    vouchers: int
    packages: int | None
    plates: list[str]
    issued_at: datetime
    is_backdated: bool
    acceptance_until: date
    amount: Decimal
    currency: str
    is_returned: bool
    has_events: bool
    latest_sequence: int
    latest_hash: bytes
    reconcile_at: datetime | None
    guarantee_id: int | None
    guarantee: str
    holder: str
    holder_name: str
    holder_status: str
    association_id: int | None
    countries: list[str]
    exclusions: list[Exclusion]
    approval_until: date | None
    plan: Plan
    operations: list[OperationOnRecord] = field(default_factory=list)

    @property
    def by_sequence(self) -> dict[int, OperationOnRecord]:
        return {row.sequence: row for row in self.operations}

    def operation(self, page: int) -> OperationOnRecord | None:
        """Return the row that a page belongs to; nothing for a page beyond the plan without a stamp yet."""
        sequence = operation_of(page)
        return next((row for row in self.operations if row.sequence == sequence), None)

    def add_operation(self, id: int, sequence: int, territory_id: int, country: str) -> None:
        """Add the row of a pair beyond the plan."""
        self.operations.append(OperationOnRecord(id, sequence, territory_id, country))
        self.operations.sort(key=lambda row: row.sequence)
