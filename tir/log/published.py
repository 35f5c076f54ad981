"""What anybody may see of the log: published checkpoints, tiles and entries below their size, proofs out of these.

Nothing beyond the published size is shown: what was not seen outside may still be taken back by a crash.
"""

from base64 import b64encode
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Conflict, NotFound
from tir.kernel.values import value
from tir.log.entries import entry_of, statement
from tir.log.ledgers import contents, one_text
from tir.log.models import Checkpoint, Cosignature, Entry, LeafHash, Log, Pending, Tile, Witness
from tir.log.notes import note_of
from tir.log.proofs import LogProof
from tir.log.stored import tree_of
from tir.log.tiles import WIDTH
from tir.log.tiles import Tile as Place
from tir.log.tree import HASH_BYTES, consistency_proof, inclusion_proof
from tir.log.witnessing import cosigned


class NoLog(NotFound):
    """No log has begun here yet, or none that was ended has this number."""

    code = "no_log"


class CheckpointUnknown(NotFound):
    """No checkpoint of this size was published."""

    code = "no_such_checkpoint"


class NotCosigned(NotFound):
    """No checkpoint of this log has the signatures of so many witnesses."""

    code = "not_cosigned"


class LogEntryUnknown(NotFound):
    """The log has no such entry, or none below the size that was asked about."""

    code = "no_such_entry"


class NotLoggedYet(Conflict):
    """The row is on record and waits for its place in the log, or its place is not published yet."""

    code = "not_logged_yet"


@value
class Printed:
    """The newest published checkpoint, as papers show it."""

    origin: str
    size: int
    root: str
    made_at: datetime

    def __str__(self) -> str:
        return f"{self.origin} {self.size} {self.root}"


def newest_log() -> Log:
    """Return the log that grows; where it was ended, and none began since, that one. Raises NoLog."""
    log = Log.objects.order_by("-pk").first()
    if log is None:
        raise NoLog(_("No log has begun here yet. Ask again in a minute."))
    return log


def ended_log(number: int) -> Log:
    """Return an ended log by its number, the first being 1. Raises NoLog."""
    for at, log in enumerate(Log.objects.order_by("pk"), 1):
        if at == number and log.ended_at is not None:
            return log
    raise NoLog(_("No ended log has this number. /api/v1/log/ lists those that there are."))


def newest_checkpoint(log: Log) -> Checkpoint:
    """Return the newest published checkpoint. Raises NoLog before there is one."""
    found = log.checkpoints.exclude(published_at=None).order_by("-pk").first()
    if found is None:
        raise NoLog(_("No log has begun here yet. Ask again in a minute."))
    return found


def checkpoint_of(log: Log, size: int) -> Checkpoint:
    """Return the newest published checkpoint of that size. Raises CheckpointUnknown."""
    found = None
    if size <= log.size:
        found = log.checkpoints.exclude(published_at=None).filter(size=size).order_by("-pk").first()
    if found is None:
        raise CheckpointUnknown(
            _(
                "No checkpoint of {size} entries was published. Leave size out to get the newest, {newest}."
            ).format(size=size, newest=log.size),
            field="size",
            newest=log.size,
        )
    return found


def cosigned_checkpoint(log: Log, witnesses: int) -> Checkpoint:
    """Return the newest published checkpoint that so many witnesses have signed. Raises NoLog, NotCosigned."""
    newest_checkpoint(log)
    signed = Cosignature.objects.filter(checkpoint__log=log).values_list("checkpoint")
    by_enough = signed.alias(count=Count("witness")).filter(count__gte=witnesses).order_by("-checkpoint")
    found = by_enough.first() if Witness.objects.count() >= witnesses else None
    if found is None:
        raise NotCosigned(
            _("No checkpoint of this log has the signatures of {witnesses} witnesses.").format(
                witnesses=witnesses
            ),
            witnesses=witnesses,
        )
    return Checkpoint.objects.select_related("log").get(pk=found[0])


def printed() -> Printed | None:
    """Return the newest published checkpoint of the newest log; nothing before there is one."""
    try:
        found = newest_checkpoint(newest_log())
    except NoLog:
        return None
    return Printed(found.log.origin, found.size, b64encode(bytes(found.root)).decode(), found.made_at)


