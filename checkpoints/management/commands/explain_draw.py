"""Show what was drawn for a carnet at an office on a day, and whether that was below the share in force then."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from checkpoints.risk.scoring import draw, lot_of, weights_on


class Command(BaseCommand):
    help = "Explain a pick by lot: needs the TIR_DRAW_SECRET with which it was drawn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("office")
        parser.add_argument("day", type=date.fromisoformat)

    def handle(self, *args: Any, number: str, office: str, day: date, **options: Any) -> None:
        drawn, share = draw(lot_of(number, office, day)), weights_on(day).random_percent
        said = "picked" if drawn < share else "not picked"
        self.stdout.write(f"{number} at {office} on {day}: {drawn} was drawn, {said} (below {share} is).")
