"""Every pair of a tree up to SIZES entries: `python -m tests.log.pairs SIZES SEED`, for the night.

Each proof must be that of the recursion of RFC 6962, be accepted, and be refused with one bit changed, drawn by
seed; and a tile with one bit changed must lead to another root.
"""

import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from random import Random

from tests.log.test_tree import Grown, entries, largest_power_below
from tir.log.tiles import subtree_in
from tir.log.tree import consistency_proof, inclusion_proof, is_consistent, is_included, leaf_hash, root_of


class Recursion:
    """RFC 6962 section 2.1 to the letter, over entries by number; each run of them is hashed once."""

    def __init__(self, data: list[bytes]) -> None:
        self.data, self.root = data, cache(self._root)

    def _root(self, first: int, end: int) -> bytes:
        if end - first == 1:
            return sha256(b"\x00" + self.data[first]).digest()
        middle = first + largest_power_below(end - first)
        return sha256(b"\x01" + self.root(first, middle) + self.root(middle, end)).digest()

    def path(self, at: int, first: int, end: int) -> list[bytes]:
        if end - first == 1:
            return []
        middle = first + largest_power_below(end - first)
        if at < middle:
            return [*self.path(at, first, middle), self.root(middle, end)]
        return [*self.path(at, middle, end), self.root(first, middle)]

    def proof(self, old: int, first: int, end: int, *, is_whole: bool = True) -> list[bytes]:
        if old == end:
            return [] if is_whole else [self.root(first, end)]
        middle = first + largest_power_below(end - first)
        if old <= middle:
            return [*self.proof(old, first, middle, is_whole=is_whole), self.root(middle, end)]
        return [*self.proof(old, middle, end, is_whole=False), self.root(first, middle)]


def changed(proof: list[bytes], chance: Random) -> list[bytes]:
    """Return the proof with one of its bits changed."""
    at = chance.randrange(len(proof))
    other = (int.from_bytes(proof[at]) ^ 1 << chance.randrange(256)).to_bytes(32)
    return [*proof[:at], other, *proof[at + 1 :]]


def try_pairs(size: int, grown: Grown, recursion: Recursion, chance: Random) -> int:
    """Try every entry of the tree of this size, and every size that it grew from; return how many proofs were tried."""
    root = grown.roots[size]
    assert root == recursion.root(0, size) == root_of(size, grown.subtree)
    for at in range(size):
        leaf, proof = grown.subtree(0, at), inclusion_proof(at, size, grown.subtree)
        assert proof == recursion.path(at, 0, size), (at, size)
        assert is_included(leaf, at, size, proof, root), (at, size)
        assert not proof or not is_included(leaf, at, size, changed(proof, chance), root), (at, size)
    for old in range(1, size + 1):
        was, proof = grown.roots[old], consistency_proof(old, size, grown.subtree)
        assert proof == recursion.proof(old, 0, size), (old, size)
        assert is_consistent(old, size, proof, was, root), (old, size)
        assert not proof or not is_consistent(old, size, changed(proof, chance), was, root), (old, size)
    return 2 * size


def try_tiles(size: int, grown: Grown, chance: Random) -> int:
    """Change one bit of each hash of the one tile that a small tree has; return how many were tried."""
    hashes = [grown.subtree(0, at) for at in range(size)]

    def tile_of(row: list[bytes]) -> Callable[[int, int], bytes]:
        return lambda _level, _index: b"".join(row)

    assert root_of(size, subtree_in(tile_of(hashes))) == grown.roots[size]
    for at in range(size):
        row = [*hashes[:at], *changed(hashes[at : at + 1], chance), *hashes[at + 1 :]]
        assert root_of(size, subtree_in(tile_of(row))) != grown.roots[size], (at, size)
    return size


def main(sizes: int, seed: int) -> str:
    """Try them all, and say how many."""
    chance, data = Random(seed), entries(sizes)
    grown, recursion = Grown(data), Recursion(data)
    assert grown.subtree(0, 0) == leaf_hash(data[0])
    proofs = sum(try_pairs(size, grown, recursion, chance) for size in range(1, sizes + 1))
    hashes = sum(try_tiles(size, grown, chance) for size in range(1, min(sizes, 255) + 1, 7))
    return f"{proofs:,} proofs of trees up to {sizes:,}, {hashes:,} hashes of tiles"


if __name__ == "__main__":
    sys.stdout.write(main(int(sys.argv[1]), int(sys.argv[2])) + "\n")
