"""Receipts that anyone can check: what was put on record, and the promise to have it in the log by a moment.

    TIR receipt 1
    7f0c5a2e-6a1b-4f0e-9b0e-2f1f6a3d9c11          the stamp's id
    XC99000004 4 UZ-YAL                            carnet, page, office
    2026-03-02T09:14:07.120394+00:00               on record since
    hR5…                                           the stamp's hash, in base64
    2026-03-02T09:15:07.120394+00:00               in the log by
                                                   an empty line, then
    — 0123456789abcdef MEQ…                        the key's id, and ES256 (r || s) over all up to the empty line

A refusal to start and a certified report have receipts too, which begin `TIR receipt of a refusal 1` and `TIR receipt
of a report 1`; a report is about no page, and has `-` in its place. Their hash is described in `statements`.

Where the installation is not one for real work its word ends the first line, `TIR receipt 1 TRAINING` or `TIR receipt 1
DEMO`: it is signed like the rest, and a real installation takes no such receipt for its own.

The keys are those of the vouchers (`/.well-known/jwks.json`). With the proof that the stamp is in the log, nobody need
believe us; without it after the moment promised, the receipt alone shows who broke the promise.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.conf import settings

from carnets import tokens
from tir.kernel.sandbox import Kind as Installed
from tir.kernel.sandbox import kind as installed

HEADING = "TIR receipt 1"
REFUSAL, REPORT = "TIR receipt of a refusal 1", "TIR receipt of a report 1"
COVERED = ("id", "page", "recorded_at", "hash", "receipt")  # what of a stamp's row a receipt needs
Covered = Mapping[str, Any]  # of any kind of row: a stamp's row, or `statements.covered` of another
LOGGED_WITHIN = timedelta(seconds=60)
# A signature of the hash, with a random number: half the work of a deterministic one, and it is kept with the stamp.
_SIGNED_WITH = ec.ECDSA(Prehashed(hashes.SHA256()))
_CHECKED_WITH = ec.ECDSA(hashes.SHA256())


def promise(row: Covered, *, carnet: str, office: str) -> dict[str, Any]:
    """Return what a receipt keeps of the promise: the text's facts that the row does not have, and the signature."""
    kept = {"carnet": carnet, "office": office, "logged_by": _instant(row["recorded_at"] + LOGGED_WITHIN)}
    if installed() != Installed.REAL:
        kept["installation"] = installed().value
    key, name = _signing_key(tuple(settings.TIR_SIGNING_KEYS))
    signature = tokens.raw_signature(key.sign(sha256(_text(row, kept)).digest(), _SIGNED_WITH))
    return {**kept, "key": name, "signature": b64encode(signature).decode()}


def receipt_text(row: Covered) -> str | None:
    """Return the receipt as it is handed over; nothing for a stamp of before receipts were signed."""
    kept, text = row["receipt"].get("promise"), signed_text(row)
    return None if text is None else f"{text}\n— {kept['key']} {kept['signature']}\n"


def signed_text(row: Covered) -> str | None:
    """Return what the receipt's signature is over; nothing for a stamp of before receipts were signed."""
    kept = row["receipt"].get("promise")
    return None if kept is None else _text(row, kept).decode()


Named = Mapping[str, ec.EllipticCurvePublicKey]


def named(keys: Iterable[ec.EllipticCurvePublicKey]) -> Named:
    """Return the keys by the name that a receipt has for them: for many stamps it is made once."""
    return {tokens.key_id(key).hex(): key for key in keys}


def is_signed(row: Covered, keys: Sequence[ec.EllipticCurvePublicKey]) -> bool:
    """Whether one of the keys signed the receipt of exactly this stamp."""
    return is_signed_by_one(row, named(keys))


def is_signed_by_one(row: Covered, keys: Named) -> bool:
    """Do what `is_signed` does, for a row that may have `COVERED` alone. A receipt marked as another kind of
    installation's is not ours, whoever signed it."""
    kept = row["receipt"].get("promise")
    if kept is None or kept["key"] not in keys or kept.get("installation", installed()) != installed():
        return False
    return did_sign(keys[kept["key"]], _text(row, kept), kept["signature"])


@lru_cache(maxsize=4)
def _signing_key(_pems: tuple[str, ...]) -> tuple[ec.EllipticCurvePrivateKey, str]:
    key = tokens.signing_key()
    return key, tokens.key_id(key.public_key()).hex()


def did_sign(key: ec.EllipticCurvePublicKey, text: bytes, signature: str) -> bool:
    """Whether the key made this signature, r || s in base64, of the text."""
    try:
        key.verify(tokens.der_signature(b64decode(signature, validate=True)), text, _CHECKED_WITH)
    except (InvalidSignature, ValueError):
        return False
    return True


def marked(heading: str, of: Installed) -> str:
    """Return the first line of a receipt as that kind of installation writes it."""
    return heading if of == Installed.REAL else f"{heading} {of.upper()}"


def _text(row: Covered, kept: Mapping[str, str]) -> bytes:
    """What is signed. A row kept before receipts bore the mark has none, whatever the installation."""
    first = marked(row.get("heading", HEADING), Installed(kept.get("installation", Installed.REAL)))
    heading = f"{first}\n{row['id']}\n{kept['carnet']} {row['page']} {kept['office']}"
    return _written(heading, row["recorded_at"], bytes(row["hash"]), kept["logged_by"])


@lru_cache(maxsize=512)  # the answer hands over what was just signed
def _written(heading: str, at: datetime, hashed: bytes, logged_by: str) -> bytes:
    hash_ = b64encode(hashed).decode()
    return f"{heading}\n{_instant(at)}\n{hash_}\n{logged_by}\n".encode()


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
