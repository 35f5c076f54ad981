"""Terminations for the association, the minute they are recorded: new ones, and those taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from carnets.choices import OfficeRole
from carnets.models import TirOperation
from checkpoints.annex10.records import Record, cancelling, record_of
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
    """Return the stamps at offices of destination, and on request at exits, with those that took one back.

    A cancellation that is not the office's own takes nothing back, and is left out.
    """
    roles = (OfficeRole.DESTINATION, OfficeRole.EXIT) if with_exits else (OfficeRole.DESTINATION,)
    taken_back = Stamp.objects.filter(
        pk=OuterRef("cancels"),
        cancels=None,
        carnet=OuterRef("carnet"),
        page=OuterRef("page"),
        office=OuterRef("office"),
    )
    return Stamp.objects.filter(Q(cancels=None) | Q(Exists(taken_back)), role__in=roles).select_related(
        "carnet__holder", "carnet__association", "office"
    )


def described(stamps: Sequence[Stamp]) -> list[Termination]:
    """Return the stamps with their records, two statements for however many."""
    targets = reading.stamp_rows([stamp.cancels for stamp in stamps if stamp.cancels])
    standing: set[UUID | None] = set(
        TirOperation.objects.filter(
            carnet_id__in={stamp.carnet_id for stamp in stamps}, termination_stamp__isnull=False
        ).values_list("termination_stamp", flat=True)
    )
    return [
        Termination(stamp, _record(stamp, targets), stamp.cancels is None and stamp.pk in standing)
        for stamp in stamps
    ]


def _record(stamp: Stamp, targets: dict[UUID, StampRow]) -> Record:
    number = stamp.carnet.number
    if stamp.cancels is None:
        return record_of(_row(stamp), number)
    return cancelling(record_of(targets[stamp.cancels], number), stamp.cancel_reason)


def _row(stamp: Stamp) -> StampRow:
    return {name: getattr(stamp, name) for name in reading.STAMP_COLUMNS}
