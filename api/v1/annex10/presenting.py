"""Terminations, SafeTIR files and reconciliation requests as JSON and as CSV."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from api.errors import instant
from carnets.annex10.models import ReconciliationRequest, ReconciliationRequestEvent
from checkpoints.annex10.records import CODES, Record
from checkpoints.annex10.terminations import Termination
from checkpoints.models import SafetirFile
from tir.kernel.spreadsheets import as_text
from tir.log.published import Printed

COLUMNS = (*CODES, "recorded_at", "stands")


def present_termination(item: Termination) -> dict[str, Any]:
    """Return a termination with its SafeTIR record, and whether it stands today."""
    stamp = item.stamp
    return {
        "carnet": stamp.carnet.number,
        "issuer": stamp.carnet.association.code,
        "holder": stamp.carnet.holder.reference,
        "page": stamp.page,
        "role": stamp.role,
        "country": stamp.office.country,
        "office": stamp.office.code,
        "occurred_at": instant(stamp.occurred_at),
        "recorded_at": instant(stamp.recorded_at),
        "stamp": str(stamp.pk),
        "cancels": stamp.cancels and str(stamp.cancels),
        "update": item.record["UPG"],
        "stands": item.stands,
        "record": item.record,
    }


def csv_lines(items: Iterable[Termination]) -> Iterator[str]:
    """Yield the list as CSV, a line at a time: the codes of the record, when it was recorded, whether it stands."""
    yield _line(COLUMNS)
    for item in items:
        said = {
            **{code: as_text(said) for code, said in item.record.items()},
            "recorded_at": instant(item.stamp.recorded_at),
            "stands": "yes" if item.stands else "no",
        }
        yield _line([said[name] for name in COLUMNS])


def _line(values: Iterable[Any]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue()


def present_file(file: SafetirFile, records: list[Record], newest: Printed | None) -> dict[str, Any]:
    """Return one day's file with the records that the caller may see; count and hash are the whole file's, and `log` is
    the newest checkpoint as the file is read."""
    return {
        "day": file.day,
        "made_at": instant(file.made_at),
        "whole_count": file.count,
        "sha256": bytes(file.sha256).hex(),
        "TCN": len(records),
        "records": records,
        "log": newest and {"origin": newest.origin, "size": newest.size, "root": newest.root},
    }


def present_request(request: ReconciliationRequest) -> dict[str, Any]:
    """Return a request with what both papers say, and who did what about it."""
    return {
        "id": request.pk,
        "carnet": request.carnet.number,
        "issuer": request.carnet.association.code,
        "operation": request.operation.sequence,
        "page": request.page,
        "reason": request.reason,
        "source": request.source,
        "fields": request.differing,
        "counterfoil": request.counterfoil,
        "recorded": request.recorded,
        "country": request.country,
        "office": request.office,
        "status": request.status,
        "reminder": request.reminders,
        "opened_at": instant(request.opened_at),
        "remind_at": instant(request.remind_at),
        "answered_at": instant(request.answered_at),
        "events": [_event(event) for event in request.events.all()],
    }


def _event(event: ReconciliationRequestEvent) -> dict[str, Any]:
    return {
        "verb": event.verb,
        "reminder": event.reminder,
        "at": instant(event.at),
        "by": event.by and event.by.get_username(),
        "office": event.office or None,
        "remark": event.remark,
        "stamps": [str(stamp) for stamp in event.stamps],
    }
