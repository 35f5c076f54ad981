"""What Celery beat does by the clock for the ledger of stamps."""

from typing import Any

from celery import shared_task

from checkpoints.annex10 import daily
from tir.kernel.clock import now


@shared_task(name="checkpoints.make_safetir_files")
def make_safetir_files(**_later: Any) -> None:
    """Every hour: make the daily files of the days that are over and have none."""
    at = now()
    daily.make_files(upto=daily.latest_day_over(at), at=at)
