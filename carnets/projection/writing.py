"""Writing what the stamps add up to: operation facts, the carnet's status, and whose liability begins.

The only writer of the projected columns. It compares what the evidence said before with what it says now and writes
the operations that differ, so a stamp costs one statement a table whether one carnet changed or five hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from carnets.choices import Control, OperationStatus
from carnets.models import Carnet, ReopenedDischarge, TirOperation
from carnets.projection.facts import OperationFacts, Plan, SideFacts, carnet_status
from guarantees import exposure
from guarantees.choices import EntryKind
from guarantees.clocks import Schedule
from guarantees.models import LiabilityEntry
from tir.kernel.bulk import Writes


@dataclass(slots=True)
class OperationOnRecord:
    """An operation as it stands in its row, but for the facts that the evidence gives."""

    id: int
    sequence: int
    territory_id: int
    territory: str
    country: str
    planned_start: str
    planned_end: str
    start_role: str
    termination_role: str
    status: str
    default_transit_days: int
    grace_hours: int
    guarantor_id: int | None
    borne: Decimal
    borne_currency: str
    borne_from: datetime | None
    discharged_at: datetime | None
    reopened_at: datetime | None  # when a discharge was last taken back
    suspension: Schedule  # how long a transport may be suspended after this operation (art. 26)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A country that excludes the holder from TIR, from the first day up to, not including, the last (art. 38)."""

    country: str
    valid_from: date
    valid_to: date | None

    def covers(self, country: str, day: date) -> bool:
        return (
            self.country == country
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )


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
    packages: int
    plates: list[str]
    issued_at: datetime
    acceptance_until: Any
    amount: Decimal
    currency: str
    is_returned: bool
    has_reports: bool
    latest_sequence: int
    latest_hash: bytes
    reconcile_at: datetime | None
    guarantee_id: int
    guarantee: str
    guarantee_valid_from: Any
    guarantee_valid_to: Any
    holder: str
    holder_name: str
    holder_status: str
    holder_authorised_from: Any
    association_id: int
    countries: list[str]
    exclusions: list[Exclusion]
    approval_until: Any
    operations: list[OperationOnRecord] = field(default_factory=list)
    plan: Plan | None = None


