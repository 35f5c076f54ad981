"""Work somebody asked for, done by a Celery worker. The run stands in PostgreSQL; the message is only a wake-up."""

from typing import Any

from celery import shared_task

from carnets.reconciliation import job
from tir.kernel.clock import now


@shared_task(name="carnets.reconcile")
def reconcile(*, run_id: int, **_later: Any) -> None:
    """Carry out one queued reconciliation run."""
    job.carry_out_queued(run_id=run_id, at=now(), clock=now)
