"""What the log cannot know of what it covers: which carnet a row is about, that stamps were made by this system, that a
carnet still says what it was issued for, and that it and its stamps are all here."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Q

from carnets import tokens
from carnets.numbering import format_number
from checkpoints.evidence.receipts import COVERED, is_signed_by_one, named
from checkpoints.evidence.statements import covered, says_what_was_promised
from checkpoints.models import Incident, Refusal, Stamp
from tir.kernel.models import AppendOnly
from tir.kernel.sql_functions import function_body, function_files
from tir.log.models import Entry

CHUNK = 5_000
MOST_NAMED = 5  # numbers in one line

# Where the number of the carnet stands that a row of a ledger is about.
NUMBER_OF: Final = {
    "carnet_event": "carnet__number",
    "claim_document": "claim__carnet_number",
    "claim_step": "claim__carnet_number",
    "control": "carnet__number",
    "control_photo": "control__carnet__number",
    "guarantee_confirmation": "query__carnet_number",
    "guarantee_query": "carnet_number",
    "guaranteed_carnet": "carnet_number",
    "liability_entry": "carnet_number",
    "proof": "carnet__number",
    "proof_acceptance": "proof__carnet__number",
    "refusal": "carnet__number",
    "reopened_discharge": "operation__carnet__number",
    "report": "carnet__number",
    "report_photo": "incident__carnet__number",
    "request_step": "request__carnet__number",
    "safetir_record": "stamp__carnet__number",
    "stamp": "carnet__number",
    "stamp_origin": "stamp__carnet__number",
}


def carnets_of(kind: str, refs: Sequence[str]) -> dict[str, str]:
    """Return the carnet of each of the rows by its key, where the row is there and about one."""
    if kind not in NUMBER_OF:
        return {}
    model = next(
        each for each in apps.get_models() if issubclass(each, AppendOnly) and each.logged_as == kind
    )
    numbers = model._default_manager.filter(pk__in=refs).values_list("pk", NUMBER_OF[kind])
    return {str(pk): f"carnet {number}" for pk, number in numbers}


def faults() -> Iterator[str]:
    """Yield every fault, in plain words; within `tir.log.verifying.one_snapshot`."""
    yield from _functions()
    yield from _contents()
    yield from _missing_stamps()
    yield from _missing_carnets()
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


def _missing_stamps() -> Iterator[str]:
    """A stamp that is gone cannot say whose it was: its carnet counts them."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT carnet.number, carnet.latest_sequence, count(stamp.id) FROM carnets_carnet AS carnet
            LEFT JOIN checkpoints_stamp AS stamp ON stamp.carnet_id = carnet.id
            GROUP BY carnet.id HAVING carnet.latest_sequence <> count(stamp.id) ORDER BY 1""")
        for number, made, here in cursor.fetchall():
            yield f"carnet {number}: {made:,} stamps were made on it, and {here:,} are here"


def _missing_carnets() -> Iterator[str]:
    """A carnet that is gone with all its rows: the stock that its number came from counts what was issued. Which one it
    is, is sure where no more numbers are absent than carnets are."""
    with connection.cursor() as cursor:
        cursor.execute("""
            WITH numbered AS (
                SELECT substring(number from '[0-9]+$')::bigint AS digits FROM carnets_carnet WHERE source = 'issued'
            )
            SELECT stock.first, stock.last, stock.issued, here.count, ARRAY(
                SELECT each FROM generate_series(stock.first, stock.next - 1) AS each
                WHERE NOT EXISTS (SELECT FROM numbered WHERE digits = each) ORDER BY each
            ) FROM carnets_numberrange AS stock, LATERAL (
                SELECT count(*) FROM numbered WHERE digits BETWEEN stock.first AND stock.last
            ) AS here WHERE here.count < stock.issued ORDER BY 1""")
        for first, last, issued, here, absent in cursor.fetchall():
            gone = issued - here
            if len(absent) == gone:
                yield from (
                    f"carnet {format_number(each)}: it was issued, and nothing of it is here"
                    for each in absent
                )
                continue
            some = ", ".join(format_number(each) for each in absent[:MOST_NAMED])
            among = f"; absent are {some}{', and more' if len(absent) > MOST_NAMED else ''}" if some else ""
            yield f"carnets {first}-{last}: {issued:,} were issued, and {here:,} are here{among}"


def _receipts() -> Iterator[str]:
    """Every stamp but those of before receipts were signed has a receipt that this system signed."""
    keys = named(tokens.verification_keys())
    inherited = _inherited(Stamp)
    for row in _stamps():
        if row["receipt"]["promise"] is None and str(row["id"]) in inherited:
            continue
        if not is_signed_by_one(row, keys):
            (carnet,) = carnets_of(Stamp.logged_as, [str(row["id"])]).values() or ("no carnet",)
            yield f"stamp {row['id']}, {carnet}: its receipt is not one that this system signed"


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
