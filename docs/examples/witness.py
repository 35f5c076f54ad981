#!/usr/bin/env python3
"""A witness in one file: keeps the log's checkpoint, and demands that the next one grew out of it. For cron, hourly:

    witness.py https://tir.example.org/api/v1/log NAME+ID+KEY /var/lib/witness/checkpoint

NAME+ID+KEY is the log's key. Take it once, from the node's own people and not from this address. The file is written at
the first run; keep it where the node's people cannot write. Exit 0: the log is the one that was kept, and only grew.
1: it is not, and the words say what to do. 2: no answer came, nothing is known; the next run asks again.
Needs Python 3.11 and the package `cryptography`. Formats: c2sp.org/signed-note, tlog-checkpoint; RFC 9162 2.1.4.
"""

import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNS, LEAST_LINES, SERVER_FAULT = 1, 3, 500
NO_ENTRIES = sha256(b"").digest()
SECONDS, MOST_BYTES = 30, 1_000_000
ALARM = """THE LOG DOES NOT HOLD: {why}
Keep both files, and show them to your headquarters and to the other witnesses: together they are the proof.
kept:   {kept}
refused: {refused}"""


class Wrong(Exception):
    """What does not hold, in words."""


class Checkpoint:
    """Origin, size and root of the log, as the key signed them. Raises Wrong."""

    def __init__(self, note: str, key: str) -> None:
        name, said_id, packed = key.split("+", 2)
        text, blank, signatures = note.rpartition("\n\n")
        lines = text.split("\n")
        if not blank or len(lines) < LEAST_LINES or not lines[1].isdecimal():
            raise Wrong("this is no checkpoint")
        self.note, self.origin, self.size, self.root = note, lines[0], int(lines[1]), unbase64(lines[2])
        raw = unbase64(packed)
        key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
        if raw[0] != SIGNS or key_id.hex() != said_id:
            raise Wrong("the key that you gave is no key of a log")
        if self.origin != name:
            raise Wrong(f"this is a checkpoint of {self.origin}, and not of {name}")
        of_key = f"— {name} "
        signed = [
            unbase64(line.removeprefix(of_key)) for line in signatures.split("\n") if line.startswith(of_key)
        ]
        signed = [each[4:] for each in signed if each[:4] == key_id]
        if not signed:
            raise Wrong(f"{name} did not sign it")
        try:
            for each in signed:
                Ed25519PublicKey.from_public_bytes(raw[1:]).verify(each, f"{text}\n".encode())
        except InvalidSignature:
            raise Wrong(f"the signature of {name} is of something else") from None


def unbase64(text: str) -> bytes:
    """Return what stands in base64. Raises Wrong."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"{text!r} is not base64") from None
    if b64encode(raw).decode() != text:
        raise Wrong(f"{text!r} is not the one way to write it in base64")
    return raw


def ensure_grown(old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> None:
    """Raise Wrong unless the proof leads to both roots: then the new log begins with the old one."""
    if new.size < old.size:
        raise Wrong(f"it had {old.size} entries, and now has {new.size}")
    if old.size == 0:
        is_grown = old.root == NO_ENTRIES
    elif old.size == new.size:
        is_grown = old.root == new.root
    else:
        is_grown = roots_of(old, new, proof) == (old.root, new.root)
    if not is_grown:
        raise Wrong(f"its {new.size} entries do not begin with the {old.size} that were signed before")


def roots_of(old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots that a consistency proof leads to, as RFC 9162 section 2.1.4.2 walks."""
    if not proof:
        return None
    path = list(proof) if old.size & (old.size - 1) else [old.root, *proof]
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = now = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            before, now = node(other, before), node(other, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, other)
        at, last = at >> 1, last >> 1
    return (before, now) if last == 0 else None


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def fetch(address: str) -> str:
    """Return the text at an address."""
    with urlopen(address, timeout=SECONDS) as answer:
        content: bytes = answer.read(MOST_BYTES)
    return content.decode()


def growth(base: str, old: Checkpoint, new: Checkpoint) -> list[bytes]:
    """Return the proof that the log grew. Raises Wrong where it gives none."""
    if not 0 < old.size < new.size:
        return []
    try:
        lines = fetch(f"{base}/proof?from={old.size}&size={new.size}").splitlines()
    except HTTPError as refused:
        if refused.code >= SERVER_FAULT:
            raise
        raise Wrong(
            f"it gives no proof that it grew out of its first {old.size} entries ({refused.code})"
        ) from None
    return [unbase64(line) for line in lines]


def watch(base: str, key: str, file: Path) -> str:
    """Fetch the newest checkpoint, and keep it if it grew out of the one that is kept. Raises Wrong."""
    note = fetch(f"{base}/checkpoint")
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(note)
    new = Checkpoint(note, key)
    if file.exists():
        old = Checkpoint(file.read_text(), key)
        ensure_grown(old, new, growth(base, old, new))
    fresh.replace(file)
    return f"{new.origin}: {new.size} entries, root {b64encode(new.root).decode()}"


def main(base: str, key: str, kept: str) -> int:
    """Say what was found, and return the exit status."""
    file, refused = Path(kept), Path(f"{kept}.refused")
    try:
        print(watch(base.rstrip("/"), key, file))
    except Wrong as wrong:
        Path(f"{kept}.new").replace(refused)
        print(ALARM.format(why=wrong, kept=file, refused=refused), file=sys.stderr)
        return 1
    except (URLError, OSError, UnicodeDecodeError) as error:
        print(f"No answer: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:  # noqa: PLR2004
        sys.exit("usage: witness.py ADDRESS NAME+ID+KEY FILE")
    sys.exit(main(*sys.argv[1:]))
