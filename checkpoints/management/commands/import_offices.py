"""`manage.py import_offices FILE`: customs offices from a CSV file or from the European list, all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checkpoints.management.commands.pack import tell, user_named
from checkpoints.packs.applying import apply_pack
from checkpoints.packs.offices import read_offices
from tir.kernel.clock import now
from tir.registers.entering import Act


class Command(BaseCommand):
    help = "Enters customs offices from a list that others keep; says every fault of every row at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="NAME", help="whose act it is: a user's name")
        parser.add_argument("--reason", default="List of customs offices")
        parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN")
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=TEXT", help="the same for all"
        )
        parser.add_argument("--positions", type=Path, metavar="CSV", help="code, latitude, longitude")
        parser.add_argument("--over", action="store_true", help="go over what is on record otherwise")
        parser.add_argument("--check", action="store_true", help="do nothing, say what would be done")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Do it; raise CommandError (status 1) where a row has a fault or differs from what is on record."""
        offices = read_offices(
            file,
            columns=_pairs(options["column"]),
            said=_pairs(options["set"]),
            positions=options["positions"],
        )
        act = Act(user_named(options["by"]), now(), options["reason"])
        report = apply_pack(offices, act, over=options["over"], is_trial=options["check"])
        tell(self.stdout, report, over=options["over"])


def _pairs(said: list[str]) -> dict[str, str]:
    if wrong := [each for each in said if "=" not in each]:
        raise CommandError(f"Give a name, an equals sign and a text, not: {', '.join(wrong)}")
    return dict(each.split("=", 1) for each in said)
