"""Proofs that carry all they need (c2sp.org/tlog-proof): an entry's place, the way to the root, a signed checkpoint.

Whoever holds one, the entry and the log's key needs nobody else to check it.
"""

from base64 import b64encode
from collections.abc import Iterable
from re import compile as pattern

from tir.kernel.values import value
from tir.log.checkpoints import TreeHead, tree_head_of
from tir.log.notes import Note, NoteMalformed, NoteRefused, Verifier, decoded, note_of, signers_of
from tir.log.tree import HASH_BYTES, is_included

HEADING = "c2sp.org/tlog-proof@v1"
_INDEX = pattern(r"index (0|[1-9][0-9]{0,19})")


@value
class LogProof:
    """Where an entry stands in the tree of a signed checkpoint. `extra` is whatever goes along, and proves nothing."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    def __str__(self) -> str:
        lines = [
            HEADING,
            *([f"extra {b64encode(self.extra).decode()}"] if self.extra else []),
            f"index {self.index}",
        ]
        lines += [b64encode(hash_).decode() for hash_ in self.path]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"


def proof_of(document: bytes) -> LogProof:
    """Return the proof that a document is. Raises NoteMalformed."""
    said, blank, note = document.partition(b"\n\n")
    try:
        heading, *lines = said.decode().split("\n")
    except UnicodeDecodeError:
        raise NoteMalformed("The proof is not UTF-8.") from None
    extra = decoded(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else b""
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    path = tuple(decoded(line) for line in lines)
    if not blank or heading != HEADING or index is None or any(len(hash_) != HASH_BYTES for hash_ in path):
        raise NoteMalformed("A proof has a heading, an index and hashes, a line each, then an empty line.")
    proof = LogProof(int(index[1]), path, note_of(note), extra)
    if str(proof).encode() != document:
        raise NoteMalformed("The proof is not written as it must be.")
    return proof


def checkpoint_proving(
    proof: LogProof, leaf: bytes, log: Verifier, known: Iterable[Verifier] = ()
) -> TreeHead:
    """Return the checkpoint in whose tree the entry of this hash is. Raises NoteMalformed, and NoteRefused where the
    log did not sign it, a signature that is known here is wrong, or the path does not lead to its root."""
    checkpoint = tree_head_of(proof.note.text)
    if log not in signers_of(proof.note, [log, *known]) or checkpoint.origin != log.name:
        raise NoteRefused("The checkpoint is not that log's.")
    if not is_included(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise NoteRefused("The entry is not in the tree of this checkpoint.")
    return checkpoint
