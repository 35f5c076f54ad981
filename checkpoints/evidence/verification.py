"""What the log cannot know of what it covers: that stamps were made by this system, and that a carnet still says what
it was issued for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from carnets import tokens
from checkpoints.evidence.receipts import COVERED, is_signed_by_one, named
from checkpoints.evidence.statements import covered, says_what_was_promised
from checkpoints.models import Incident, Refusal, Stamp
from tir.kernel.sql_functions import function_body, function_files
from tir.log.models import Entry

CHUNK = 5_000


def faults() -> Iterator[str]:
    """Yield every fault, in plain words; within `tir.log.verifying.one_snapshot`."""
    yield from _functions()
    yield from _contents()
    yield from _receipts()
    yield from _statements()


def _functions() -> Iterator[str]:
    """The database's own functions are those of this release."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        kept = dict(cursor.fetchall())
    for path in function_files():
        if kept.get(path.stem) != function_body(path):
            yield f"function {path.stem}: it is not that of this release"


def _contents() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT carnet.number FROM carnets_carnet AS carnet
            JOIN carnets_carnetevent AS event ON event.carnet_id = carnet.id AND event.verb = 'issue'
            WHERE event.contents IS NOT NULL AND event.contents <> carnets_contents(carnet.id) ORDER BY 1""")
        for (number,) in cursor.fetchall():
            yield f"carnet {number}: it does not say what it was issued for"
        cursor.execute("""
            SELECT carnet.number FROM carnets_carnet AS carnet WHERE carnet.source = 'issued' AND NOT EXISTS (
                SELECT FROM carnets_carnetevent AS event WHERE event.carnet_id = carnet.id AND event.verb = 'issue')""")
        for (number,) in cursor.fetchall():
            yield f"carnet {number}: nobody issued it"


def _receipts() -> Iterator[str]:
    """Every stamp but those of before receipts were signed has a receipt that this system signed."""
    keys = named(tokens.verification_keys())
    inherited = _inherited(Stamp)
    for row in _stamps():
        if row["receipt"]["promise"] is None and str(row["id"]) in inherited:
            continue
        if not is_signed_by_one(row, keys):
            yield f"stamp {row['id']}: its receipt is not one that this system signed"


def _statements() -> Iterator[str]:
    """Every refusal and every report, but those of before they had receipts, says what was signed."""
    keys = named(tokens.verification_keys())
    for model in (Refusal, Incident):
        inherited = _inherited(model)
        for row in model.objects.order_by("pk").iterator(CHUNK):
            if row.receipt is None and str(row.pk) in inherited:
                continue
            if not says_what_was_promised(row) or not is_signed_by_one(covered(row), keys):
                yield f"{model.logged_as} {row.pk}: its receipt is not one that this system signed"


def _stamps() -> Iterator[dict[str, Any]]:
    """Yield what receipts cover of every stamp, a chunk at a time by key: no cursor need stay open, which a pooler may
    not allow."""
    latest: UUID | None = None
    columns = (*(name for name in COVERED if name != "receipt"), "receipt__promise")
    while True:
        after = Q() if latest is None else Q(pk__gt=latest)
        rows = list(Stamp.objects.filter(after).order_by("pk").values(*columns)[:CHUNK])
        for row in rows:
            row["hash"], row["receipt"] = bytes(row["hash"]), {"promise": row.pop("receipt__promise")}
            yield row
        if len(rows) < CHUNK:
            return
        latest = rows[-1]["id"]


def _inherited(model: type[Stamp | Refusal | Incident]) -> set[str]:
    """Return the rows that stood here before the log began: their entries come before that of the log's own key."""
    first = Entry.objects.filter(kind="key").order_by("log", "index").values_list("log", "index").first()
    if first is None:
        unsigned = Q(receipt__promise=None) if model is Stamp else Q(receipt=None)
        return {str(pk) for pk in model.objects.filter(unsigned).values_list("pk", flat=True)}
    log, index = first
    before = Entry.objects.filter(log=log, index__lt=index, kind=model.logged_as)
    return set(before.values_list("ref", flat=True))
