"""What Celery beat does by the clock for guarantees."""

from typing import Any

from celery import shared_task

from guarantees.liability import folding


@shared_task(name="guarantees.fold_liability")
def fold_liability(**_later: Any) -> None:
    """Every ten seconds: add what the ledger has new to the totals. Late is not wrong: readers count the queue too."""
    folding.fold_all()