SIDE_COLUMNS = tuple(f.name for f in fields(SideFacts) if f.name not in ("at", "country"))
START_FACTS = ("time_limit_at", "prescribed_route")
TERMINATION_FACTS = ("packages_expected", "packages", "reservation", "is_partial", "is_suspended")
START_COLUMNS = (*(f"start_{name}" for name in SIDE_COLUMNS), "started_at", "start_partners", *START_FACTS)
TERMINATION_COLUMNS = (*(f"termination_{name}" for name in SIDE_COLUMNS), "terminated_at", *TERMINATION_FACTS)
LIABILITY_COLUMNS = (
    "status", "country", "guarantor", "borne", "borne_currency", "borne_from", "discharged_at",
)  # fmt: skip
CARNET_COLUMNS = ("status", "control", "latest_sequence", "latest_hash", "has_reports", "reconcile_at")
ENTRY_COLUMNS = (
    "association", "guarantee", "carnet_number", "page", "kind", "amount", "currency", "at", "recorded_at",
    "cause",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One carnet whose evidence grew: what it said before, and what it says now."""

    carnet: CarnetOnRecord
    before: Sequence[OperationFacts]
    after: Sequence[OperationFacts]


def with_discharges(carnet: CarnetOnRecord, facts: Sequence[OperationFacts]) -> list[OperationFacts]:
    """Keep a discharge on record while both its records stand; reconciliation examines it again."""
    return [
        replace(new, status=OperationStatus.DISCHARGED)
        if row.discharged_at and new.start.at and new.termination.at
        else new
        for row, new in zip(carnet.operations, facts, strict=True)
    ]


def write(changes: Sequence[Change], writes: Writes, *, at: datetime) -> None:
    """Write the projection of every changed carnet and the liability that begins or ends with it (art. 8(4))."""
    entries: list[Sequence[Any]] = []
    rows: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    reopened = []
    for change in changes:
        carnet = change.carnet
        was, facts = with_discharges(carnet, change.before), with_discharges(carnet, change.after)
        for row, old, new in zip(carnet.operations, was, facts, strict=True):
            if old != new:
                if row.discharged_at and new.status != OperationStatus.DISCHARGED:
                    reopened.append(_reopened(row, at))
                entries += _liability(carnet, row, new, at)
                columns, values = _operation_row(row, old, new)
                rows.setdefault(columns, []).append(values)
        if carnet.control == Control.EXPIRED and any(fact.has_evidence for fact in facts):
            carnet.control = Control.NONE  # it was in use all the time: its stamps came late
        carnet.status = carnet_status(facts, control=carnet.control, is_returned=carnet.is_returned)

    for columns, some in rows.items():
        writes.update(TirOperation, columns, some)
    writes.update(Carnet, CARNET_COLUMNS, [_carnet_row(change.carnet, at) for change in changes])
    writes.insert(LiabilityEntry, ENTRY_COLUMNS, entries)
    writes.send()
    ReopenedDischarge.objects.bulk_create(reopened)


def _reopened(row: OperationOnRecord, at: datetime) -> ReopenedDischarge:
    assert row.discharged_at is not None  # noqa: S101
    return ReopenedDischarge(
        operation_id=row.id, discharged_at=row.discharged_at, reopened_at=at, reason="stamp_cancelled"
    )


def _carnet_row(carnet: CarnetOnRecord, at: datetime) -> tuple[Any, ...]:
    """A carnet that is due already stays due as it was: the column is indexed, and a change of it is not free."""
    due = carnet.reconcile_at
    return (
        carnet.id,
        carnet.status,
        carnet.control,
        carnet.latest_sequence,
        carnet.latest_hash,
        carnet.has_reports,
        due if due is not None and due <= at else at,
    )


def _operation_row(
    row: OperationOnRecord, old: OperationFacts, new: OperationFacts
) -> tuple[tuple[str, ...], list[Any]]:
    """Return the columns to write, only of the side that changed, and the key with their values."""
    columns: tuple[str, ...] = LIABILITY_COLUMNS
    values: list[Any] = [
        row.id, new.status, row.country, row.guarantor_id, row.borne, row.borne_currency, row.borne_from,
        row.discharged_at,
    ]  # fmt: skip
    if _start_of(old) != _start_of(new):
        columns += START_COLUMNS
        values += [*_side_values(new.start), *_start_of(new)[1:]]
    if _termination_of(old) != _termination_of(new):
        columns += TERMINATION_COLUMNS
        values += [*_side_values(new.termination), *_termination_of(new)[1:]]
    return columns, values


def _start_of(facts: OperationFacts) -> tuple[Any, ...]:
    return (
        facts.start,
        facts.start.at,
        _as_list(facts.partners),
        facts.time_limit_at,
        facts.prescribed_route,
    )


def _termination_of(facts: OperationFacts) -> tuple[Any, ...]:
    said = (getattr(facts, name) for name in TERMINATION_FACTS)
    return (facts.termination, facts.termination.at, *said)


def _side_values(side: SideFacts) -> list[Any]:
    return [_as_list(getattr(side, name)) for name in SIDE_COLUMNS]


def _as_list(value: Any) -> Any:
    """psycopg2 writes a list as an array and a tuple as a row."""
    return list(value) if isinstance(value, tuple) else value


def _liability(
    carnet: CarnetOnRecord, row: OperationOnRecord, facts: OperationFacts, at: datetime
) -> list[Sequence[Any]]:
    """Move the row's liability to what the evidence says, and return the ledger entries that say so.

    Borne by the association of the country whose office accepted the carnet or saw it enter, from that instant.
    A discharge that lost one of its records is taken back here, for PostgreSQL lets none stand without both. It is
    borne again from then on and not from the start: up to the discharge it was borne already, and then by nobody.
    """
    row.country = facts.start.country or row.planned_start[:2]
    cover, begins = _cover(carnet, row, facts), facts.start.at or facts.termination.at
    if facts.status == OperationStatus.DISCHARGED:
        row.guarantor_id = cover.association_id if cover else None
        return []
    if row.discharged_at is not None:
        row.discharged_at, row.reopened_at = None, at
    if begins is not None and row.reopened_at is not None:
        begins = max(begins, row.reopened_at)
    held = (row.guarantor_id, row.borne, row.borne_from) if row.borne else (None, Decimal(0), None)
    wanted = (cover.association_id, cover.amount, begins) if cover else (None, Decimal(0), None)
    if held == wanted:
        return []
    entries = []
    if row.borne:
        entries.append(_entry(carnet, row, EntryKind.RELIEVED, -row.borne, at, cause="start_withdrawn"))
    row.guarantor_id, row.borne, row.borne_from = wanted
    row.borne_currency = cover.currency if cover else ""
    if row.borne:
        cause = "reopened" if begins == row.reopened_at else "started"
        entries.append(_entry(carnet, row, EntryKind.BORNE, row.borne, at, cause=cause))
    return entries


def _cover(carnet: CarnetOnRecord, row: OperationOnRecord, facts: OperationFacts) -> exposure.Cover | None:
    begins = facts.start.at or facts.termination.at
    if begins is None:
        return None
    return exposure.cover_in(country=row.country, amount=carnet.amount, currency=carnet.currency, on=begins.date())


def _entry(
    carnet: CarnetOnRecord,
    row: OperationOnRecord,
    kind: EntryKind,
    amount: Decimal,
    at: datetime,
    *,
    cause: str,
) -> Sequence[Any]:
    return (
        row.guarantor_id,
        carnet.guarantee_id,
        carnet.number,
        2 * row.sequence - 1,
        kind,
        amount,
        row.borne_currency,
        row.borne_from,
        at,
        cause,
    )
