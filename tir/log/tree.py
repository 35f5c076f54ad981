"""The tree of the log (RFC 6962 section 2.1): what its root is, that an entry is in it, that it only ever grew.

Proofs are made from complete subtrees, which never change once they are full; they are checked by hashes alone.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

# The hash of a complete subtree: how many levels above the leaves, and which of its level from the left.
Subtree = Callable[[int, int], bytes]
NO_ENTRIES = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry (2.1: MTH of one)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The complete subtrees of a growing tree, the largest first: at most 64 hashes, all that adding to it takes."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size, self.hashes = size, list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError(f"A tree of {size} entries has {size.bit_count()} complete subtrees.")

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of an entry, and return the subtrees that it completes: level, index in the level, hash."""
        level, index, hash_ = 0, self.size, leaf
        complete = [(level, index, hash_)]
        while index % 2:
            hash_ = node_hash(self.hashes.pop(), hash_)
            level, index = level + 1, index // 2
            complete.append((level, index, hash_))
        self.hashes.append(hash_)
        self.size += 1
        return complete

    @property
    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        if not self.hashes:
            return NO_ENTRIES
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(size: int, subtree: Subtree) -> bytes:
    """Return the root of a tree of that size."""
    return _hash_of(0, size, subtree) if size else NO_ENTRIES


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that lead from an entry to the root, the leaf's sibling first (2.1.1). Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"There is no entry {index} among {size}.")
    first, end, path = 0, size, []
    while end - first > 1:
        middle = first + _left_of(end - first)
        if index < middle:
            path.append(_hash_of(middle, end, subtree))
            end = middle
        else:
            path.append(_hash_of(first, middle, subtree))
            first = middle
    return path[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that show that the first `old` entries are those of the tree when it had no more (2.1.2).
    Raises ValueError."""
    if not 0 < old <= size:
        raise ValueError(f"A tree of {size} entries has not grown from one of {old}.")
    first, end, path = 0, size, []
    while old < end:
        middle = first + _left_of(end - first)
        if old <= middle:
            path.append(_hash_of(middle, end, subtree))
            end = middle
        else:
            path.append(_hash_of(first, middle, subtree))
            first = middle
    return [*([_hash_of(first, end, subtree)] if first else []), *path[::-1]]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from an entry to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    at, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            hash_ = node_hash(sibling, hash_)
            at, last = _up_while_left_edge(at, last)
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at // 2, last // 2
    return last == 0 and hash_ == root


def is_consistent(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the proof shows that one tree grew into the other (RFC 9162 section 2.1.4.2). From nothing everything
    grows, so of that there is no proof."""
    if old == size:
        return not proof and old_root == root and (size > 0 or root == NO_ENTRIES)
    if not 0 < old < size or not proof or not _are_hashes(old_root, root, *proof):
        return False
    return _roots_of(old, size, proof, old_root) == (old_root, root)


def _roots_of(old: int, size: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes] | None:
    """Return the roots of both trees that a consistency proof leads to; nothing where it is too long or too short."""
    at, last = old - 1, size - 1
    first, *others = proof if old & (old - 1) else (old_root, *proof)
    while at % 2:
        at, last = at // 2, last // 2
    before = now = first
    for hash_ in others:
        if last == 0:
            return None
        if at % 2 or at == last:
            before, now = node_hash(hash_, before), node_hash(hash_, now)
            at, last = _up_while_left_edge(at, last)
        else:
            now = node_hash(now, hash_)
        at, last = at // 2, last // 2
    return (before, now) if last == 0 else None


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(hash_) == HASH_BYTES for hash_ in hashes)


def _up_while_left_edge(at: int, last: int) -> tuple[int, int]:
    """Go up past the levels at which the subtree has no sibling to its right."""
    while at and at % 2 == 0:
        at, last = at // 2, last // 2
    return at, last


def _left_of(entries: int) -> int:
    """Return how many of the entries the left half takes: the largest power of two that leaves some to the right."""
    return 1 << ((entries - 1).bit_length() - 1)


def _hash_of(first: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash of a run of entries that begins where a subtree of its size may begin."""
    entries = end - first
    if entries & (entries - 1) == 0:
        level = entries.bit_length() - 1
        return subtree(level, first >> level)
    middle = first + _left_of(entries)
    return node_hash(_hash_of(first, middle, subtree), _hash_of(middle, end, subtree))
