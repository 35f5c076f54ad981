"""What the clock starts."""

from typing import Any

from celery import shared_task

from tir.audit.recording import tell_of_floods
from tir.kernel.clock import now


@shared_task(name="audit.tell_of_floods")
def tell_floods(**_later: Any) -> None:
    """Put on record how many refusals were only counted."""
    tell_of_floods(now())
