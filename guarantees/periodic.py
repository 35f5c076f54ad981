"""What Celery beat does by the clock for guarantees."""

from typing import Any

from celery import shared_task

from guarantees import ceilings
from guarantees.liability import folding
from tir.kernel.clock import now


@shared_task(name="guarantees.fold_liability")
def fold_liability(**_later: Any) -> None:
    """Every ten seconds: add what the ledger has new to the totals. Late is not wrong: readers count the queue too."""
    folding.fold_all()


@shared_task(name="guarantees.follow_ceilings")
def follow_ceilings(**_later: Any) -> None:
    """Every hour: bring guarantees to the terms in force. Issue asks the dated terms itself and need not wait."""
    ceilings.follow_terms(at=now())
