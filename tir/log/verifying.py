"""Whether data, entries, tree and signatures agree: what was changed, taken out or put in behind the log is named.

Everything is read in one snapshot, so that work going on is no fault, and compared from the rows upward: row with
entry, entries with tree, tree with what was signed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from tir.kernel.values import value
from tir.log.checkpoints import TreeHead, tree_head_of
from tir.log.entries import content_hash, leaf_of
from tir.log.growing import pending
from tir.log.ledgers import ONE_TEXT, Ledger, by_kind, contents, ledgers
from tir.log.models import AdministrativeAct, Entry, Log, Pending, Tile
from tir.log.notes import Note, note_of, signers_of, verifier_of
from tir.log.tiles import LEVELS_A_TILE, WIDTH
from tir.log.tree import HASH_BYTES, Frontier

CHUNK = 20_000
About = Callable[
    [str, Sequence[str]], dict[str, str]
]  # of a kind and some keys of rows: what those rows are about


@value
class Row:
    """An entry as it is read: `salt` is gone where its row was redacted."""

    index: int
    kind: str
    ref: str
    salt: bytes | None
    hash: bytes

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} (entry {self.index})"


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read everything as it was at one moment, and each content as it was hashed. It begins a transaction, or, within
    one, goes on in it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(ONE_TEXT)
        yield


def about_nothing(_kind: str, _refs: Sequence[str]) -> dict[str, str]:
    """The log knows of a row what stands in it, and not what it is about."""
    return {}


class Verification:
    """One reading of the log. `faults` names what does not hold, and counts what was read on the way. `kept` are
    checkpoints that somebody kept; `about` says of rows what they are about, as far as it can be known."""

    def __init__(self, kept: Sequence[str] = (), about: About = about_nothing) -> None:
        self.kept, self.about = kept, about
        self.entries = self.redacted = self.pending = 0
        self.oldest_pending: datetime | None = None

    def faults(self) -> Iterator[str]:
        """Yield every fault, in plain words; within `one_snapshot`."""
        logs = list(Log.objects.order_by("pk"))
        wanted, unreadable = _checkpoints_kept(self.kept, logs)
        yield from unreadable
        for log in logs:
            yield from self._of_log(log, wanted.get(log.origin, []))
        yield from self._of_pending()
        for ledger in ledgers().values():
            yield from _named(ledger.kind, _unlogged(ledger), self.about)
            yield from _named(ledger.kind, _long_columns(ledger), self.about)

    def _of_log(self, log: Log, kept: Sequence[TreeHead]) -> Iterator[str]:
        rows_of = log.checkpoints.order_by("pk").values_list("size", "root", "note")
        signed = [(size, bytes(root), note) for size, root, note in rows_of]
        roots = {(size, root) for size, root, _note in signed}
        if not signed:
            yield f"{log.origin}: nothing that was signed is here"
        yield from _of_notes(log, signed)
        newest = signed[-1][0] if signed else 0
        for each in kept:
            if each.size > newest:
                yield f"{log.origin}: a checkpoint of {each.size:,} entries was signed, and not so many are here"
            roots.add((each.size, each.root))
        reading = _Tree(log, roots)
        redacted = _redacted(log)
        for rows in _chunks(log):
            yield from reading.take(rows)
            yield from _of_contents(rows, redacted, self.about)
            self.entries += len(rows)
            self.redacted += sum(row.salt is None for row in rows)
        yield from reading.end(max((size for size, _root in roots), default=0))

    def _of_pending(self) -> Iterator[str]:
        self.pending, self.oldest_pending = pending()
        rows = Pending.objects.order_by("pk").values_list("pk", "kind", "ref", "hash")
        waiting = [Row(pk, kind, ref, b"", bytes(hash_)) for pk, kind, ref, hash_ in rows]
        yield from _of_contents(waiting, {}, self.about)


class _Tree:
    """The tree built anew from the entries, and compared with tiles and with roots on the way."""

    def __init__(self, log: Log, roots: set[tuple[int, bytes]]) -> None:
        self.log, self.frontier = log, Frontier()
        self.by_size: dict[int, set[bytes]] = {}
        for size, root in roots:
            self.by_size.setdefault(size, set()).add(root)
        self.tiles: dict[tuple[int, int], bytearray] = {}

    def take(self, rows: Sequence[Row]) -> Iterator[str]:
        """Add entries; yield what differs."""
        yield from self._compare_roots()
        for row in rows:
            if row.index != self.frontier.size:
                yield f"{self.log.origin}: entry {self.frontier.size} is missing"
            for level, index, hash_ in self.frontier.add(leaf_of(row.hash))[::LEVELS_A_TILE]:
                self.tiles.setdefault((level // LEVELS_A_TILE, index // WIDTH), bytearray()).extend(hash_)
            yield from self._compare_roots()
        full = [place for place, hashes in self.tiles.items() if len(hashes) == WIDTH * HASH_BYTES]
        yield from self._compare_tiles(full)

    def end(self, signed: int) -> Iterator[str]:
        """Compare what is left once all entries are added."""
        yield from self._compare_roots()
        yield from self._compare_tiles(list(self.tiles))
        if self.frontier.size < signed:
            yield f"{self.log.origin}: {signed:,} entries were signed, and {self.frontier.size:,} are here"
        if self.frontier.size > signed:
            yield f"{self.log.origin}: {self.frontier.size - signed:,} entries are here that nobody signed"
        if beyond := self._tiles_beyond():
            yield f"{self.log.origin}: {beyond:,} tiles are here that no entry belongs to"

    def _tiles_beyond(self) -> int:
        """Return how many tiles have no hash of the tree: the first of a tile needs so many entries."""
        places = Tile.objects.filter(log=self.log).values_list("level", "index")
        return sum((index * WIDTH + 1) * WIDTH**level > self.frontier.size for level, index in places)

    def _compare_roots(self) -> Iterator[str]:
        roots = self.by_size.pop(self.frontier.size, ())
        if any(root != self.frontier.root for root in roots):
            yield f"{self.log.origin}: the first {self.frontier.size:,} entries are not those that were signed"

    def _compare_tiles(self, places: Sequence[tuple[int, int]]) -> Iterator[str]:
        for level, index in places:
            kept = Tile.objects.filter(log=self.log, level=level, index=index).values_list(
                "hashes", flat=True
            )
            expected = bytes(self.tiles.pop((level, index)))
            if not kept or bytes(kept[0]) != expected:
                yield f"{self.log.origin}: tile {level}/{index} is not that of its entries"


def _checkpoints_kept(
    kept: Sequence[str], logs: Sequence[Log]
) -> tuple[dict[str, list[TreeHead]], list[str]]:
    """Return what was kept outside, by log, and what is wrong with the rest."""
    found: dict[str, list[TreeHead]] = {}
    faults = []
    keys = {log.origin: log.key for log in logs}
    for text in kept:
        try:
            note = note_of(text.encode())
            checkpoint = tree_head_of(note.text)
            if checkpoint.origin not in keys:
                faults.append(
                    f"{checkpoint.origin}: a checkpoint of this log was kept, and no such log is here"
                )
                continue
            signers_of(note, [verifier_of(keys[checkpoint.origin])])
            found.setdefault(checkpoint.origin, []).append(checkpoint)
        except ValueError as error:
            faults.append(f"the checkpoint that was kept is not signed by the key of this log: {error}")
    return found, faults


def _of_notes(log: Log, signed: Sequence[tuple[int, bytes, str]]) -> Iterator[str]:
    """The newest note is signed, and each says what its row says."""
    for at, (size, root, text) in enumerate(signed, 1):
        try:
            note: Note = note_of(text.encode())
            if at == len(signed):
                signers_of(note, [verifier_of(log.key)])
            is_of_row = tree_head_of(note.text) == TreeHead(log.origin, size, root)
        except ValueError:
            is_of_row = False
        if not is_of_row:
            yield f"{log.origin}: the checkpoint of {size:,} entries is not signed by its key, or says something else"


def _chunks(log: Log) -> Iterator[list[Row]]:
    """Yield the entries by index, a chunk at a time: no cursor need stay open, which a pooler might not allow."""
    after = -1
    columns = ("index", "kind", "ref", "salt", "hash")
    while True:
        rows = Entry.objects.filter(log=log, index__gt=after).order_by("index").values_list(*columns)[:CHUNK]
        found = [
            Row(index, kind, ref, None if salt is None else bytes(salt), bytes(hash_))
            for index, kind, ref, salt, hash_ in rows
        ]
        if found:
            yield found
        if len(found) < CHUNK:
            return
        after = found[-1].index


def faults_between(log: Log, first: int, end: int) -> Iterator[str]:
    """Yield what does not hold of some entries: they are all there, their rows say what was logged, and their hashes
    stand in the tiles; within `one_snapshot`."""
    rows = Entry.objects.filter(log=log, index__gte=first, index__lt=end).order_by("index")
    read = [
        Row(index, kind, ref, None if salt is None else bytes(salt), bytes(hash_))
        for index, kind, ref, salt, hash_ in rows.values_list("index", "kind", "ref", "salt", "hash")
    ]
    if len(read) != end - first:
        yield f"{log.origin}: of the entries from {first:,} to {end - 1:,} only {len(read):,} are here"
    yield from _of_contents(read, _redacted(log))
    tiles = Tile.objects.filter(log=log, level=0, index__range=(first // WIDTH, end // WIDTH))
    hashes = {index: bytes(kept) for index, kept in tiles.values_list("index", "hashes")}
    for row in read:
        at = row.index % WIDTH * HASH_BYTES
        if hashes.get(row.index // WIDTH, b"")[at : at + HASH_BYTES] != leaf_of(row.hash):
            yield f"{row}: it is not what stands in the tree"


def _of_contents(
    rows: Sequence[Row], redacted: dict[int, str], about: About = about_nothing
) -> Iterator[str]:
    """Compare each row of the ledgers with its entry."""
    for kind, some in by_kind(rows):
        if kind not in ledgers():
            yield f"{kind}: {len(some):,} entries are of no ledger that is known here"
            continue
        found = contents(kind, [row.ref for row in some])
        wrong = {row: fault for row in some if (fault := _fault(row, found, redacted))}
        yield from _named(
            kind, [(row.ref, f" (entry {row.index})", fault) for row, fault in wrong.items()], about
        )


def _fault(row: Row, found: dict[str, str], redacted: dict[int, str]) -> str:
    if row.salt is None:
        is_redacted = redacted.get(row.index) == f"{row.kind} {row.ref}"
        return "" if is_redacted else "its salt is gone, and nobody redacted it"
    if row.ref not in found:
        return "the row is gone"
    is_as_logged = content_hash(row.kind, found[row.ref], row.salt) == row.hash
    return "" if is_as_logged else "it does not say what was logged"


def _named(kind: str, faults: Sequence[tuple[str, str, str]], about: About) -> Iterator[str]:
    """Yield each fault of a row with what it is about: its key, where it stands, and what is wrong."""
    known = about(kind, [ref for ref, _place, _fault in faults]) if faults else {}
    for ref, place, fault in faults:
        subject = f", {known[ref]}" if ref in known else ""
        yield f"{kind} {ref}{place}{subject}: {fault}"


def _redacted(log: Log) -> dict[int, str]:
    """Return what was redacted in that log, by the entry's index."""
    acts = AdministrativeAct.objects.filter(verb="redact", content__log=log.origin)
    return {
        content["index"]: f"{noun} {ref}" for noun, ref, content in acts.values_list("noun", "ref", "content")
    }


