"""Prove that the periods and totals kept beside the liability ledger say what it says, and name what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guarantees.liability import folding

SHOWN = 50  # differences written out; the rest are only counted


class Command(BaseCommand):
    help = "Verify that liability figures are the sums of the ledger; with --rebuild, make them anew from it first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="Make periods and totals anew from the ledger."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare what is kept beside the ledger with the ledger, rebuilt first if asked; fail where they differ."""
        if options["rebuild"]:
            folding.rebuild()
            self.stdout.write("Periods and totals were made anew.")
        found = folding.discrepancies()
        for each in found[:SHOWN]:
            self.stderr.write(f"{each.where}: kept {each.kept}, the ledger says {each.ledger}")
        if found:
            raise CommandError(f"Liability does not hold: {len(found):,} differences. Use --rebuild.")
        self.stdout.write("Liability holds.")
