"""`manage.py seed`: reference data, sample guarantees and sample accounts. Safe to repeat; keeps what is there."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from checkpoints.simulation.seeding import seed
from tir.kernel.clock import now
from tir.kernel.sandbox import refuse_what_is_real


class Command(BaseCommand):
    help = "Loads the reference data and makes sample guarantees and accounts; a second run keeps them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--card",
            type=Path,
            default=settings.BASE_DIR / ".local" / "demo.json",
            help="where the accounts' passwords are kept (default: %(default)s)",
        )

    def handle(self, *args: Any, card: Path, **options: Any) -> None:
        """Seed at this instant, and count what there is now."""
        refuse_what_is_real()
        self.stdout.write(
            "Seeding: reference data, guarantees, accounts (their passwords take a few seconds) ..."
        )
        seeded = seed(card_path=card, at=now())
        registers = ", ".join(f"{count} {name}" for name, count in seeded.registers.items())
        self.stdout.write(
            f"{registers}, {seeded.guarantees} guarantees, {seeded.accounts} sample accounts: {card}"
        )