def _unlogged(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Rows that came by another way than every row comes."""
    return [(ref, "", "it was put there behind the log") for ref in unlogged(ledger)]


def unlogged(ledger: Ledger) -> list[str]:
    """Return the keys of rows that neither have an entry nor wait for one."""
    logged = " AND ".join(
        f"NOT EXISTS (SELECT FROM {table} AS known WHERE known.kind = %s AND known.ref = row.{ledger.key}::text)"
        for table in ("log_entry", "log_pending")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row.{ledger.key}::text FROM {ledger.table} AS row WHERE {logged} ORDER BY 1",  # noqa: S608
            [ledger.kind, ledger.kind],
        )
        return [ref for (ref,) in cursor.fetchall()]


def _long_columns(ledger: Ledger) -> list[tuple[str, str, str]]:
    """What is in the log by its hash still has that hash."""
    faults = []
    for column, hashed in ledger.long:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT row.{ledger.key}::text FROM {ledger.table} AS row"  # noqa: S608
                f" WHERE sha256(row.{column}) IS DISTINCT FROM row.{hashed}"
                f" AND (row.{column} IS NOT NULL OR row.{hashed} IS NOT NULL) ORDER BY 1"
            )
            faults += [(ref, "", f"its {column} is not that of its hash") for (ref,) in cursor.fetchall()]
    return faults