def hashes_of(log: Log, place: Place) -> bytes | None:
    """Return the hashes of a tile; nothing where no published size has a tile of this width there."""
    if not _is_required(log, place):
        return None
    rows = Tile.objects.filter(log=log, level=place.level, index=place.index).values_list("hashes", flat=True)
    return bytes(rows[0])[: place.width * HASH_BYTES] if rows else None


def bundle_of(log: Log, place: Place) -> bytes | None:
    """Return the entries below a tile of level 0, each after its length in two bytes; nothing as `hashes_of` does."""
    if not _is_required(log, place):
        return None
    first = place.index * WIDTH
    rows = Entry.objects.filter(log=log, index__gte=first, index__lt=first + place.width).order_by("index")
    entries = [entry_of(bytes(hashed)) for hashed in rows.values_list("hash", flat=True)]
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def _is_required(log: Log, place: Place) -> bool:
    """Whether the tree of a published size has this tile, and with this width."""
    covered: int = WIDTH**place.level  # entries below one hash
    size = (place.index * WIDTH + place.width) * covered  # the smallest with so many hashes
    if size > log.size or place.width == WIDTH:
        return size <= log.size
    sizes = log.checkpoints.exclude(published_at=None).filter(size__gte=size, size__lt=size + covered)
    return sizes.exists()


def proof_of_entry(checkpoint: Checkpoint, index: int) -> LogProof:
    """Return the proof that an entry is in the tree of a published checkpoint. Raises LogEntryUnknown."""
    if index >= checkpoint.size:
        raise LogEntryUnknown(
            _("The log has no entry {index} below {size}. The first is 0.").format(
                index=index, size=checkpoint.size
            ),
            field="index",
            size=checkpoint.size,
        )
    path = inclusion_proof(index, checkpoint.size, tree_of(checkpoint.log))
    return LogProof(index, tuple(path), note_of(cosigned(checkpoint).encode()))


def index_of_leaf(log: Log, leaf: bytes) -> int:
    """Return where the entry of this hash stands. Raises LogEntryUnknown."""
    rows = Entry.objects.annotate(leaf=LeafHash("hash")).filter(log=log, leaf=leaf, index__lt=log.size)
    for index in rows.values_list("index", flat=True):
        return int(index)
    raise LogEntryUnknown(
        _(
            "The log has no entry with this hash below {size}. If its row is new, ask again in a minute."
        ).format(size=log.size),
        field="leaf",
        size=log.size,
    )


def proof_of_consistency(log: Log, old: int, size: int) -> list[bytes]:
    """Return the hashes that show that the log of `size` grew out of that of `old`. Raises CheckpointUnknown where the
    log is not so large."""
    newest = newest_checkpoint(log).size
    if size > newest or old > size:
        raise CheckpointUnknown(
            _("The log has {newest} entries. Ask for a size up to that, and from one up to the size.").format(
                newest=newest
            ),
            field="size" if size > newest else "from",
            newest=newest,
        )
    return consistency_proof(old, size, tree_of(log))


def entry_of_row(kind: str, ref: str) -> Entry:
    """Return the published entry of a row that is on record. Raises NotLoggedYet."""
    entry = Entry.objects.select_related("log").filter(kind=kind, ref=ref).first()
    if entry is None or entry.index >= entry.log.size:
        waiting = Pending.objects.filter(kind=kind, ref=ref).first()
        raise NotLoggedYet(
            _("This is on record and not in the log yet. Ask again in a minute."),
            waits_since=waiting.since if waiting else None,
        )
    return entry


def proof_of_row(kind: str, ref: str) -> LogProof:
    """Return the proof that a row is in the log, whose `extra` is the salt and what was hashed with it. Raises
    NotLoggedYet."""
    entry = entry_of_row(kind, ref)
    proof = proof_of_entry(newest_checkpoint(entry.log), entry.index)
    with transaction.atomic():
        one_text()
        said = statement(kind, contents(kind, [ref])[ref])
    return LogProof(proof.index, proof.path, proof.note, bytes(entry.salt or b"") + said)
