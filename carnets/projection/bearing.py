"""Who bears an operation, from when: the row's liability follows the evidence, and the ledger says so (art. 8(4)).

Borne by the association of the country whose office accepted the carnet or saw it enter, from that instant. Once
customs have notified or claimed, stamps no longer move it: a claim decides (art. 8(1), 37).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from carnets.choices import LiabilityStatus, OperationStatus
from carnets.projection.facts import OperationFacts
from carnets.projection.record import CarnetOnRecord, OperationOnRecord
from carnets.vouchers import start_page
from guarantees import exposure
from guarantees.choices import EntryKind

ENTRY_COLUMNS = (
    "association", "guarantee", "carnet_number", "page", "kind", "amount", "currency", "at", "recorded_at",
    "cause",
)  # fmt: skip
NOBODY = (None, Decimal(0), None)


def follow(
    carnet: CarnetOnRecord,
    row: OperationOnRecord,
    before: OperationFacts | None,
    facts: OperationFacts,
    at: datetime,
) -> list[Sequence[Any]]:
    """Move the row's liability from what the evidence said before to what it says now, and return the ledger entries
    that say so.

    A discharge that lost one of its records is taken back here, for PostgreSQL lets none stand without both. It is
    borne again from then on and not from the start: up to the discharge it was borne already, and then by nobody.
    """
    row.follow_place(facts)
    if facts.status == OperationStatus.DISCHARGED:
        return []
    if row.discharged_at is not None:
        row.discharged_at, row.reopened_at = None, at
        row.liability, row.liability_ended_by = LiabilityStatus.NONE, ""
    if not row.is_moved_by_stamps or _was_moved(carnet, row, before):
        return []
    return _move(carnet, row, facts, at)


def _move(
    carnet: CarnetOnRecord, row: OperationOnRecord, facts: OperationFacts, at: datetime
) -> list[Sequence[Any]]:
    cover, begins = _cover(carnet, facts), _begins(row, facts)
    held = (row.guarantor_id, row.borne, row.borne_from) if row.borne else NOBODY
    wanted = (cover.association_id, cover.amount, begins) if cover else NOBODY
    if held == wanted:
        return []
    entries = []
    if row.borne:
        entries.append(_entry(carnet, row, EntryKind.RELIEVED, -row.borne, at, cause="start_withdrawn"))
    row.guarantor_id, row.borne, row.borne_from = wanted
    row.borne_currency = cover.currency if cover else ""
    row.liability = LiabilityStatus.BORNE if row.borne else LiabilityStatus.NONE
    if row.borne:
        cause = "reopened" if begins == row.reopened_at else "started"
        entries.append(_entry(carnet, row, EntryKind.BORNE, row.borne, at, cause=cause))
    return entries


def _was_moved(carnet: CarnetOnRecord, row: OperationOnRecord, before: OperationFacts | None) -> bool:
    """Whether customs of another country of the union established the irregularity: it is borne by another association
    than the stamps said, so a claim has moved it, and no stamp moves it back."""
    stood = _cover(carnet, before) if row.borne and before is not None else None
    return stood is not None and row.guarantor_id != stood.association_id


def _begins(row: OperationOnRecord, facts: OperationFacts) -> datetime | None:
    begins = facts.start.at or facts.termination.at
    if begins is not None and row.reopened_at is not None:
        return max(begins, row.reopened_at)
    return begins


def _cover(carnet: CarnetOnRecord, facts: OperationFacts) -> exposure.Cover | None:
    accepted = facts.start if facts.start.at is not None else facts.termination
    if accepted.day is None or carnet.guarantee_id is None:
        return None
    return exposure.cover_in(
        country=accepted.country, amount=carnet.amount, currency=carnet.currency, on=accepted.day
    )


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
        start_page(row.sequence),
        kind,
        amount,
        row.borne_currency,
        row.borne_from,
        at,
        cause,
    )
