"""Making the daily files: once a day each, in order, never again.

A file holds what the day's recording changed, so a stamp that arrives late stands in the file of the day it was
recorded. What is due is found by comparing with what was sent, so a file can lose nothing and say nothing twice.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from carnets.models import Carnet
from checkpoints.annex10 import safetir
from checkpoints.annex10.records import (
    NEW,
    TERMINATION_ROLES,
    Change,
    Record,
    cancelling,
    changes_of,
    record_of,
)
from checkpoints.evidence import reading
from checkpoints.evidence.reading import STAMP_COLUMNS, StampRow
from checkpoints.models import SafetirFile, SafetirRecord, Stamp
from tir.kernel.errors import Refused

DAY = timedelta(days=1)
STRAGGLERS = timedelta(
    minutes=10
)  # a stamp takes its instant when its request begins, and is committed after that


class DayNotOver(Refused):
    """The day's file is made once its last stamp is committed, ten minutes after midnight UTC."""

    code = "day_not_over"


def make_files(*, upto: date, at: datetime) -> list[SafetirFile]:
    """Make every missing daily file up to `upto`, from the day after the latest one, or from the first stamp.

    A day is UTC's. Raises DayNotOver. Two at once make each file once.
    """
    if at < _end(upto) + STRAGGLERS:
        raise DayNotOver(
            _("The file of {day} can be made from {ready} UTC on.").format(
                day=upto, ready=f"{_end(upto) + STRAGGLERS:%Y-%m-%d %H:%M}"
            ),
            field="day",
            day=upto,
        )
    made, day = [], _first_missing()
    while day is not None and day <= upto:
        made.append(_make(day, at))
        day += DAY
    return made


def latest_day_over(at: datetime) -> date:
    """Return the last day whose file can be made."""
    return (at - STRAGGLERS).date() - DAY


def _first_missing() -> date | None:
    latest = SafetirFile.objects.order_by("-day").first()
    if latest is not None:
        return latest.day + DAY
    first: datetime | None = Stamp.objects.aggregate(first=Min("recorded_at"))["first"]
    return first.date() if first else None


def _end(day: date) -> datetime:
    return datetime.combine(day + DAY, time.min, tzinfo=UTC)


def _make(day: date, at: datetime) -> SafetirFile:
    try:
        with transaction.atomic():
            return _record(day, _due(day), at)
    except IntegrityError:  # another process has made it
        return SafetirFile.objects.get(day=day)


def _due(day: date) -> list[tuple[Change, str, int]]:
    """Return what the day's file has to say, in the order of the ledger: change, carnet number, association."""
    touched = Stamp.objects.filter(
        role__in=TERMINATION_ROLES, recorded_at__gte=_end(day) - 2 * DAY, recorded_at__lt=_end(day)
    ).values("carnet_id")
    carnets = {
        key: (number, association)
        for key, number, association in Carnet.objects.filter(pk__in=touched).values_list(
            "pk", "number", "association_id"
        )
    }
    sent = set(
        SafetirRecord.objects.filter(stamp__carnet__in=carnets).values_list("stamp_id", "cause_id", "update")
    )
    due = [
        (change, *carnets[carnet_id])
        for carnet_id, rows in _rows(list(carnets), before=_end(day))
        for change in changes_of(rows)
        if change.key not in sent
    ]
    return sorted(due, key=lambda item: item[0].cause["recorded_at"])


def _rows(carnet_ids: Sequence[int], *, before: datetime) -> Iterator[tuple[int, Iterator[StampRow]]]:
    """Yield the termination stamps of each carnet as they were recorded, so that a day is a prefix of the next."""
    stamps: QuerySet[Stamp] = Stamp.objects.filter(
        carnet_id__in=carnet_ids, role__in=TERMINATION_ROLES, recorded_at__lt=before
    ).order_by("carnet_id", "recorded_at", "sequence")
    yield from groupby(stamps.values(*STAMP_COLUMNS), key=itemgetter("carnet_id"))


def _record(day: date, due: Sequence[tuple[Change, str, int]], at: datetime) -> SafetirFile:
    records: list[Record] = []
    for change, number, _association in due:
        records.append(_content(change, number))
    text = safetir.write(records)
    file = SafetirFile.objects.create(
        day=day, made_at=at, count=len(records), sha256=sha256(text.encode()).digest()
    )
    SafetirRecord.objects.bulk_create(
        SafetirRecord(
            file=file,
            position=position,
            update=change.update,
            stamp_id=change.row["id"],
            cause_id=change.cause["id"],
            association_id=association,
            country=reading.certification(change.row).office.country,
            content=record,
        )
        for position, ((change, _number, association), record) in enumerate(
            zip(due, records, strict=True), start=1
        )
    )
    return file


def _content(change: Change, number: str) -> Record:
    if change.update == NEW:
        return record_of(change.row, number)
    return cancelling(_as_sent(change.row, number), change.cause["cancel_reason"])


def _as_sent(row: StampRow, number: str) -> Record:
    """Return the record as the earlier file has it, or as it is sent in this one."""
    sent = SafetirRecord.objects.filter(stamp_id=row["id"], update=NEW).order_by("-pk").first()
    return dict(sent.content) if sent else record_of(row, number)


def records_of(file: SafetirFile, rows: QuerySet[SafetirRecord], *, with_exits: bool) -> list[Record]:
    """Return the records of a file that `rows` lets through, in its order; exits only when asked for."""
    found = rows.filter(file=file).order_by("position")
    if not with_exits:
        found = found.filter(content__TCO="")
    return [dict(record.content) for record in found]
