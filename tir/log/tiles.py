"""Tiles: the tree in pieces of 256 hashes that never change, under the addresses of c2sp.org/tlog-tiles.

A tile of level 0 holds hashes of entries; one of a level above holds the hash of each full tile below. The last tile of
a level is partial while it has fewer, and never part of the level above.
"""

from collections.abc import Callable, Iterator
from re import compile as pattern

from tir.kernel.values import value
from tir.log.tree import HASH_BYTES, Subtree, node_hash

LEVELS_A_TILE = 8
WIDTH = 1 << LEVELS_A_TILE
LEVELS = 64
_ADDRESS = pattern(r"tile/(0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@value
class Tile:
    """One tile: its level, its place in the level, and how many hashes it has."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the address below the log's own, as in tile/0/x001/x234/067."""
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{in_threes(self.index)}{partial}"


def in_threes(index: int) -> str:
    """Return an index in path elements of three digits, all but the last with an x before it."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *before, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    return "/".join([*(f"x{three}" for three in before), last])


def tile_at(path: str) -> Tile | None:
    """Return the tile of an address; nothing where no tile can have it."""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    level, threes, width = found.groups()
    tile = Tile(int(level), int(threes.replace("x", "").replace("/", "")), int(width or WIDTH))
    return tile if tile.path == path and tile.level < LEVELS and tile.width <= WIDTH else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree of that size, level by level: the full ones, and the partial one if there is any."""
    level, hashes = 0, size
    while hashes:
        full, rest = divmod(hashes, WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, hashes = level + 1, full


def subtree_in(tile_of: Callable[[int, int], bytes]) -> Subtree:
    """Return what `tree` asks for, out of tiles; `tile_of` gives the hashes of the tile of a level and an index, as
    many as there are."""

    def subtree(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, LEVELS_A_TILE)
        first = index << above
        hashes = tile_of(tile_level, first // WIDTH)
        return _joined(hashes, first % WIDTH, 1 << above)

    return subtree


def _joined(hashes: bytes, first: int, count: int) -> bytes:
    """Return the hash of the subtree over some hashes of a tile. Raises ValueError where the tile has not so many."""
    row = [hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(first, first + count)]
    if len(row[-1]) != HASH_BYTES:
        raise ValueError(f"The tile has no {count} hashes from {first} on.")
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]
