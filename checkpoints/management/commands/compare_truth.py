"""`manage.py compare_truth FILE`: planted against found, by code; exit 0 only if they are the same and few honest
transports wait for a person."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checkpoints.simulation import table, truth
from checkpoints.simulation.comparing import compare_truth
from checkpoints.simulation.recorded import carnets_on_record


class Command(BaseCommand):
    help = "Compares what a simulation planted with what reconciliation found; run it after `reconcile`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="what `simulate --truth` wrote")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        """Show the comparison. Raises CommandError where the file is missing, where something else was found, and
        where one in twelve honest transports or more waits for a person."""
        if not path.exists():
            raise CommandError(f"{path} is missing: manage.py simulate --truth {path} writes it.")
        planted = truth.read_truth(path)
        comparison = compare_truth(planted, carnets_on_record(planted))
        for line in table.lines(comparison):
            self.stdout.write(line)
        if not comparison.is_clean:
            raise CommandError("What was found is not what was planted.")
        if not comparison.are_few_waiting:
            raise CommandError("Too many honest transports wait for a person.")
