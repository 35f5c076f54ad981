"""Customs answer a reconciliation request with the right data: a cancelling stamp and a new one, in the ledger.

Only the office that stamped takes its stamp back, so the answering officer must serve there; headquarters forward the
request to it. What nobody recorded becomes a late stamp. Both say in the ledger that they were made as a correction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.annex10 import requests, returns
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import Made, RequestVerb
from checkpoints.evidence import reading
from checkpoints.evidence.columns import LISTS, SAID_BY_CLIENT
from checkpoints.evidence.reading import StampRow
from checkpoints.posts.postings import Officer, always_at
from checkpoints.recording import refused, stamping
from checkpoints.recording.stamping import Origin, Outcome, StampRequest
from tir.accounts.models import User
from tir.kernel.errors import Refused


class CorrectionIncomplete(Refused):
    """A termination that was not recorded needs at least the time it took place."""

    code = "correction_incomplete"


class NothingCorrected(Refused):
    """The correction says what is on record already."""

    code = "nothing_corrected"


@dataclass(frozen=True, slots=True)
class Correction:
    """What the termination should say; `None` leaves a field as it was recorded."""

    occurred_at: datetime | None = None
    packages: int | None = None
    reservation: str | None = None
    registration_no: str | None = None
    goes_on: bool | None = None
    seals_intact: bool | None = None
    seals_found: tuple[str, ...] | None = None


CORRECTED = Origin(made=Made.CORRECTED)
_OF_ONE_STAMP = frozenset({"carnet_id", "page", "cancels", "cancel_reason"})
KEPT = tuple(
    name for name in SAID_BY_CLIENT if name not in _OF_ONE_STAMP
)  # from the stamp that is taken back


class _NotStamped(Exception):
    """The ledger refused a correction; the attempt is kept once everything else is rolled back."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


def correct(
    *, request_id: int, correction: Correction, remark: str, officer: Officer, by: User, at: datetime
) -> ReconciliationRequest:
    """Answer a request by stamping the page anew, at the office the officer serves at today.

    Raises RequestAnswered, NotPosted, CorrectionIncomplete, NothingCorrected, and what stamping raises: above all
    CancellationRefused (cancelled_by_other_office) when the stamp is another office's. Nothing is written then but
    the refused attempt.
    """
    # Whoever serves there now speaks for the office's record, also of days before their own posting.
    speaker = always_at(officer.office_on(at), officer)
    try:
        return _answer(request_id, correction, remark, speaker, by, at)
    except _NotStamped as past:
        refused.keep(past.outcomes, speaker, at)
        raise next(outcome.error for outcome in past.outcomes if outcome.error) from None


@transaction.atomic
def _answer(
    request_id: int, correction: Correction, remark: str, speaker: Officer, by: User, at: datetime
) -> ReconciliationRequest:
    request = requests.locked_request(request_id)
    stamps = _stamps(request, correction, remark, at)
    outcomes = stamping.record_stamps(requests=stamps, officer=speaker, at=at, origin=CORRECTED)
    if any(outcome.error for outcome in outcomes):
        raise _NotStamped(outcomes)

    returns.recompute(carnet_id=request.carnet_id)
    return requests.close(
        request,
        RequestVerb.CORRECT,
        remark=remark,
        by=by,
        at=at,
        office=speaker.office_on(at).code,
        stamps=[stamp.id for stamp in stamps],
    )


def _stamps(
    request: ReconciliationRequest, correction: Correction, remark: str, at: datetime
) -> list[StampRequest]:
    """Return what takes the standing stamp back, if there is one, and the stamp that replaces it."""
    said = {name: value for name, value in asdict(correction).items() if value is not None}
    taken_back = standing_stamp(request)
    if taken_back is None:
        _ensure_dated(correction)
        return [_stamp(request, said)]
    if all(said[name] == _recorded(taken_back, name) for name in said):
        raise NothingCorrected(
            _("This is what is on record. Confirm the record, or change what is wrong in it."), field="answer"
        )
    kept = {name: _recorded(taken_back, name) for name in KEPT}
    return [_cancellation(request, taken_back["id"], remark, at), _stamp(request, kept | said)]


def standing_stamp(request: ReconciliationRequest) -> StampRow | None:
    """Return the termination that stands on the page now; a late one may have come since the question. A paper accepted
    as proof is no stamp, and a stamp goes before it."""
    stamp_id = request.operation.termination_stamp
    return None if stamp_id is None else reading.stamp_rows([stamp_id]).get(stamp_id)


def _ensure_dated(correction: Correction) -> None:
    if correction.occurred_at is None:
        raise CorrectionIncomplete(
            _("Nothing was recorded on this page. Say when the termination took place."), field="occurred_at"
        )


def _recorded(row: StampRow, name: str) -> Any:
    value = row[name]
    return tuple(value) if name in LISTS and value is not None else value


def _cancellation(request: ReconciliationRequest, stamp_id: UUID, remark: str, at: datetime) -> StampRequest:
    reason = remark or f"Reconciliation request {request.pk}"
    return _stamp(request, {"occurred_at": at, "cancels": stamp_id, "cancel_reason": reason})


def _stamp(request: ReconciliationRequest, said: dict[str, Any]) -> StampRequest:
    return StampRequest(id=uuid4(), number=request.carnet.number, page=request.page, **said)
