"""What anybody may ask about a paper they hold: whether a receipt or a voucher's code is genuine, and what is on record
of it. No goods, no names, no plates: whoever asks has read the paper, and learns nothing else.
"""

from base64 import b64decode
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from carnets import tokens
from carnets.models import Carnet
from checkpoints.evidence import chain, reading, receipts, statements
from checkpoints.evidence.reading import StampRow
from checkpoints.models import Incident, Refusal, Stamp
from checkpoints.posts.offices import register
from tir.kernel.sandbox import Kind as Installed
from tir.kernel.sandbox import kind
from tir.kernel.values import value
from tir.log.entries import content_hash
from tir.log.ledgers import contents, one_text
from tir.log.models import AdministrativeAct, Entry
from tir.log.published import NotLoggedYet, entry_of_row

MOST_CHARACTERS = 2_000
KINDS = {
    receipts.HEADING: Stamp.logged_as,
    receipts.REFUSAL: Refusal.logged_as,
    receipts.REPORT: Incident.logged_as,
}
FIRST_LINES = {receipts.marked(heading, of): (heading, of) for heading in KINDS for of in Installed}


class Record(StrEnum):
    """What the record says of a receipt that is genuine."""

    AS_SAID = "as_said"
    TAKEN_BACK = "taken_back"
    DIFFERS = "differs"
    REMOVED = "removed"
    ABSENT = "absent"


@value
class Receipt:
    """A receipt as it was handed over, taken apart; `text` is what was signed. `kind` is what the log calls the row; a
    report is about no page. `installed` is what the installation that gave it was for, as its first line says."""

    text: str
    kind: str
    installed: Installed
    id: UUID
    carnet: str
    page: int | None
    office: str
    recorded_at: datetime
    logged_by: datetime
    key: str
    signature: str


@value
class CheckedReceipt:
    """What there is to say of a receipt. Of one that is not genuine nothing is said but that.

    With `is_of_another` it was given in training or a demonstration and this installation is real, or the other way
    about. In the log it is entry `index` of a checkpoint of `size`; else `is_overdue` once the moment promised has
    passed. `removed_at` is when it was decided that what the stamp said be forgotten.
    """

    receipt: Receipt
    is_genuine: bool
    record: Record | None = None
    index: int | None = None
    size: int | None = None
    is_overdue: bool = False
    removed_at: datetime | None = None
    is_of_another: bool = False


@value
class CheckedCode:
    """What there is to say of a voucher's code: genuine, of which page, and the day of the stamp that stands on it."""

    number: str
    page: int
    stamped_on: date | None


def receipt_in(text: str) -> Receipt | None:
    """Return the receipt that a text is, whatever became of its line ends on the way; nothing where it is none."""
    lines = [line.strip() for line in text[: MOST_CHARACTERS + 1].splitlines() if line.strip()]
    try:
        first, row_id, place, recorded_at, hash_, logged_by, signed = lines
        heading, installed = FIRST_LINES[first]
        number, page, office = place.split(" ")
        _dash, key, signature = signed.split(" ")
        receipt = Receipt(
            "".join(f"{line}\n" for line in lines[:-1]), KINDS[heading], installed, UUID(row_id), number,
            None if heading == receipts.REPORT else int(page), office,
            datetime.fromisoformat(recorded_at), datetime.fromisoformat(logged_by), key, signature,
        )  # fmt: skip
        is_whole = len(b64decode(hash_, validate=True)) == len(chain.GENESIS)
    except (ValueError, KeyError):
        return None
    has_zones = receipt.recorded_at.tzinfo is not None and receipt.logged_by.tzinfo is not None
    return receipt if is_whole and has_zones else None


def check_receipt(
    receipt: Receipt, keys: Sequence[ec.EllipticCurvePublicKey], *, at: datetime
) -> CheckedReceipt:
    """Return what is on record of a receipt that one of the keys signed."""
    named = [key for key in keys if tokens.key_id(key).hex() == receipt.key]
    is_signed = any(receipts.did_sign(key, receipt.text.encode(), receipt.signature) for key in named)
    if _is_of_another(receipt, is_signed=is_signed):
        return CheckedReceipt(receipt, is_genuine=False, is_of_another=True)
    if not is_signed:
        return CheckedReceipt(receipt, is_genuine=False)
    entry = _entry(receipt)
    place = (
        {"index": entry.index, "size": entry.log.size} if entry else {"is_overdue": at > receipt.logged_by}
    )
    said = _said_of(receipt)
    if said is Record.ABSENT:
        removed_at = _removed_at(entry) if entry else None
        record = Record.REMOVED if removed_at else Record.ABSENT
        return CheckedReceipt(receipt, True, record, removed_at=removed_at, **place)
    is_as_logged = entry is None or _says_what_was_logged(entry)
    return CheckedReceipt(receipt, True, said if is_as_logged else Record.DIFFERS, **place)


