"""What a refusal or a certified report says as one hash, which its receipt is over.

The hash is SHA-256 of the row as JSON: keys in order, no blanks, nothing that was not stated, instants in UTC with six
digits; all columns but the receipt, and as `photos` the hashes of a report's photos, which the receipt keeps. Whoever
is given the row as the log has it makes the same: `docs/verify.py` does.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from checkpoints.evidence import receipts
from checkpoints.evidence.receipts import REFUSAL, REPORT
from checkpoints.models import Incident, Refusal


def statement_hash(row: Incident | Refusal, photos: Sequence[str] = ()) -> str:
    """Return the hash, in hex, of what a row says, and of a report's photos by their own hashes."""
    columns = (field.attname for field in row._meta.concrete_fields if field.attname != "receipt")
    said = {name: _plain(value) for name in columns if (value := getattr(row, name)) is not None}
    if photos:
        said["photos"] = list(photos)
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def give_receipt(row: Incident | Refusal, *, carnet: str, office: str, photos: Sequence[bytes] = ()) -> None:
    """Fill in the receipt of a row that is about to be put on record, with the hashes of its photos."""
    kept = sorted(photo.hex() for photo in photos)
    row.receipt = {"hash": statement_hash(row, kept), **({"photos": kept} if kept else {})}
    row.receipt["promise"] = receipts.promise(covered(row), carnet=carnet, office=office)


def says_what_was_promised(row: Incident | Refusal) -> bool:
    """Whether a row says what its receipt is over; false for one without a receipt."""
    return row.receipt is not None and row.receipt["hash"] == statement_hash(
        row, row.receipt.get("photos", ())
    )


def covered(row: Incident | Refusal) -> Mapping[str, Any]:
    """Return what a receipt needs of a row that has one, as `receipts` reads it."""
    receipt: dict[str, Any] = row.receipt or {}
    return {
        "heading": REFUSAL if isinstance(row, Refusal) else REPORT,
        "id": row.pk,
        "page": row.page if isinstance(row, Refusal) else "-",
        "recorded_at": row.recorded_at.astimezone(UTC),
        "hash": bytes.fromhex(receipt["hash"]),
        "receipt": receipt,
    }
