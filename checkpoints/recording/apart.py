"""Many stamps, of which none can undo another: one on which our own code fails is found by halves and set apart."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from checkpoints.posts.postings import Officer
from checkpoints.recording.stamping import Origin, Outcome, OutcomeKind, StampRequest, record_stamps
from tir.kernel.errors import DomainError

logger = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)  # no stamp is at fault: the whole batch comes again


class RecordingFailed(DomainError):
    """Our own code failed on one item of many; `reference` finds the reason in the log."""

    code = "recording_failed"


def record_each(
    *, requests: Sequence[StampRequest], officer: Officer, at: datetime, origin: Origin | None = None
) -> list[Outcome]:
    """Record a batch as `record_stamps` does; a stamp on which our own code fails is rejected, and the others stand."""
    try:
        return record_stamps(requests=requests, officer=officer, at=at, origin=origin)
    except DATABASE_AWAY:
        raise
    except Exception as fault:  # whatever it is, it must not hold the others up
        if len(requests) == 1:
            return [Outcome(requests[0], OutcomeKind.REJECTED, error=failure(requests[0].id, fault))]
    how: dict[str, Any] = {"officer": officer, "at": at, "origin": origin}
    half = len(requests) // 2
    return [*record_each(requests=requests[:half], **how), *record_each(requests=requests[half:], **how)]


def failure(item_id: UUID | None, fault: Exception) -> RecordingFailed:
    """Log a fault of ours, and return what its sender is told."""
    reference = uuid4().hex[:12]
    logger.error("item %s was set apart, reference %s", item_id, reference, exc_info=fault)
    return RecordingFailed(
        _("Our system failed on this item. Keep it: we look at it. The reference is {reference}.").format(
            reference=reference
        ),
        reference=reference,
    )