def _is_of_another(receipt: Receipt, *, is_signed: bool) -> bool:
    """Whether the receipt is of another kind of installation. One without a mark that we signed is our own, of before
    receipts bore it."""
    if receipt.installed == kind():
        return False
    return receipt.installed != Installed.REAL or not is_signed


def _entry(receipt: Receipt) -> Entry | None:
    try:
        return entry_of_row(receipt.kind, str(receipt.id))
    except NotLoggedYet:
        return None


def _removed_at(entry: Entry) -> datetime | None:
    """Return when it was decided that the row of this entry be forgotten; nothing where nobody decided it."""
    acts = AdministrativeAct.objects.filter(
        verb="redact",
        noun=entry.kind,
        ref=entry.ref,
        content__log=entry.log.origin,
        content__index=entry.index,
    )
    at = acts.order_by("pk").values_list("at", flat=True).first()
    return at if entry.salt is None else None


def _said_of(receipt: Receipt) -> Record:
    """Return what the row says of its receipt, whatever the log says."""
    if receipt.kind == Stamp.logged_as:
        row = reading.stamp_rows([receipt.id]).get(receipt.id)
        return Record.ABSENT if row is None else _record(receipt, row)
    model = Refusal if receipt.kind == Refusal.logged_as else Incident
    statement = model.objects.filter(pk=receipt.id).select_related("carnet", "office").first()
    if statement is None:
        return Record.ABSENT
    is_as_said = (
        statements.says_what_was_promised(statement)
        and receipts.signed_text(statements.covered(statement)) == receipt.text
        and (statement.carnet.number, statement.office.code) == (receipt.carnet, receipt.office)
        and _has_its_photos(statement)
    )
    return Record.AS_SAID if is_as_said else Record.DIFFERS


def _has_its_photos(statement: Incident | Refusal) -> bool:
    if isinstance(statement, Refusal):
        return True
    kept = sorted(bytes(sha256).hex() for sha256 in statement.photos.values_list("sha256", flat=True))
    said: list[str] = (statement.receipt or {}).get("photos", [])
    return kept == said


def _record(receipt: Receipt, row: StampRow) -> Record:
    office = register().by_id[row["office_id"]].code
    number = Carnet.objects.values_list("number", flat=True).get(pk=row["carnet_id"])
    is_as_said = (
        receipts.signed_text(row) == receipt.text
        and (number, office) == (receipt.carnet, receipt.office)
        and chain.stamp_hash(row, row["previous_hash"]) == row["hash"]
    )
    if not is_as_said:
        return Record.DIFFERS
    is_standing = row["cancels"] is not None or _standing().filter(pk=row["id"]).exists()
    return Record.AS_SAID if is_standing else Record.TAKEN_BACK


def _says_what_was_logged(entry: Entry) -> bool:
    with transaction.atomic():
        one_text()
        said = contents(entry.kind, [entry.ref])[entry.ref]
    return entry.salt is not None and content_hash(entry.kind, said, bytes(entry.salt)) == bytes(entry.hash)


def _standing() -> QuerySet[Stamp]:
    """Return the stamps that no other took back; only the office that stamped a page does that."""
    taken_back = Stamp.objects.filter(
        cancels=OuterRef("pk"), carnet=OuterRef("carnet"), page=OuterRef("page"), office=OuterRef("office")
    )
    return Stamp.objects.filter(~Exists(taken_back), cancels=None)


def check_code(text: str, keys: Sequence[ec.EllipticCurvePublicKey]) -> CheckedCode:
    """Return what is on record of the page that a genuine code names. Raises TokenError for any other text."""
    claims = tokens.verify(text, keys, kind())
    stamps = _standing().filter(carnet__number=claims.number, page=claims.page)
    latest = stamps.order_by("-sequence").values_list("office_id", "occurred_at").first()
    stamped_on = latest and register().by_id[latest[0]].day(latest[1])
    return CheckedCode(claims.number, claims.page, stamped_on)
