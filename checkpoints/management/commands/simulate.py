"""`manage.py simulate`: drives carnets along the sample corridors, some with faults, and writes what was planted."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checkpoints.simulation import truth
from checkpoints.simulation.driving import Progress, drive
from checkpoints.simulation.planning import DEFAULT_SHARE, Order, plan
from checkpoints.simulation.progress import Ticker
from checkpoints.simulation.recorded import is_on_record
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.kernel.sandbox import refuse_what_is_real


class Command(BaseCommand):
    help = "Simulates carnets through the public service functions; needs what `seed` makes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many carnets, from which seed, up to which instant, and where to write what was planted."""
        parser.add_argument("--carnets", type=int, required=True, help="how many carnets")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same journeys")
        parser.add_argument("--truth", type=Path, required=True, help="the file for what was planted")
        parser.add_argument(
            "--until", type=_instant, help="end of the simulated time (ISO 8601; default: now)"
        )
        parser.add_argument(
            "--faults", type=float, default=DEFAULT_SHARE, help="share of carnets (default: 0.12)"
        )
        parser.add_argument(
            "--once", action="store_true", help="keep the carnets of an earlier run, if there are any"
        )
        parser.add_argument("--workers", type=int, default=2, help="database connections (default: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Simulate, unless `--once` finds an earlier run. Raises CommandError where the system refuses a journey."""
        refuse_what_is_real()
        if options["once"] and self._keeps(options["truth"]):
            return
        order = Order(options["carnets"], options["seed"], options["until"] or now(), options["faults"])
        self.stdout.write(f"Driving {order.carnets:,} carnets across Central Asia, seed {order.seed} ...")
        try:
            self._simulate(order, options["truth"], options["workers"])
        except DomainError as error:
            raise CommandError(f"{error.error_code}: {error.detail}") from error

    def _keeps(self, path: Path) -> bool:
        if not (path.exists() and is_on_record(planted := truth.read_truth(path))):
            return False
        self.stdout.write(
            f"Keeping the {len(planted.carnets):,} carnets simulated up to {planted.until:%Y-%m-%d}."
        )
        return True

    def _simulate(self, order: Order, path: Path, workers: int) -> None:
        journeys, ticker = plan(order), Ticker.on(self.stdout)
        numbers = drive(
            journeys, until=order.until, workers=workers, tell=lambda progress: _tell(progress, ticker)
        )
        planted = truth.truth_of(seed=order.seed, until=order.until, journeys=journeys, numbers=numbers)
        truth.write_truth(planted, path)
        spoilt = sum(bool(each.fault) for each in planted.carnets)
        self.stdout.write(f"Planted {spoilt:,} faults and complications in {ticker.seconds:.0f} s: {path}")


def _tell(progress: Progress, ticker: Ticker) -> None:
    rate = progress.stamps / ticker.seconds
    line = f"{progress.carnets:,} carnets, {progress.stamps:,} stamps recorded, {rate:,.0f} a second"
    ticker.tell(line, done=progress.done, total=progress.total)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
