"""The stamp ledger's own arithmetic: what a stamp's hash covers, how the chain runs, and how it is verified.

Every stamp carries the SHA-256 of its own content and of its predecessor's hash on the same carnet, so a change
made behind the triggers (by a superuser, in a restored back-up) breaks the chain from there on.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from json import JSONEncoder
from typing import Any

from checkpoints.evidence.columns import SAID_BY_CLIENT, hashed
from checkpoints.evidence.reading import StampRow
from tir.kernel.values import value

GENESIS = bytes(32)


def stamp_hash(row: StampRow, previous: bytes) -> bytes:
    """Return the hash of a stamp that follows `previous`: SHA-256 over the predecessor and the canonical content, of
    the columns that its own `hash_version` covers."""
    return sha256(previous + _canonical(row, hashed(row["hash_version"]))).digest()


def says_the_same(one: StampRow, other: StampRow) -> bool:
    """Whether two rows are the same statement by the officer, whenever and however they reached us."""
    return _canonical(one, SAID_BY_CLIENT) == _canonical(other, SAID_BY_CLIENT)


def _canonical(row: StampRow, columns: Iterable[str]) -> bytes:
    return _as_json({name: row[name] for name in columns}).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


_as_json = JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain, ensure_ascii=False).encode


@value
class Break:
    """Where a carnet's chain does not hold, and how."""

    carnet_id: int
    sequence: int
    reason: str


def verify_chain(rows: Iterable[StampRow], latest: tuple[int, bytes] | None = None) -> Iterator[Break]:
    """Yield every break in one carnet's stamps, given in sequence; `latest` is what the carnet itself remembers,
    so that a removed last stamp is noticed too."""
    previous, expected = GENESIS, 1
    carnet_id = 0
    for row in rows:
        carnet_id = row["carnet_id"]
        if row["sequence"] != expected:
            yield Break(carnet_id, expected, "missing")
        if bytes(row["previous_hash"]) != previous:
            yield Break(carnet_id, row["sequence"], "predecessor_differs")
        if stamp_hash(row, bytes(row["previous_hash"])) != bytes(row["hash"]):
            yield Break(carnet_id, row["sequence"], "content_differs")
        previous, expected = bytes(row["hash"]), row["sequence"] + 1
    if latest is not None and latest != (expected - 1, previous):
        yield Break(carnet_id, expected, "end_differs")
