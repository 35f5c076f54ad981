"""Reconciliation requests: what an association asks customs about a counterfoil, reminded of until it is answered.

Customs confirm what they recorded, correct it, or find no trace. A correction is stamps, so it is made one floor up
(`checkpoints.annex10.correcting`), by the office whose stamp it is; it comes back here as an answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.annex10.models import ReconciliationRequest, ReconciliationRequestEvent
from carnets.choices import Reason, RequestStatus, RequestVerb, Source
from carnets.models import Carnet, TirOperation
from guarantees.choices import Clock
from guarantees.clocks import period
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused
from tir.kernel.places import day_at
from tir.kernel.states import Machine, Step

SOURCE_OF = {Reason.MISSING: Source.CARNET, Reason.DISCREPANCY: Source.TRANSMISSION}


class RequestAnswered(Conflict):
    """The reconciliation request was answered or settled already."""

    code = "request_answered"


class NothingToConfirm(Refused):
    """Customs confirm what they recorded; here nothing was recorded."""

    code = "nothing_to_confirm"


class OfficeInOtherCountry(Refused):
    """A request goes to an office of the country it is addressed to."""

    code = "office_in_other_country"


def open_request(
    *,
    operation: TirOperation,
    counterfoil: Mapping[str, Any],
    difference: Mapping[str, Any],
    by: User,
    at: datetime,
) -> ReconciliationRequest:
    """Ask the customs of the operation's country about one counterfoil; the caller holds the carnet's lock.

    It goes to the office that recorded the termination, or to the one the counterfoil names, or to the planned one.
    """
    reason, recorded = Reason(difference["reason"]), termination_on_record(operation)
    office = _addressee(operation, str(counterfoil.get("office") or ""))
    request = ReconciliationRequest.objects.create(
        carnet_id=operation.carnet_id,
        operation=operation,
        page=operation.pages[1],
        reason=reason,
        source=SOURCE_OF[reason],
        differing=list(difference.get("fields", ())),
        counterfoil=dict(counterfoil),
        recorded=recorded if reason is Reason.DISCREPANCY else {},
        country=office[:2],
        office=office,
        opened_at=at,
        remind_at=next_reminder(operation.carnet, at),
    )
    record_step(request, RequestVerb.OPEN, at, by, office=office)
    return request


def _addressee(operation: TirOperation, stated: str) -> str:
    """Return the office to ask: `stated` only if it is in the country that is asked. Of a pair that another territory
    used than was planned, whoever started it is asked."""
    is_as_planned = operation.territory_id == operation.planned_territory_id
    expected = operation.planned_end if is_as_planned else operation.start_office
    in_country = stated if stated[:2] == expected[:2] else ""
    return operation.termination_office or in_country or expected


def termination_on_record(operation: TirOperation) -> dict[str, Any]:
    """Return what customs recorded of a termination, in a counterfoil's terms."""
    return {
        "office": operation.termination_office,
        "packages": operation.packages,
        "with_reservation": bool(operation.reservation),
        "on": operation.terminated_on and str(operation.terminated_on),
    }


def locked_request(request_id: int) -> ReconciliationRequest:
    """Return an open request under its lock and its carnet's, in that order: carnet first. Raises RequestAnswered."""
    carnet_id = ReconciliationRequest.objects.values_list("carnet_id", flat=True).get(pk=request_id)
    Carnet.objects.select_for_update(no_key=True).get(pk=carnet_id)
    request = (
        ReconciliationRequest.objects.select_for_update(of=("self",))
        .select_related("operation", "carnet")
        .get(pk=request_id)
    )
    if request.status != RequestStatus.OPEN:
        raise RequestAnswered(
            _("This request was answered already: {status}.").format(
                status=RequestStatus(request.status).label
            ),
            status=request.status,
            answered_at=request.answered_at,
        )
    return request


@transaction.atomic
def confirm(
    *, request_id: int, remark: str, by: User, at: datetime, office: str = ""
) -> ReconciliationRequest:
    """Answer that what customs recorded stands. Raises RequestAnswered, NothingToConfirm."""
    request = locked_request(request_id)
    if request.reason == Reason.MISSING:
        raise NothingToConfirm(
            _(
                "Nothing was recorded on this page. Its office answers with the data of the termination,"
                " or that it is not found."
            ),
            field="answer",
            reason=request.reason,
        )
    return close(request, RequestVerb.CONFIRM, remark=remark, by=by, at=at, office=office)


@transaction.atomic
def answer_not_found(
    *, request_id: int, remark: str, by: User, at: datetime, office: str = ""
) -> ReconciliationRequest:
    """Answer that customs find no trace of the termination. Raises RequestAnswered."""
    return close(
        locked_request(request_id), RequestVerb.NOT_FOUND, remark=remark, by=by, at=at, office=office
    )


@transaction.atomic
def forward(*, request_id: int, office: str, remark: str, by: User, at: datetime) -> ReconciliationRequest:
    """Send a request to another office of the same country. Raises RequestAnswered, OfficeInOtherCountry."""
    request = locked_request(request_id)
    if office[:2] != request.country:
        raise OfficeInOtherCountry(
            _("This request is for the customs of {country}. Name one of its offices.").format(
                country=request.country
            ),
            field="office",
            country=request.country,
        )
    request.office = office
    request.save(update_fields=["office"])
    record_step(request, RequestVerb.FORWARD, at, by, office=office, remark=remark)
    return request


OPEN = frozenset({RequestStatus.OPEN})
REQUEST = Machine(
    RequestStatus,
    (
        Step(RequestVerb.CONFIRM, OPEN, RequestStatus.CONFIRMED, "Customs confirm what they recorded."),
        Step(RequestVerb.CORRECT, OPEN, RequestStatus.CORRECTED, "Customs corrected what they had recorded."),
        Step(
            RequestVerb.NOT_FOUND, OPEN, RequestStatus.NOT_FOUND, "Customs find no trace of the termination."
        ),
        Step(RequestVerb.SETTLE, OPEN, RequestStatus.SETTLED, "A late stamp agreed with the counterfoil."),
    ),
    refusal=RequestAnswered,
    sentence=_("This request was answered already: {status}."),
)


def close(
    request: ReconciliationRequest,
    verb: RequestVerb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    office: str = "",
    stamps: Sequence[UUID] = (),
) -> ReconciliationRequest:
    """End a request taken by `locked_request`, and let reconciliation look at the carnet again."""
    request.status = str(REQUEST.next(verb, request.status))
    request.answered_at, request.remind_at = at, None
    request.save(update_fields=["status", "answered_at", "remind_at"])
    record_step(request, verb, at, by, office=office, remark=remark, stamps=stamps)
    Carnet.objects.filter(pk=request.carnet_id).update(reconcile_at=at)
    return request


def next_reminder(carnet: Carnet, at: datetime) -> datetime:
    """Return when customs are reminded of what was asked, or reminded of, at `at`: by the rule in force on the day of
    the association that asks."""
    return period(Clock.RECONCILIATION_REMINDER, on=day_at(at, carnet.association.time_zone)).after(at)


def record_step(
    request: ReconciliationRequest, verb: RequestVerb, at: datetime, by: User | None, **facts: Any
) -> None:
    """Add a row to the history of the request."""
    facts["stamps"] = list(facts.get("stamps", ()))
    ReconciliationRequestEvent.objects.create(request=request, verb=verb, at=at, by=by, **facts)
