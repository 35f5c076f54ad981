"""The tree as it lies in the database: tiles read and written, proofs out of them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from tir.log.models import Log, Tile
from tir.log.tiles import LEVELS_A_TILE, WIDTH, subtree_in
from tir.log.tree import HASH_BYTES, Frontier, Subtree


def tree_of(log: Log) -> Subtree:
    """Return what makes proofs out of this log's tiles; each tile is read once."""
    read: dict[tuple[int, int], bytes] = {}

    def tile_of(level: int, index: int) -> bytes:
        if (level, index) not in read:
            rows = Tile.objects.filter(log=log, level=level, index=index).values_list("hashes", flat=True)
            read[level, index] = bytes(rows[0]) if rows else b""
        return read[level, index]

    return subtree_in(tile_of)


def frontier_of(log: Log, size: int) -> Frontier:
    """Return the complete subtrees of the log's first entries. Raises ValueError where a tile is missing."""
    subtree = tree_of(log)
    hashes, first = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            hashes.append(subtree(level, first >> level))
            first += 1 << level
    return Frontier(size, hashes)


class Growth:
    """Hashes to be put behind those of the tiles they belong to."""

    def __init__(self) -> None:
        self._added: dict[tuple[int, int], tuple[int, list[bytes]]] = {}

    def add(self, complete: Sequence[tuple[int, int, bytes]]) -> None:
        """Take in what `Frontier.add` completed; only each eighth level stands in tiles."""
        for level, index, hash_ in complete[::LEVELS_A_TILE]:
            place = level // LEVELS_A_TILE, index // WIDTH
            self._added.setdefault(place, (index % WIDTH, []))[1].append(hash_)

    def write(self, log: Log) -> None:
        """Write the tiles. Raises ValueError where one has another length than the tree has: then it is not ours."""
        rows: list[Any] = [
            (log.pk, level, index, first * HASH_BYTES, b"".join(hashes))
            for (level, index), (first, hashes) in self._added.items()
        ]
        written = 0
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(_BEHIND, row)
                written += cursor.rowcount
        if written != len(rows):
            raise ValueError("A tile has not the length that the tree has.")


_BEHIND = """
    INSERT INTO log_tile AS kept (log_id, level, index, hashes)
    SELECT log_id, level, index, hashes
    FROM (VALUES (%s::bigint, %s::smallint, %s::bigint, %s::int, %s::bytea))
        AS new (log_id, level, index, bytes_before, hashes)
    WHERE bytes_before = coalesce((
        SELECT octet_length(old.hashes) FROM log_tile AS old
        WHERE (old.log_id, old.level, old.index) = (new.log_id, new.level, new.index)), 0)
    ON CONFLICT (log_id, level, index) DO UPDATE SET hashes = kept.hashes || EXCLUDED.hashes
"""
