"""Compare everything on record with the log, and the log with what was signed: each fault is named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checkpoints.evidence import verification
from tir.kernel.clock import now
from tir.log.verifying import Verification, one_snapshot

MOST_CHARACTERS = 300  # of a line: what an insider wrote into a key may be of any length, and of many lines


class Command(BaseCommand):
    help = "Verify that what is on record is what was logged, and the log what was signed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Checkpoints that were kept elsewhere say what this database cannot unsay."""
        parser.add_argument(
            "--checkpoint", action="append", default=[], metavar="FILE", help="one that was kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Name every fault. Raises CommandError at the end if there was one."""
        reading = Verification([_read(path) for path in options["checkpoint"]], verification.carnets_of)
        found = 0
        with one_snapshot():
            for source in (reading.faults(), verification.faults()):
                for fault in source:
                    found += 1
                    self.stderr.write(" ".join(fault.split())[:MOST_CHARACTERS])
        self.stdout.write(f"{reading.entries:,} entries verified, {reading.redacted:,} of them redacted")
        if reading.pending and reading.oldest_pending:
            age = (now() - reading.oldest_pending).total_seconds()
            self.stdout.write(f"{reading.pending:,} not yet in the log, the oldest for {age:.1f} s")
        if found:
            raise CommandError(f"It does not hold: {found:,} faults.")
        self.stdout.write("It holds.")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
