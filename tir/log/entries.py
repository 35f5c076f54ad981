"""What an entry of the log is: a version, and a hash over a salt and the content of one row of a ledger.

Nothing of it can be guessed without the salt, so entries may be shown to anybody. Whoever is given salt and content can
see that they are what was logged.
"""

from hashlib import sha256

from tir.log.tree import leaf_hash

VERSION = b"\x01"


def content_hash(kind: str, content: str, salt: bytes = b"") -> bytes:
    """Return the hash that stands in the entry; without a salt, what `log_take.sql` makes of a row."""
    return sha256(salt + statement(kind, content)).digest()


def statement(kind: str, content: str) -> bytes:
    """Return what the salt is put before: what it is, and what it says."""
    return f"{kind}\n{content}".encode()


def entry_of(hashed: bytes) -> bytes:
    """Return the entry as it stands in the log."""
    return VERSION + hashed


def leaf_of(hashed: bytes) -> bytes:
    """Return the hash by which the entry stands in the tree."""
    return leaf_hash(VERSION + hashed)
