"""Witnesses (c2sp.org/tlog-witness): who keeps our checkpoints and signs that they only grow; and we for others.

A witness need not trust us, nor we it: it signs what is proved to have grown out of what it signed before.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tir.kernel.sandbox import ensure_from_here
from tir.kernel.values import value
from tir.log.checkpoints import COSIGNATURE, TreeHead, cosign, cosigned_at, tree_head_of
from tir.log.keys import kind_of_origin
from tir.log.models import Checkpoint, Cosignature, Log, WatchedLog, Witness
from tir.log.notes import (
    ED25519,
    Note,
    NoteMalformed,
    NoteRefused,
    Signature,
    Signer,
    decoded,
    note_of,
    signers_of,
    verifier_of,
)
from tir.log.stored import tree_of
from tir.log.tree import HASH_BYTES, NO_ENTRIES, consistency_proof, is_consistent

MOST_PROOF_LINES = 63


class OriginUnknown(Exception):
    """We are no witness of this log."""


class SignatureRefused(Exception):
    """The log did not sign this checkpoint."""


class OldSizeDiffers(Exception):
    """We last saw another size, which `size` is, or another root of the same size: then two logs have one name."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The size last seen is {size}.")
        self.size = size


class NotGrown(Exception):
    """The checkpoint is not shown to have grown out of the one that we saw last."""


@value
class Submission:
    """A checkpoint brought to a witness: from which size on, the proof, and the note."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = [f"old {self.old}", *(b64encode(hash_).decode() for hash_ in self.proof)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"


def submission_of(document: bytes) -> Submission:
    """Return what a request to `add-checkpoint` says. Raises NoteMalformed."""
    said, blank, note = document.partition(b"\n\n")
    first, *lines = said.decode("ascii", "replace").split("\n")
    digits = first.removeprefix("old ")
    proof = tuple(decoded(line) for line in lines)
    if not blank or not first.startswith("old ") or not digits.isdigit() or str(int(digits)) != digits:
        raise NoteMalformed("The first line is not the old size.")
    if len(proof) > MOST_PROOF_LINES or any(len(hash_) != HASH_BYTES for hash_ in proof):
        raise NoteMalformed("The proof is not up to 63 hashes, a line each.")
    return Submission(int(digits), proof, note_of(note))


def add_checkpoint(submission: Submission, signer: Signer, at: datetime) -> Signature:
    """Sign that another node's log has grown, and remember it: one step, so that no second request comes between.

    Raises OriginUnknown, SignatureRefused, OldSizeDiffers, NotGrown, NoteMalformed.
    """
    claimed = tree_head_of(submission.note.text)
    with transaction.atomic():
        watched = WatchedLog.objects.select_for_update().filter(origin=claimed.origin).first()
        if watched is None:
            raise OriginUnknown
        try:
            signers_of(submission.note, [verifier_of(watched.key)])
        except NoteRefused as error:
            raise SignatureRefused from error
        _ensure_grown(submission, claimed, watched)
        watched.size, watched.root, watched.note = claimed.size, claimed.root, str(submission.note)
        watched.seen_at = at
        watched.save()
    return cosign(signer, submission.note.text, at)


def _ensure_grown(submission: Submission, claimed: TreeHead, watched: WatchedLog) -> None:
    if submission.old > claimed.size:
        raise NoteMalformed("The old size is larger than that of the checkpoint.")
    if submission.old != watched.size:
        raise OldSizeDiffers(watched.size)
    if submission.old == 0:
        fits = not submission.proof and (claimed.size > 0 or claimed.root == NO_ENTRIES)
    else:
        fits = is_consistent(
            submission.old, claimed.size, submission.proof, bytes(watched.root), claimed.root
        )
    if not fits:
        raise NotGrown


def submission_for(checkpoint: Checkpoint, old: int) -> Submission:
    """Return what brings one of our checkpoints to a witness that last saw `old` entries."""
    proof = consistency(checkpoint.log, old, checkpoint.size) if 0 < old < checkpoint.size else []
    return Submission(old, tuple(proof), note_of(checkpoint.note.encode()))


def consistency(log: Log, old: int, size: int) -> list[bytes]:
    """Return the proof that the log of `size` grew out of the one of `old`. Raises ValueError."""
    return consistency_proof(old, size, tree_of(log))


def take_cosignatures(checkpoint: Checkpoint, lines: Sequence[str]) -> int:
    """Keep the signatures that known witnesses made of the checkpoint, the first of each, and return how many of the
    lines are such; others are passed over.

    Raises NoteMalformed where a line is none.
    """
    text = note_of(checkpoint.note.encode()).text
    signatures = note_of("".join([text, "\n", *(f"{line}\n" for line in lines)]).encode()).signatures
    taken = 0
    for witness in Witness.objects.all():
        verifier = verifier_of(witness.key)
        for line in signatures:
            signed_at = cosigned_at(verifier, text, line)
            if signed_at is None:
                continue
            Cosignature.objects.get_or_create(
                checkpoint=checkpoint, witness=witness, defaults={"line": line.line, "signed_at": signed_at}
            )
            taken += 1
            Witness.objects.filter(pk=witness.pk, size__lte=checkpoint.size).update(
                size=checkpoint.size, seen_at=signed_at
            )
    return taken


def add_witness(key: str, *, url: str = "") -> Witness:
    """Register who signs our checkpoints, or a new address of theirs. Raises NoteMalformed for what is no such key."""
    verifier = verifier_of(key)
    if verifier.kind != COSIGNATURE:
        raise NoteMalformed("This key signs no cosignatures: a witness's key has the kind 4.")
    witness, _is_new = Witness.objects.update_or_create(key=key, defaults={"name": verifier.name, "url": url})
    return witness


def watch(key: str) -> WatchedLog:
    """Be a witness of the log that signs with this key. Raises NoteMalformed for what is no such key, and where the log
    of this name is watched under another: whoever changes its key begins a log. Raises OtherInstallation for a log of
    training or a demonstration in a real installation, and the other way about."""
    verifier = verifier_of(key)
    ensure_from_here(kind_of_origin(verifier.name))
    if verifier.kind != ED25519:
        raise NoteMalformed("This key signs no checkpoints: a log's key has the kind 1.")
    watched, _is_new = WatchedLog.objects.get_or_create(origin=verifier.name, defaults={"key": key})
    if watched.key != key:
        raise NoteMalformed(f"The log {verifier.name} is watched under another key.")
    return watched


def cosigned(checkpoint: Checkpoint) -> str:
    """Return the checkpoint with every signature that it got."""
    return checkpoint.note + "".join(checkpoint.cosignatures.order_by("pk").values_list("line", flat=True))
