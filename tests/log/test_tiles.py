"""Tiles: the addresses of the specification, and the same hashes out of tiles as out of the tree."""

from collections import defaultdict

import pytest

from tests.log.test_tree import Grown, entries
from tir.log.tiles import WIDTH, Tile, in_threes, subtree_in, tile_at, tiles_of
from tir.log.tree import consistency_proof, inclusion_proof, root_of

# From the text of c2sp.org/tlog-tiles.
ADDRESSES = {
    "tile/0/x001/x234/067": Tile(0, 1_234_067),
    "tile/0/000": Tile(0, 0),
    "tile/1/001.p/17": Tile(1, 1, 17),
    "tile/63/999.p/255": Tile(63, 999, 255),
    "tile/2/x001/000": Tile(2, 1000),
}
OF_70_000 = {(0, 273): 112, (1, 1): 17, (2, 0): 1}  # its partial tiles; 273 and 1 full ones stand beside them


class TestAnAddress:
    @pytest.mark.parametrize(("path", "tile"), ADDRESSES.items())
    def test_is_that_of_one_tile(self, path: str, tile: Tile) -> None:
        assert tile.path == path
        assert tile_at(path) == tile

    @pytest.mark.parametrize(
        "path",
        [
            "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/0", "tile/0/0000", "tile/0/x000/001",
            "tile/0/001/x000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000/",
            "/tile/0/000", "tile/entries/000", "tile/0/٠٠٠", "",
        ],
    )  # fmt: skip
    def test_that_no_tile_has_is_none(self, path: str) -> None:
        assert tile_at(path) is None

    def test_of_any_index_is_read_back(self) -> None:
        for index in [*range(2_000), 999_999, 1_000_000, 10**9, 2**56 - 1]:
            assert tile_at(f"tile/0/{in_threes(index)}") == Tile(0, index)


class TestTiles:
    def test_of_a_size_are_those_of_the_specification(self) -> None:
        full, partial = defaultdict[int, int](int), {}
        for tile in tiles_of(70_000):
            if tile.width == WIDTH:
                full[tile.level] += 1
            else:
                partial[tile.level, tile.index] = tile.width

        assert dict(full) == {0: 273, 1: 1}
        assert partial == OF_70_000
        assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
        assert list(tiles_of(0)) == []

    def test_give_the_roots_and_proofs_of_the_tree(self) -> None:
        grown = Grown(entries(700))
        for size in (1, 255, 256, 257, 511, 512, 513, 700):
            stored = {
                (tile.level, tile.index): b"".join(
                    grown.subtree(8 * tile.level, WIDTH * tile.index + at) for at in range(tile.width)
                )
                for tile in tiles_of(size)
            }
            subtree = subtree_in(lambda level, index, kept=stored: kept[level, index])  # type: ignore[misc]

            assert root_of(size, subtree) == grown.roots[size]
            for at in {0, size // 2, size - 1}:
                assert inclusion_proof(at, size, subtree) == inclusion_proof(at, size, grown.subtree)
            for old in {1, max(size // 2, 1), size}:
                assert consistency_proof(old, size, subtree) == consistency_proof(old, size, grown.subtree)

    def test_with_too_few_hashes_give_none(self) -> None:
        grown = Grown(entries(3))
        short = subtree_in(lambda _level, _index: grown.subtree(0, 0) + grown.subtree(0, 1))

        assert short(1, 0) == grown.subtree(1, 0)
        with pytest.raises(ValueError, match="no 1 hashes from 2"):
            short(0, 2)
