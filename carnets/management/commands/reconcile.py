"""`manage.py reconcile`: the reconciliation job, once, here and now; the same code as Celery beat and the API run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carnets.models import ReconciliationRun
from carnets.reconciliation import job
from tir.kernel.clock import now


class Command(BaseCommand):
    help = "Reconciles every carnet that changed or came due: discharges what agrees, flags what does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--chunk", type=int, default=job.CHUNK, help="carnets a transaction (default: %(default)s)"
        )

    def handle(self, *args: Any, chunk: int, **options: Any) -> None:
        at = now()
        run = job.request_run(by=None, at=at)
        run = job.carry_out(run_id=run.pk, at=at, clock=now, progress=self._tell, chunk=chunk)
        self.stdout.write(f"Reconciled {_counts(run)}; {_outcome(run)}, in {_seconds(run):.1f} s.")

    def _tell(self, tally: job.ChunkTally) -> None:
        self.stdout.write(f"  {_counts(tally)}: {_outcome(tally)}")
        self.stdout.flush()


def _counts(done: job.ChunkTally | ReconciliationRun) -> str:
    return f"{done.carnets:,} carnets with {done.examined:,} operations"


def _outcome(done: job.ChunkTally | ReconciliationRun) -> str:
    return f"{done.discharged:,} discharged, {done.flagged:,} flagged, {done.cured:,} cured"


def _seconds(run: ReconciliationRun) -> float:
    if run.started_at is None or run.finished_at is None:
        return 0.0
    return (run.finished_at - run.started_at).total_seconds()
