"""Terminations for the association, the minute they are recorded: new ones, and those taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from carnets.choices import OfficeRole
from carnets.projection.plan import Plan
from checkpoints.annex10.records import (
    TERMINATION_PAGES,
    Record,
    TerminationEnding,
    TerminationRecords,
    cancelling,
    record_of,
    stamps_by_carnet,
)
from checkpoints.evidence import reading
from checkpoints.evidence.reading import StampRow
from checkpoints.models import Stamp


@dataclass(frozen=True, slots=True)
class Termination:
    """One row of the list: a stamp, its record, and whether it stands on its page today."""

    stamp: Stamp
    record: Record
    stands: bool


def terminations(*, with_exits: bool = False) -> QuerySet[Stamp]:
    """Return the stamps that certify a termination at an office of destination, and on request those at exits and
    loads, with those that took one back.

    A cancellation that is not the office's own takes nothing back, and is left out. What an office was is as it was
    recorded; what its termination ends is worked out in `terminations_with_records`.
    """
    ended = {} if with_exits else {"role": OfficeRole.DESTINATION}
    taken_back = Stamp.objects.filter(
        pk=OuterRef("cancels"),
        cancels=None,
        carnet=OuterRef("carnet"),
        page=OuterRef("page"),
        office=OuterRef("office"),
        **ended,
    )
    stands = Q(cancels=None, **ended)
    return Stamp.objects.filter(stands | Q(Exists(taken_back)), page__in=TERMINATION_PAGES).select_related(
        "carnet__holder", "carnet__association", "office"
    )


def terminations_with_records(stamps: Sequence[Stamp]) -> list[Termination]:
    """Return the stamps with their records, by all stamps of their carnets; a few statements for however many."""
    carnets = reading.carnets({stamp.carnet.number for stamp in stamps}, lock=False)
    plans = {carnet.id: carnet.plan for carnet in carnets.values()}
    accounts = {
        carnet_id: _account(plans[carnet_id], rows) for carnet_id, rows in stamps_by_carnet(list(plans))
    }
    return [_termination(stamp, accounts[stamp.carnet_id]) for stamp in stamps]


@dataclass(frozen=True, slots=True)
class _Account:
    """One carnet's terminations at the end of its ledger, and what each termination ended when it last stood."""

    terminations: TerminationRecords
    last: dict[UUID, TerminationEnding]


def _account(plan: Plan, rows: Iterable[StampRow]) -> _Account:
    account = _Account(TerminationRecords(plan), {})
    for row in rows:
        account.last.update((change.row["id"], change.ending) for change in account.terminations.add(row))
    return account


def _termination(stamp: Stamp, account: _Account) -> Termination:
    terminations, number = account.terminations, stamp.carnet.number
    row = terminations.rows[stamp.cancels or stamp.pk]
    record = record_of(row, number, account.last.get(row["id"]) or terminations.ending_of(row))
    if stamp.cancels is not None:
        return Termination(stamp, cancelling(record, stamp.cancel_reason), stands=False)
    standing = terminations.standing.get(stamp.page)
    return Termination(stamp, record, stands=standing is not None and standing[0] == stamp.pk)
