"""Checkpoints (c2sp.org/tlog-checkpoint): origin, size and root of a log at one moment, as the text of a signed note;
and cosignatures (c2sp.org/tlog-cosignature), by which a witness says when it saw that log grow and nothing else.
"""

from base64 import b64encode
from datetime import UTC, datetime
from re import compile as pattern

from tir.kernel.values import value
from tir.log.notes import NoteMalformed, Signature, Signer, Verifier, decoded
from tir.log.tree import HASH_BYTES

COSIGNATURE = 0x04
TIME_BYTES = 8
LATEST = 1 << 63  # no time of a cosignature reaches it
_SIZE = pattern(r"0|[1-9][0-9]{0,19}")


@value
class TreeHead:
    """What a log was at one moment; `more` are lines that others may have added."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the text to be signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.more)
        return "".join(f"{line}\n" for line in lines)


def tree_head_of(text: str) -> TreeHead:
    """Return what the text of a checkpoint says. Raises NoteMalformed."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004
        raise NoteMalformed("A checkpoint has at least an origin, a size and a root, a line each.")
    origin, size, root, *more = lines
    head = TreeHead(origin, int(size), decoded(root), tuple(more))
    if len(head.root) != HASH_BYTES or head.text != text:
        raise NoteMalformed("The root is not 32 bytes in base64.")
    return head


def cosign(signer: Signer, text: str, at: datetime) -> Signature:
    """Return the witness's signature of a checkpoint's text, to the second."""
    seconds = int(at.timestamp())
    raw = seconds.to_bytes(TIME_BYTES) + signer.private.sign(_cosigned(text, seconds))
    return Signature(signer.name, signer.verifier(COSIGNATURE).key_id, raw)


def cosigned_at(verifier: Verifier, text: str, signature: Signature) -> datetime | None:
    """Return when the witness signed this text; nothing where the signature is another's or of another text."""
    if (signature.name, signature.key_id) != (verifier.name, verifier.key_id) or verifier.kind != COSIGNATURE:
        return None
    seconds, raw = int.from_bytes(signature.raw[:TIME_BYTES]), signature.raw[TIME_BYTES:]
    if seconds >= LATEST or not verifier.signed(_cosigned(text, seconds), raw):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
