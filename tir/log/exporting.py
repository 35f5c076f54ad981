"""The log written to a directory: all that `docs/verify.py` needs to check it without us.

    checkpoint                       as it was signed, with the witnesses' signatures
    tile/<L>/<N>[.p/<W>]             the tree, at the addresses of c2sp.org/tlog-tiles
    tile/entries/<N>[.p/<W>]         the entries
    contents                         a line an entry: index, salt, kind, content; the index alone where it was redacted
    long/<sha256>                    photos and papers, by the hash that stands in their row's content
    unlogged                         rows that are in no log, only where there are any
    ended/<N>/                       the same of each log that was ended, in order

Every byte follows from what was signed, so that a change of any is found.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.db import connection
from django.db.models import Q

from tir.log.entries import entry_of
from tir.log.errors import LogStopped
from tir.log.ledgers import Ledger, by_kind, contents, ledgers
from tir.log.models import Checkpoint, Entry, Log, Tile, VerifierKey
from tir.log.tiles import WIDTH, in_threes, tiles_of
from tir.log.tree import HASH_BYTES
from tir.log.verifying import one_snapshot, unlogged

ENTRIES_A_STEP = WIDTH * 64


def export(directory: str) -> int:
    """Write every log there, as of one moment, and return how many entries it has. Raises LogStopped where something is
    in the way, or nothing is signed."""
    base = Path(directory)
    if base.exists() and any(base.iterdir()):
        raise LogStopped(f"{base} is not empty: name a new directory.")
    with one_snapshot():
        logs = list(Log.objects.order_by("pk"))
        if not logs:
            raise LogStopped("No log has begun: manage.py log catch-up begins it.")
        *ended, newest = [(log, _published(log)) for log in logs]
        written = sum(_export(*each, base / "ended" / str(at)) for at, each in enumerate(ended, 1))
        written += _export(*newest, base)
        _write_long(base, [*ended, newest])
        _write_unlogged(base)
    return written


def _published(log: Log) -> Checkpoint:
    """Return the newest checkpoint that cannot be taken back any more. Raises LogStopped where there is none."""
    signed = log.checkpoints.exclude(published_at=None).order_by("-pk").first()
    if signed is None:
        raise LogStopped(f"Nothing of {log.origin} is published: manage.py log catch-up.")
    return signed


def _export(log: Log, signed: Checkpoint, base: Path) -> int:
    base.mkdir(parents=True, exist_ok=True)
    (base / "checkpoint").write_text(_cosigned(signed))
    for tile in tiles_of(signed.size):
        hashes = bytes(
            Tile.objects.values_list("hashes", flat=True).get(log=log, level=tile.level, index=tile.index)
        )
        _write(base / tile.path, hashes[: tile.width * HASH_BYTES])
    with (base / "contents").open("wb") as file:
        for first in range(0, signed.size, ENTRIES_A_STEP):
            rows = Entry.objects.filter(
                log=log, index__gte=first, index__lt=min(first + ENTRIES_A_STEP, signed.size)
            )
            entries = list(rows.order_by("index"))
            _write_bundles(base, entries)
            _write_contents(file, entries)
    return signed.size


def _cosigned(signed: Checkpoint) -> str:
    """Return the checkpoint with the signatures of those witnesses whose keys stand in this log or one before it."""
    keys = VerifierKey.objects.filter(purpose="witness").values_list("text", "pk")
    refs = {str(pk): text for text, pk in keys}
    here, before = Q(log=signed.log, index__lt=signed.size), Q(log__lt=signed.log)
    logged = Entry.objects.filter(here | before, kind="key", ref__in=refs)
    known = [refs[ref] for ref in logged.values_list("ref", flat=True)]
    lines = signed.cosignatures.filter(witness__key__in=known).order_by("pk").values_list("line", flat=True)
    return signed.note + "".join(lines)


def _write_bundles(base: Path, entries: list[Entry]) -> None:
    for at in range(0, len(entries), WIDTH):
        some = [entry_of(bytes(each.hash)) for each in entries[at : at + WIDTH]]
        partial = "" if len(some) == WIDTH else f".p/{len(some)}"
        path = f"tile/entries/{in_threes(entries[at].index // WIDTH)}{partial}"
        _write(base / path, b"".join(len(each).to_bytes(2) + each for each in some))


def _write_contents(file: BinaryIO, entries: list[Entry]) -> None:
    found: dict[tuple[str, str], str] = {}
    for kind, some in by_kind(entries):
        texts = contents(kind, [each.ref for each in some]) if kind in ledgers() else {}
        found |= {(kind, ref): text for ref, text in texts.items()}
    for each in entries:
        if each.salt is None:
            line = str(each.index)
        else:
            content = found.get(
                (each.kind, each.ref), ""
            )  # a row that is gone says nothing, and does not verify
            line = f"{each.index}\t{bytes(each.salt).hex()}\t{each.kind}\t{content}"
        file.write(f"{line}\n".encode())


def _write_long(base: Path, signed: Sequence[tuple[Log, Checkpoint]]) -> None:
    for ledger in ledgers().values():
        for column, hashed in ledger.long:
            for log, checkpoint in signed:
                refs = Entry.objects.filter(log=log, kind=ledger.kind, index__lt=checkpoint.size)
                for name, content in _long(ledger, column, hashed, refs.values_list("ref", flat=True)):
                    _write(base / "long" / name, content)


def _long(ledger: Ledger, column: str, hashed: str, refs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        for ref in refs:
            cursor.execute(
                f"SELECT encode({hashed}, 'hex'), {column} FROM {ledger.table} AS row"  # noqa: S608
                f" WHERE {ledger.key} = %s::{ledger.key_type} AND {hashed} IS NOT NULL",
                [ref],
            )
            for name, content in cursor.fetchall():
                yield name, bytes(content or b"")


def _write_unlogged(base: Path) -> None:
    lines = [f"{ledger.kind}\t{ref}\n" for ledger in ledgers().values() for ref in unlogged(ledger)]
    if lines:
        (base / "unlogged").write_text("".join(lines))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
