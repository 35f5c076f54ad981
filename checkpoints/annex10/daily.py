"""Making the daily files: once a day each, in order, never again. A file serves all places, so its day is UTC's; the
days inside a record are those of its office.

A file holds what the day's recording changed, so a stamp that arrives late stands in the file of the day it was
recorded. What is due is found by comparing with what was sent, so a file can lose nothing and say nothing twice.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from carnets.models import Carnet
from carnets.projection.record import CarnetOnRecord
from checkpoints.annex10 import safetir
from checkpoints.annex10.records import (
    NEW,
    Record,
    SafetirChange,
    cancelling,
    changes_of,
    record_of,
    stamps_by_carnet,
    why_cancelled,
)
from checkpoints.evidence import reading
from checkpoints.models import SafetirFile, SafetirRecord, Stamp
from checkpoints.posts.offices import register
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


def _due(day: date) -> list[tuple[SafetirChange, CarnetOnRecord]]:
    """Return what the day's file has to say about which carnet, in the order of the ledger."""
    window = {"recorded_at__gte": _end(day) - 2 * DAY, "recorded_at__lt": _end(day)}
    touched = Stamp.objects.filter(**window).values("carnet_id")
    numbers = Carnet.objects.filter(pk__in=touched).values_list("number", flat=True)
    carnets = {carnet.id: carnet for carnet in reading.carnets(list(numbers), lock=False).values()}
    sent = set(
        SafetirRecord.objects.filter(stamp__carnet__in=carnets).values_list("stamp_id", "cause_id", "update")
    )
    due = [
        (change, carnets[carnet_id])
        for carnet_id, rows in stamps_by_carnet(list(carnets), before=_end(day))
        for change in changes_of(rows, carnets[carnet_id].plan)
        if change.key not in sent
    ]
    return sorted(due, key=lambda item: item[0].cause["recorded_at"])


def _record(day: date, due: Sequence[tuple[SafetirChange, CarnetOnRecord]], at: datetime) -> SafetirFile:
    records: list[Record] = []
    for change, carnet in due:
        records.append(_content(change, carnet.number))
    text = safetir.file_of(records)
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
            association_id=carnet.association_id,
            country=register().by_id[change.row["office_id"]].facts.country,
            content=record,
        )
        for position, ((change, carnet), record) in enumerate(zip(due, records, strict=True), start=1)
    )
    return file


def _content(change: SafetirChange, number: str) -> Record:
    record = record_of(change.row, number, change.ending)
    return record if change.update == NEW else cancelling(record, why_cancelled(change))


def records_of(file: SafetirFile, rows: QuerySet[SafetirRecord], *, with_exits: bool) -> list[Record]:
    """Return the records of a file that `rows` lets through, in its order; exits and loads only when asked for."""
    found = rows.filter(file=file).order_by("position")
    if not with_exits:
        found = found.filter(content__TCO="")
    return [dict(record.content) for record in found]
