"""The tree of the log: against published figures, against the RFC's own recursion, and against every changed bit."""

import json
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tir.log.tree import (
    NO_ENTRIES,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

# RFC 6962 gives no figures; these entries and the roots of the trees of the first k of them are those of the test of
# google/certificate-transparency, merkletree/merkle_tree_test.cc, which every implementation since has repeated.
ENTRIES = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PUBLISHED: dict[str, list[list[Any]]] = json.loads(Path(__file__).with_name("published.json").read_text())
SIZES = range(70)


class Grown:
    """A tree with all its complete subtrees, as one grows it."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.subtrees: dict[tuple[int, int], bytes] = {}
        self.roots = [NO_ENTRIES]
        frontier = Frontier()
        for entry in entries:
            self.subtrees.update(
                ((level, index), hash_) for level, index, hash_ in frontier.add(leaf_hash(entry))
            )
            self.roots.append(frontier.root)

    def subtree(self, level: int, index: int) -> bytes:
        return self.subtrees[level, index]


def entries(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


# Straight from RFC 6962 section 2.1: slow, and of nobody's cleverness.


def naive_root(data: Sequence[bytes]) -> bytes:
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = largest_power_below(len(data))
    return sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def naive_path(m: int, data: Sequence[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    k = largest_power_below(len(data))
    if m < k:
        return [*naive_path(m, data[:k]), naive_root(data[k:])]
    return [*naive_path(m - k, data[k:]), naive_root(data[:k])]


def naive_proof(m: int, data: Sequence[bytes], *, is_whole: bool = True) -> list[bytes]:
    if m == len(data):
        return [] if is_whole else [naive_root(data)]
    k = largest_power_below(len(data))
    if m <= k:
        return [*naive_proof(m, data[:k], is_whole=is_whole), naive_root(data[k:])]
    return [*naive_proof(m - k, data[k:], is_whole=False), naive_root(data[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


@pytest.fixture(scope="module")
def grown() -> Grown:
    return Grown(entries(SIZES[-1]))


class TestPublishedFigures:
    def test_are_the_roots_of_known_entries(self) -> None:
        known = Grown(ENTRIES)

        assert [root.hex() for root in known.roots] == ROOTS
        assert [root_of(size, known.subtree).hex() for size in range(len(ROOTS))] == ROOTS

    def test_are_enough_of_both_kinds(self) -> None:
        for kind in ("inclusion", "consistency"):
            verdicts = [verdict for *_said, verdict in PUBLISHED[kind]]
            assert (len(verdicts), sum(verdicts) >= 5) == (98, True)

    @pytest.mark.parametrize("figures", PUBLISHED["inclusion"])
    def test_of_inclusion_meet_the_same_verdict(self, figures: list[Any]) -> None:
        index, size, leaf, root, proof, verdict = figures
        assert is_included(b64decode(leaf), index, size, decoded(proof), b64decode(root)) is verdict

    @pytest.mark.parametrize("figures", PUBLISHED["consistency"])
    def test_of_consistency_meet_the_same_verdict(self, figures: list[Any]) -> None:
        old, size, old_root, root, proof, verdict = figures
        assert is_consistent(old, size, decoded(proof), b64decode(old_root), b64decode(root)) is verdict


def decoded(proof: Sequence[str]) -> list[bytes]:
    return [b64decode(hash_) for hash_ in proof]


class TestATree:
    def test_has_the_roots_and_proofs_of_the_recursion(self, grown: Grown) -> None:
        for size in SIZES:
            data = entries(size)
            assert grown.roots[size] == root_of(size, grown.subtree) == naive_root(data)
            for index in range(size):
                assert inclusion_proof(index, size, grown.subtree) == naive_path(index, data)
            for old in range(1, size + 1):
                assert consistency_proof(old, size, grown.subtree) == naive_proof(old, data)

    def test_proves_every_entry_and_every_growth(self, grown: Grown) -> None:
        for size in SIZES:
            for index, entry in enumerate(entries(size)):
                proof = inclusion_proof(index, size, grown.subtree)
                assert is_included(leaf_hash(entry), index, size, proof, grown.roots[size])
            for old in range(1, size + 1):
                proof = consistency_proof(old, size, grown.subtree)
                assert is_consistent(old, size, proof, grown.roots[old], grown.roots[size])

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
    def test_proves_nothing_with_any_bit_changed(self, grown: Grown, size: int) -> None:
        root, data = grown.roots[size], entries(size)
        for index in range(size):
            leaf, proof = leaf_hash(data[index]), inclusion_proof(index, size, grown.subtree)
            for changed in one_bit_changed(proof):
                assert not is_included(leaf, index, size, changed, root)
            for at in range(-1, size + 2):
                assert is_included(leaf, at, size, proof, root) is (at == index)
        for old in range(1, size):
            was, proof = grown.roots[old], consistency_proof(old, size, grown.subtree)
            for changed in one_bit_changed(proof):
                assert not is_consistent(old, size, changed, was, root)
            assert not is_consistent(old, size, proof, root, was)
            assert not is_consistent(old, size, [*proof, NO_ENTRIES], was, root)

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
    def test_has_no_proof_of_what_is_not_there(self, grown: Grown, index: int, size: int) -> None:
        with pytest.raises(ValueError, match="no entry"):
            inclusion_proof(index, size, grown.subtree)

    @pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
    def test_has_not_grown_from_nothing_nor_from_more(self, grown: Grown, old: int, size: int) -> None:
        with pytest.raises(ValueError, match="not grown"):
            consistency_proof(old, size, grown.subtree)


def one_bit_changed(proof: Sequence[bytes]) -> list[list[bytes]]:
    """The proof with each of its bits changed once, and without each of its hashes."""
    found = []
    for at, hash_ in enumerate(proof):
        found.append([*proof[:at], *proof[at + 1 :]])
        for bit in range(256):
            other = (int.from_bytes(hash_) ^ 1 << bit).to_bytes(32)
            found.append([*proof[:at], other, *proof[at + 1 :]])
    return found


class TestAFrontier:
    def test_goes_on_from_what_was_kept(self) -> None:
        whole, kept = Frontier(), Frontier()
        for size, entry in enumerate(entries(40)):
            kept = Frontier(size, kept.hashes)
            assert kept.add(leaf_hash(entry)) == whole.add(leaf_hash(entry))
            assert kept.root == whole.root

    def test_of_another_size_is_none(self) -> None:
        with pytest.raises(ValueError, match="2 complete subtrees"):
            Frontier(3, [NO_ENTRIES])
        assert Frontier(3, [NO_ENTRIES, NO_ENTRIES]).size == 3
