"""Refused attempts to stamp, kept as scans: a refusal is data too."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from checkpoints.choices import Verdict
from checkpoints.models import Scan
from checkpoints.posts.postings import Officer

if TYPE_CHECKING:
    from checkpoints.recording.stamping import Outcome


def keep(outcomes: "Sequence[Outcome]", officer: Officer, at: datetime) -> None:
    """Keep the refused attempts among these; whoever rolls a batch back keeps its refusals after that."""
    refused = [outcome for outcome in outcomes if outcome.row is None and outcome.error is not None]
    if refused:
        Scan.objects.bulk_create(_scan(outcome, officer, at) for outcome in refused)


def _scan(outcome: "Outcome", officer: Officer, at: datetime) -> Scan:
    request = outcome.request
    return Scan(
        purpose=Scan.Purpose.STAMP,
        carnet_number=request.number[:24],
        page=request.page if 0 <= request.page < 32_000 else None,  # noqa: PLR2004  (a smallint, never negative)
        office_id=officer.office_id_on(request.occurred_at),
        officer_id=officer.user_id,
        occurred_at=request.occurred_at,
        recorded_at=at,
        verdict=Verdict.STOP,
        codes=[outcome.error.error_code] if outcome.error else [],
    )
