"""Recompute the hash chain of every carnet and name each break: what was changed behind the triggers shows here."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carnets.models import Carnet
from checkpoints.evidence.chain import Break, verify_chain
from checkpoints.evidence.columns import STAMP_COLUMNS
from checkpoints.models import Stamp
from tir.log.verifying import one_snapshot

CHUNK = 2_000  # carnets read at a time, so that memory stays flat however long the ledger is


class Command(BaseCommand):
    help = "Verify the stamp ledger: every hash, every predecessor, and that no last stamp is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Name every break. Raises CommandError at the end if there was one."""
        with one_snapshot():  # a stamp made meanwhile is no break
            broken = self._verify()
        if broken:
            raise CommandError(f"The ledger does not hold: {broken:,} breaks.")
        self.stdout.write("The ledger holds.")

    def _verify(self) -> int:
        verified, broken = 0, 0
        for carnets in _chunks():
            for found in _breaks(carnets):
                broken += 1
                number = carnets[found.carnet_id][0]
                self.stderr.write(f"{number}, stamp {found.sequence}: {found.reason}")
            verified += len(carnets)
            self.stdout.write(f"{verified:,} carnets verified, {broken:,} breaks")
        return broken


def _chunks() -> Iterator[dict[int, tuple[str, int, bytes]]]:
    """Yield number, latest sequence and latest hash of every carnet by its key, a chunk at a time."""
    latest = 0
    columns = ("pk", "number", "latest_sequence", "latest_hash")
    while rows := Carnet.objects.filter(pk__gt=latest).order_by("pk").values_list(*columns)[:CHUNK]:
        yield {pk: (number, sequence, bytes(digest)) for pk, number, sequence, digest in rows}
        latest = max(row[0] for row in rows)


def _breaks(carnets: dict[int, tuple[str, int, bytes]]) -> Iterator[Break]:
    rows = (
        Stamp.objects.filter(carnet_id__in=carnets).order_by("carnet_id", "sequence").values(*STAMP_COLUMNS)
    )
    by_carnet = {key: list(some) for key, some in groupby(rows, key=lambda row: row["carnet_id"])}
    for key, (_number, sequence, digest) in carnets.items():
        for found in verify_chain(by_carnet.get(key, []), (sequence, digest)):
            yield Break(key, found.sequence, found.reason)
