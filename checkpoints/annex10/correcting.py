"""Customs answer a reconciliation request with the right data: a cancelling stamp and a new one, in the ledger.

Only the office that stamped takes its stamp back, so the answering officer must serve there; headquarters forward the
request to it. What nobody recorded becomes a late stamp, as one that was kept on a telephone would.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.annex10 import requests, returns
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import RequestVerb
from checkpoints.evidence import reading
from checkpoints.evidence.reading import StampRow
from checkpoints.posts.postings import Officer, Period
from checkpoints.recording import stamping
from checkpoints.recording.stamping import StampRequest
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
    is_partial: bool | None = None
    seals_intact: bool | None = None
    seals_found: tuple[str, ...] | None = None


@transaction.atomic
def correct(
    *, request_id: int, correction: Correction, remark: str, officer: Officer, by: User, at: datetime
) -> ReconciliationRequest:
    """Answer a request by stamping the page anew, at the office the officer serves at today.

    Raises RequestAnswered, NotPosted, CorrectionIncomplete, NothingCorrected, and what stamping raises: above all
    CancellationRefused (cancelled_by_other_office) when the stamp is another office's. Nothing is written then.
    """
    request = requests.locked(request_id)
    office = officer.office_on(at)
    standing = _standing(request)
    new = _stamp(request, correction, standing)
    if standing is not None and _says_nothing_new(new, standing):
        raise NothingCorrected(
            _("This is what is on record. Confirm the record, or change what is wrong in it."), field="answer"
        )

    stamps = [*([_cancellation(request, standing["id"], remark, at)] if standing else ()), new]
    # Whoever serves there now speaks for the office's record, also of days before their own posting.
    speaker = Officer(officer.user_id, [Period(office.id, date.min, None)])
    for outcome in stamping.record_stamps(requests=stamps, officer=speaker, at=at):
        if outcome.error is not None:
            raise outcome.error

    returns.recompute(carnet_id=request.carnet_id)
    return requests.close(
        request,
        RequestVerb.CORRECT,
        remark=remark,
        by=by,
        at=at,
        office=office.code,
        stamps=[stamp.id for stamp in stamps],
    )


def _standing(request: ReconciliationRequest) -> StampRow | None:
    """Return the termination that stands on the page now; a late one may have come since the question."""
    stamp_id = request.operation.termination_stamp
    return None if stamp_id is None else reading.stamp_rows([stamp_id])[stamp_id]


def _cancellation(request: ReconciliationRequest, stamp_id: UUID, remark: str, at: datetime) -> StampRequest:
    reason = remark or f"Reconciliation request {request.pk}"
    return StampRequest(
        id=uuid4(),
        number=request.carnet.number,
        page=request.page,
        occurred_at=at,
        cancels=stamp_id,
        cancel_reason=reason,
    )


KEPT = (
    "packages",
    "reservation",
    "registration_no",
    "is_partial",
    "seals_intact",
    "seals_found",
    "occurred_at",
)


def _stamp(request: ReconciliationRequest, correction: Correction, standing: StampRow | None) -> StampRequest:
    said: dict[str, Any] = {name: value for name in KEPT if (value := getattr(correction, name)) is not None}
    if standing is not None:
        affixed = standing["seals_affixed"]
        said = {
            **{name: standing[name] for name in (*KEPT, "is_suspension")},
            "seals_affixed": None if affixed is None else tuple(affixed),
            "vehicles": None if standing["vehicles"] is None else tuple(standing["vehicles"]),
            **said,
        }
    elif correction.occurred_at is None:
        raise CorrectionIncomplete(
            _("Nothing was recorded on this page. Say when the termination took place."), field="occurred_at"
        )
    if said.get("seals_found") is not None:
        said["seals_found"] = tuple(said["seals_found"])
    return StampRequest(id=uuid4(), number=request.carnet.number, page=request.page, is_offline=True, **said)


def _says_nothing_new(new: StampRequest, standing: StampRow) -> bool:
    found = None if standing["seals_found"] is None else tuple(standing["seals_found"])
    was = {**{name: standing[name] for name in KEPT}, "seals_found": found}
    return all(getattr(new, name) == was[name] for name in KEPT)
