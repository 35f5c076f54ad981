"""Signed notes (c2sp.org/signed-note): a text that people can read, and under it who signed it.

A verifier key is a name, the kind of its signatures and the public key; signatures of keys that nobody knows here are
passed over, and one wrong signature of a known key spoils the whole note.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tir.kernel.values import value

ED25519 = 0x01
KEY_BYTES, ID_BYTES = 32, 4
MOST_SIGNATURES = 100
MOST_BYTES = 1_000_000
BEGINS_A_SIGNATURE = "— "


class NoteMalformed(ValueError):
    """The text is no signed note, or no key."""


class NoteRefused(ValueError):
    """No known key signed the note, or one that is known did not sign this text."""


@value
class Signature:
    """One signature line; `raw` is what stands behind the key's id."""

    name: str
    key_id: bytes
    raw: bytes

    @property
    def line(self) -> str:
        return f"{BEGINS_A_SIGNATURE}{self.name} {b64encode(self.key_id + self.raw).decode()}\n"


@value
class Note:
    """A text, which ends with a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"


@value
class Verifier:
    """A public key by the name of its owner; `kind` says what its signatures cover."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed(self, message: bytes, raw: bytes) -> bool:
        """Whether the key made this Ed25519 signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@value
class Signer:
    """A private key by the name of its owner."""

    name: str
    private: Ed25519PrivateKey

    def verifier(self, kind: int = ED25519) -> Verifier:
        """Return the key with which others verify."""
        return Verifier(self.name, kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Return the signature of a note's text."""
        return Signature(self.name, self.verifier().key_id, self.private.sign(text.encode()))


def verifier_of(text: str) -> Verifier:
    """Return the key of its text form: name, id and key with a plus between. Raises NoteMalformed."""
    name, _plus, rest = text.partition("+")
    said_id, _plus, key = rest.partition("+")
    packed = decoded(key)
    if not _is_name(name) or len(packed) != KEY_BYTES + 1:
        raise NoteMalformed("No key of a kind that is known here.")
    verifier = Verifier(name, packed[0], packed[1:])
    if str(verifier) != text or said_id != verifier.key_id.hex():
        raise NoteMalformed("The id is not that of the key.")
    return verifier


def note_of(document: bytes) -> Note:
    """Return the note that a document is. Raises NoteMalformed."""
    if len(document) > MOST_BYTES:
        raise NoteMalformed("The note is too long.")
    try:
        whole = document.decode()
    except UnicodeDecodeError:
        raise NoteMalformed("The note is not UTF-8.") from None
    if any(character < " " and character != "\n" for character in whole):
        raise NoteMalformed("The note has a control character.")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteMalformed(
            "The note has no blank line before its signatures, or does not end with a newline."
        )
    signatures = [_signature(line) for line in lines.removesuffix("\n").split("\n")]
    if len(signatures) > MOST_SIGNATURES:
        raise NoteMalformed("The note has too many signatures.")
    return Note(f"{text}\n", tuple(signatures))


def _signature(line: str) -> Signature:
    if not line.startswith(BEGINS_A_SIGNATURE):
        raise NoteMalformed("A line after the text is no signature.")
    name, _blank, encoded = line.removeprefix(BEGINS_A_SIGNATURE).partition(" ")
    packed = decoded(encoded)
    if not _is_name(name) or len(packed) <= ID_BYTES:
        raise NoteMalformed("A signature has no name or is too short.")
    return Signature(name, packed[:ID_BYTES], packed[ID_BYTES:])


def decoded(text: str) -> bytes:
    """Return what stands in base64, written in the one way that it can be; nothing where it is not."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:  # no base64, or no ASCII
        return b""
    return found if b64encode(found).decode() == text else b""


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def signers_of(note: Note, known: Iterable[Verifier]) -> Sequence[Verifier]:
    """Return those of the known keys that signed the text. Raises NoteRefused where none did, or where a signature of
    one of them is wrong."""
    by_id = {(verifier.name, verifier.key_id): verifier for verifier in known if verifier.kind == ED25519}
    found: list[Verifier] = []
    for signature in note.signatures:
        verifier = by_id.get((signature.name, signature.key_id))
        if verifier is None or verifier in found:
            continue
        if not verifier.signed(note.text.encode(), signature.raw):
            raise NoteRefused(f"The signature of {verifier.name} is not of this text.")
        found.append(verifier)
    if not found:
        raise NoteRefused("No known key signed it.")
    return found
