"""What Celery beat does by the clock for carnets."""

from typing import Any

from celery import shared_task

from carnets import digest
from carnets.annex10 import reminders
from carnets.reconciliation import job
from tir.kernel.clock import now


@shared_task(name="carnets.reconcile_due")
def reconcile_due(**_later: Any) -> None:
    """Every minute: carry out runs whose wake-up was lost or whose worker was killed, then what changed or came due."""
    at = now()
    job.requeue_abandoned(at=at)
    for run_id in job.queued_runs():
        job.carry_out_queued(run_id=run_id, at=at, clock=now)
    if job.anything_due(at=at):
        run = job.request_run(by=None, at=at)
        job.carry_out_queued(run_id=run.pk, at=at, clock=now)


@shared_task(name="carnets.send_digest")
def send_digest(**_later: Any) -> None:
    """Every hour: tell people of deadlines, ceilings and claims, each once."""
    digest.mail_digests(at=now())


@shared_task(name="carnets.remind_customs")
def remind_customs(**_later: Any) -> None:
    """Every hour: remind customs of reconciliation requests that have waited long enough."""
    reminders.remind_due(at=now())
