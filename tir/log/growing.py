"""How the log grows: what is pending gets its place, the tree is extended and signed, and then it is published.

Three steps, so that nothing is seen outside that a crash or a restored backup could take back: entries, tiles and
checkpoint are committed together; the copy outside the database learns of them; only then are they published.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_bytes

from django.db import connection, transaction

from tir.kernel.bulk import Writes
from tir.kernel.values import value
from tir.log.checkpoints import TreeHead, tree_head_of
from tir.log.entries import content_hash, leaf_of
from tir.log.errors import Forked, LogStopped, OutsideCopyMissing, RestoredFromBackup
from tir.log.head import Head
from tir.log.ledgers import by_kind, contents, ledgers, one_text
from tir.log.models import Checkpoint, Entry, Log, Pending
from tir.log.notes import Note, Signer, note_of, signers_of, verifier_of
from tir.log.stored import Growth, frontier_of, tree_of
from tir.log.tree import root_of

MOST_AT_ONCE = 5_000
SIGNED_ANEW_AFTER = timedelta(
    hours=1
)  # when nothing happens: a log that stands still can be told from one that died
ENTRY_COLUMNS = ("log", "index", "kind", "ref", "salt", "hash")
SALT_BYTES = 16
DIFFERS, GONE, UNKNOWN, LOGGED = "differs", "gone", "unknown_kind", "logged_already"


@value
class Grown:
    """What one step did: how many entries got a place, and which pending ones did not fit their rows."""

    entries: int
    size: int
    faults: tuple[str, ...] = ()


@value
class New:
    """An entry that gets its place: what is pending, with the salt that it gets now."""

    kind: str
    ref: str
    salt: bytes
    hash: bytes


def begin(*, origin: str, signer: Signer, head: Head, at: datetime) -> Log:
    """Begin a log with an empty, signed tree. Raises RestoredFromBackup where one of this origin was seen outside."""
    if head.read() is not None:
        raise RestoredFromBackup(
            f"{head.path} has a checkpoint of {origin}, and this database knows of no such log: it is not the one that "
            "signed it. Set DATABASE_URL to that one, or TIR_LOG_ORIGIN to a name that was never used."
        )
    with transaction.atomic():
        log = Log.objects.create(origin=origin, key=str(signer.verifier()), began_at=at)
        _sign(log, signer, 0, root_of(0, tree_of(log)), at)
    publish(log, head, at)
    return log


def end(*, log: Log, head: Head, reason: str, at: datetime) -> Log:
    """End a log and return it: its checkpoints stay good, and nothing is added any more. What has its place and was not
    seen outside yet is published first, for no feed reads it anywhere else.

    Raises LogStopped where it is ended already, and Forked where that would show two logs of one name.
    """
    with transaction.atomic():
        newest = _locked(log)
        if not newest.published_at:
            _publish_the_last(log, newest, head, at)
        Log.objects.filter(pk=log.pk).update(ended_at=at, end_reason=reason)
    log.refresh_from_db()
    return log


def _publish_the_last(log: Log, newest: Checkpoint, head: Head, at: datetime) -> None:
    """Publish what nothing comes after. A backup, or a database whose copy outside is gone, is a beginning of what was
    seen or all there is: its last entries are shown as they are, and the copy outside stays as it is."""
    known = head.read()
    try:
        _ensure_grown_from(log, known, newest, head)
    except (RestoredFromBackup, OutsideCopyMissing):
        _mark_published(newest, at)
    except Forked as error:
        hidden = newest.size - Log.objects.get(pk=log.pk).size
        raise Forked(
            f"{error} {hidden:,} entries have their place here and were never published: find out which database wrote "
            f"{head.path}, and keep a copy of it. Bring back the one that this database wrote; or, if none is left, "
            "move that file away and end this log then: its last entries are shown as they are here."
        ) from error
    else:
        head.replace(known, newest.note)
        _mark_published(newest, at)


def grow(*, log: Log, signer: Signer, at: datetime, most: int = MOST_AT_ONCE) -> Grown:
    """Give what is pending its place, in one transaction with tiles and checkpoint.

    Each row is read and hashed once more: what no longer fits the hash it came with is set aside, named, and stays
    pending. Raises LogStopped where the tree is not the one that was signed last.
    """
    with transaction.atomic():
        one_text()
        latest = _locked(log)
        waiting = list(Pending.objects.filter(fault="").order_by("pk")[:most])
        good, faults = _checked(waiting)
        if good:
            _extend(log, signer, latest.size, good, at)
            Pending.objects.filter(fault="", pk__in=[each.pk for each in waiting]).delete()
        elif latest.published_at and at - latest.made_at >= SIGNED_ANEW_AFTER:
            _sign(log, signer, latest.size, bytes(latest.root), at)
    return Grown(len(good), latest.size + len(good), faults)


def publish(log: Log, head: Head, at: datetime) -> Checkpoint | None:
    """Tell the copy outside of the newest checkpoint, then publish it; nothing where it is published already.

    Raises RestoredFromBackup, Forked and OutsideCopyMissing where what was seen outside is not what is here.
    """
    newest = log.checkpoints.latest("pk")
    if newest.published_at:
        return None
    known = head.read()
    _ensure_grown_from(log, known, newest, head)
    head.replace(known, newest.note)
    _mark_published(newest, at)
    return newest


@transaction.atomic
def _mark_published(newest: Checkpoint, at: datetime) -> None:
    Checkpoint.objects.filter(pk=newest.pk).update(published_at=at)
    Log.objects.filter(pk=newest.log_id).update(size=newest.size)


def ensure_ours(log: Log, head: Head) -> None:
    """Raise RestoredFromBackup, Forked or OutsideCopyMissing unless the copy outside is of what this database has."""
    _ensure_grown_from(log, head.read(), log.checkpoints.latest("pk"), head)


def _ensure_grown_from(log: Log, known: str | None, newest: Checkpoint, head: Head) -> None:
    if known is None:
        if log.checkpoints.exclude(published_at=None).exists():
            raise OutsideCopyMissing(
                f"{head.path} is gone, which tells a restored backup from the database that signed last. Bring it "
                "back; or ask a witness, and end this log: manage.py log end."
            )
        return
    seen = _seen(log, known, head)
    if seen.size > newest.size:
        raise RestoredFromBackup(
            f"This database is restored from a backup: {seen.size:,} entries of {log.origin} were signed and seen "
            f"outside, and {newest.size:,} are here. End this log (manage.py log end), and a new one begins; what was "
            "signed stays good."
        )
    if root_of(seen.size, tree_of(log)) != seen.root:
        raise Forked(
            f"The first {seen.size:,} entries of {log.origin} are not those that were signed and seen outside."
        )


def _seen(log: Log, known: str, head: Head) -> TreeHead:
    """Return the checkpoint of the copy outside. Raises Forked where it is not of this log."""
    try:
        note = note_of(known.encode())
        signers_of(note, [verifier_of(log.key)])
        seen = tree_head_of(note.text)
    except ValueError as error:
        raise Forked(f"{head.path} is no checkpoint that {log.origin} signed: {error}") from error
    if seen.origin != log.origin:
        raise Forked(f"{head.path} is of {seen.origin}, and not of {log.origin}.")
    return seen


def _locked(log: Log) -> Checkpoint:
    """Lock the log, so that two can never extend it, and return its newest checkpoint."""
    kept = Log.objects.select_for_update().get(pk=log.pk)
    if kept.ended_at is not None:
        raise LogStopped(f"{log.origin} was ended: {kept.end_reason}")
    return kept.checkpoints.latest("pk")


def _checked(waiting: Sequence[Pending]) -> tuple[list[New], tuple[str, ...]]:
    """Return the entries that fit their rows, in order; the others are marked, and named."""
    faults: dict[int, str] = {}
    said: dict[int, str] = {}
    for kind, rows in by_kind(waiting):
        found = contents(kind, [row.ref for row in rows]) if kind in ledgers() else None
        faults |= {row.pk: fault for row in rows if (fault := _fault(row, found))}
        faults |= dict.fromkeys(_logged_already(kind, rows), LOGGED)
        said |= {row.pk: found[row.ref] for row in rows if found and row.pk not in faults}
    for each in waiting:
        if each.pk in faults:
            Pending.objects.filter(pk=each.pk).update(fault=faults[each.pk])
    named = tuple(f"{each}: {faults[each.pk]}" for each in waiting if each.pk in faults)
    return [_new(each, said[each.pk]) for each in waiting if each.pk in said], named


def _new(row: Pending, content: str) -> New:
    salt = token_bytes(SALT_BYTES)
    return New(row.kind, row.ref, salt, content_hash(row.kind, content, salt))


def _logged_already(kind: str, rows: Sequence[Pending]) -> list[int]:
    """Return those whose row has its entry, or gets it now: a row has one place, and a second would stop the log."""
    refs = {row.ref for row in rows}
    seen = set(Entry.objects.filter(kind=kind, ref__in=refs).values_list("ref", flat=True))
    again = []
    for row in rows:
        if row.ref in seen:
            again.append(row.pk)
        seen.add(row.ref)
    return again


def _fault(row: Pending, found: dict[str, str] | None) -> str:
    if found is None:
        return UNKNOWN
    if row.ref not in found:
        return GONE
    fits = content_hash(row.kind, found[row.ref]) == bytes(row.hash)
    return "" if fits else DIFFERS


def _extend(log: Log, signer: Signer, size: int, added: Sequence[New], at: datetime) -> None:
    try:
        frontier = frontier_of(log, size)
        growth = Growth()
        for each in added:
            growth.add(frontier.add(leaf_of(each.hash)))
        growth.write(log)
    except ValueError as error:
        raise Forked(f"The tiles of {log.origin} are not those of its newest checkpoint: {error}") from error
    _ensure_signed_tree(log, size)
    writes = Writes()
    rows = [
        (log.pk, index, each.kind, each.ref, each.salt, each.hash) for index, each in enumerate(added, size)
    ]
    writes.insert(Entry, ENTRY_COLUMNS, rows)
    writes.send()
    _sign(log, signer, frontier.size, frontier.root, at)


def _ensure_signed_tree(log: Log, size: int) -> None:
    """The tree that was extended is the one that was signed last, or nothing is signed."""
    signed = log.checkpoints.filter(size=size).latest("pk")
    if frontier_of(log, size).root != bytes(signed.root):
        raise Forked(f"The tiles of {log.origin} are not those of its newest checkpoint of {size:,} entries.")


def _sign(log: Log, signer: Signer, size: int, root: bytes, at: datetime) -> Checkpoint:
    if str(signer.verifier()) != log.key:
        raise LogStopped(
            f"{log.origin} is signed with another key than the one in TIR_LOG_KEY, and nothing was signed: put the old "
            "one back. To change it, end this log first (manage.py log end); the next has the new key."
        )
    text = TreeHead(log.origin, size, root).text
    note = str(Note(text, (signer.sign(text),)))
    return Checkpoint.objects.create(log=log, size=size, root=root, note=note, made_at=at)


def pending() -> tuple[int, datetime | None]:
    """Return how many entries wait for their place, and since when the oldest does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(since) FROM log_pending")
        count, oldest = cursor.fetchone()
    return count, oldest
