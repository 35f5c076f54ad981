"""Make the daily SafeTIR files up to a day, or print one: the same as Celery beat does every hour."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checkpoints.annex10 import daily, safetir
from checkpoints.models import SafetirFile, SafetirRecord
from tir.kernel.clock import now


class Command(BaseCommand):
    help = "Make the missing daily SafeTIR files up to --day (yesterday when left out), and print that day's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="a day of UTC, as in 2026-11-23")
        parser.add_argument("--exits", action="store_true", help="print exits en route too (TCO = EXIT)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the file of the day (UTC), as it was sent. Raises CommandError where that day is not over, or before
        the first stamp."""
        at = now()
        day = options["day"] or daily.latest_day_over(at)
        try:
            made = daily.make_files(upto=day, at=at)
        except daily.DayNotOver as error:
            raise CommandError(str(error.detail)) from error
        self.stderr.write(f"made {len(made)} files")
        file = SafetirFile.objects.filter(day=day).first()
        if file is None:
            raise CommandError(f"There is no file of {day}: the ledger begins later.")
        records = daily.records_of(file, SafetirRecord.objects.all(), with_exits=options["exits"])
        self.stdout.write(safetir.file_of(records), ending="")
