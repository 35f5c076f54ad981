"""What Celery beat does by the clock for people."""

from typing import Any

from celery import shared_task

from tir.accounts import assigning
from tir.kernel.clock import now


@shared_task(name="accounts.follow_assignments")
def follow_assignments(**_later: Any) -> None:
    """Every hour: bring the roles of accounts up to the day. Who signs in meanwhile is judged by the assignments."""
    assigning.follow_all(at=now())
