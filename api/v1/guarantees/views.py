"""Guarantees, liability and claims."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import PydanticCustomError
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import instant
from api.filtering import Filter, as_number
from api.pagination import ByKey
from api.parsing import field_invalid, instant_or_day, parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.scope import (
    acts_for_country,
    association_of,
    carnets_for,
    claims_for,
    guarantees_for,
    sees_everything,
)
from api.v1.base import Endpoint, ListEndpoint, caller
from api.v1.documenting import View, documented, listed
from api.v1.guarantees.bodies import (
    ClaimBody,
    ClaimOut,
    ContestBody,
    DemandBody,
    GuaranteeOut,
    LiabilityOut,
    StepBody,
)
from carnets.choices import OperationStatus
from carnets.models import TirOperation
from carnets.numbering import parse_number
from guarantees import claims
from guarantees.choices import ClaimStatus
from guarantees.models import Association, Claim, Guarantee
from guarantees.queries import Liability, liability
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden, Refused

TAG = "guarantees"


class OperationNotClaimable(Refused):
    """A claim needs an operation that started and was not discharged."""

    code = "operation_not_claimable"


class Guarantees(ListEndpoint):
    """The guarantees of the caller's association."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    pagination = ByKey
    filters = (Filter("holder", "holder__reference", "Only guarantees for this holder."),)

    def found(self, request: Request) -> Any:
        return guarantees_for(request.user)

    def present(self, rows: list[Guarantee], request: Request) -> list[dict[str, Any]]:
        return [present_guarantee(guarantee) for guarantee in rows]

    @listed("List guarantees", operation="list_guarantees", rows=GuaranteeOut, filters=filters, tag=TAG)
    def get(self, request: Request) -> Response:
        return super().get(request)


class OneGuarantee(Endpoint):
    """One guarantee with its room."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Read a guarantee", operation="read_guarantee", answers={200: GuaranteeOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, reference: str) -> Response:
        guarantee = guarantees_for(request.user).filter(reference=reference).first()
        if guarantee is None:
            raise Http404
        return Response(present_guarantee(guarantee))


def present_guarantee(guarantee: Guarantee) -> dict[str, Any]:
    return {
        "reference": guarantee.reference,
        "association": guarantee.association.code,
        "holder": guarantee.holder.reference if guarantee.holder else None,
        "amount_per_carnet": str(guarantee.amount_per_carnet),
        "ceiling": str(guarantee.ceiling),
        "exposure": str(guarantee.exposure),
        "available": str(guarantee.ceiling - guarantee.exposure),
        "currency": guarantee.currency,
        "open_carnets": guarantee.open_carnets,
        "max_open_carnets": guarantee.max_open_carnets,
        "valid_from": str(guarantee.valid_from),
        "valid_to": guarantee.valid_to and str(guarantee.valid_to),
    }


class AssociationLiability(Endpoint):
    """What an association owes, both ways, on any day."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Liability of an association",
        operation="read_liability",
        answers={200: LiabilityOut},
        problems=(400, 404),
        parameters=(
            OpenApiParameter("as_of", str, description="A day (its end) or an instant; now when left out."),
        ),
        tag=TAG,
    )
    def get(self, request: Request, code: str) -> Response:
        association = Association.objects.filter(code=code).first()
        if association is None or not _may_see(request.user, association):
            raise Http404
        as_of = _as_of(request)
        return Response(present_liability(association, liability(association, as_of=as_of), as_of))


def _may_see(user: Any, association: Association) -> bool:
    if sees_everything(user):
        return True
    if user.country and user.country == association.country:
        return True
    membership = getattr(user, "membership", None)
    return membership is not None and membership.association_id == association.pk


def _as_of(request: Request) -> datetime:
    """Return the instant asked for; a bare day means its end, so that the whole day counts."""
    asked = request.query_params.get("as_of")
    if not asked:
        return now()
    try:
        # A plus sign that nobody escaped arrives as a blank.
        found = instant_or_day(asked.replace(" ", "+"))
    except PydanticCustomError as invalid:
        raise field_invalid("as_of", invalid.type) from None
    return found if isinstance(found, datetime) else datetime.combine(found, time.max, tzinfo=UTC)


def present_liability(association: Association, found: Liability, as_of: datetime) -> dict[str, Any]:
    return {
        "association": association.code,
        "as_of": instant(as_of),
        "currency": found.currency,
        "issued": {
            "exposure": _money(found.issued.amount),
            "open_carnets": found.issued.count,
            "ceiling": _money(found.ceiling),
            "available": _money(found.ceiling - found.issued.amount),
        },
        "territory": {
            "exposure": _money(found.territory.amount),
            "open_operations": found.territory.count,
        },
        "ageing": [
            {
                "from_days": band.from_days,
                "to_days": band.to_days,
                "amount": _money(band.amount),
                "operations": band.operations,
            }
            for band in found.ageing
        ],
        "claims": {
            name: {"amount": _money(total.amount), "count": total.count}
            for name, total in found.claims.items()
        },
    }


def _money(amount: Any) -> str:
    return f"{amount:.2f}"


class Claims(ListEndpoint):
    """Claims the caller has made or must answer."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT, "POST": CUSTOMS_HQ}
    filters = (
        Filter("status", "status", "Only claims in this status.", choices=ClaimStatus.values),
        Filter("carnet", "carnet_number", "Only claims about this carnet.", read=as_number),
    )

    def found(self, request: Request) -> Any:
        return claims_for(request.user).prefetch_related("events__by")

    def present(self, rows: list[Claim], request: Request) -> list[dict[str, Any]]:
        return [present_claim(claim) for claim in rows]

    @listed("List claims", operation="list_claims", rows=ClaimOut, filters=filters, tag=TAG)
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Establish non-discharge",
        operation="open_claim",
        body=ClaimBody,
        answers={201: ClaimOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body = parse(ClaimBody, request)
        operation = _operation(body, request.user)
        claim = claims.open_claim(
            operation=operation, reason=body.reason, is_fraud=body.fraud, by=caller(request), at=now()
        )
        return Response(present_claim(claim), status=status.HTTP_201_CREATED)


def _operation(body: ClaimBody, user: Any) -> claims.OpenOperation:
    """Return the operation a claim is about, in the caller's own country, started and not discharged."""
    found = (
        TirOperation.objects.select_related("carnet__association", "territory", "guarantor")
        .filter(carnet__in=carnets_for(user), sequence=body.operation)
        .filter(carnet__number=parse_number(body.carnet, field="carnet"))
        .first()
    )
    if found is None:
        raise Http404
    acts_for_country(user, found.country)
    started = found.started_at or found.terminated_at
    if started is None or found.guarantor is None or found.status == OperationStatus.DISCHARGED:
        raise OperationNotClaimable(
            _(
                "A claim needs an operation that started and was not discharged (art. 10, 11). Read the carnet first."
            ),
            field="operation",
            status=found.status,
        )
    return claims.OpenOperation(
        found.carnet.number,
        found.pages[0],
        found.territory,
        found.country,
        found.guarantor,
        found.carnet.association,
        started,
    )


class OneClaim(Endpoint):
    """One claim with its clocks and its history."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}

    @documented("Read a claim", operation="read_claim", answers={200: ClaimOut}, problems=(404,), tag=TAG)
    def get(self, request: Request, claim_id: int) -> Response:
        return Response(present_claim(_visible_claim(request.user, claim_id)))


class ClaimStep(Endpoint):
    """One step on a claim; which one is fixed by the address."""

    verb: ClassVar[str]
    body: ClassVar[type[StepBody]] = StepBody

    def post(self, request: Request, claim_id: int) -> Response:
        body = parse(self.body, request)
        claim = _visible_claim(request.user, claim_id)
        _ensure_party(request.user, claim, self.verb)
        self.take(claim, body, request)
        return Response(present_claim(_visible_claim(request.user, claim_id)))

    def take(self, claim: Claim, body: Any, request: Request) -> None:
        at = now()
        step: Callable[..., Claim] = getattr(claims, self.verb)
        step(claim_id=claim.pk, on=body.on or at.date(), by=caller(request), at=at, remark=body.remark)


def _step_documented(summary: str, verb: str, body: type[StepBody] = StepBody) -> Callable[[View], View]:
    return documented(
        summary,
        operation=f"{verb}_claim",
        body=body,
        answers={200: ClaimOut},
        problems=(404, 409, 422),
        tag=TAG,
    )


class Notify(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "notify"

    @_step_documented("Notify the association of non-discharge", "notify")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: StepBody, request: Request) -> None:
        at = now()
        claims.notify(
            claim_id=claim.pk, received_on=body.on or at.date(), by=caller(request), at=at, remark=body.remark
        )


class Demand(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "demand"
    body = DemandBody

    @_step_documented("Claim payment from the association", "demand", DemandBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)

    def take(self, claim: Claim, body: DemandBody, request: Request) -> None:
        at = now()
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            decision_enforceable_on=body.decision_enforceable_on,
            on=body.on or at.date(),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


class Pay(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    verb = "pay"

    @_step_documented("Record payment of a claim", "pay")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Contest(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    verb = "contest"
    body = ContestBody

    @_step_documented("Contest a claim", "contest", ContestBody)
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Reimburse(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "reimburse"

    @_step_documented("Record reimbursement of a claim", "reimburse")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


class Withdraw(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    verb = "withdraw"

    @_step_documented("Withdraw a claim", "withdraw")
    def post(self, request: Request, claim_id: int) -> Response:
        return super().post(request, claim_id)


def _visible_claim(user: Any, claim_id: int) -> Claim:
    claim = claims_for(user).filter(pk=claim_id).prefetch_related("events__by").first()
    if claim is None:
        raise Http404
    return claim


def _ensure_party(user: Any, claim: Claim, verb: str) -> None:
    """Customs of the claiming country take their steps, the claimed association takes its own."""
    if claims.STEPS[verb].by_customs:
        acts_for_country(user, claim.country)
    elif association_of(user).pk != claim.association_id:
        raise Forbidden(_("Only the association that is claimed upon answers a claim; you may read it."))


def present_claim(claim: Claim) -> dict[str, Any]:
    """Return a claim with when each step may be taken, and who took which."""
    today = now().date()
    return {
        "id": claim.pk,
        "carnet": claim.carnet_number,
        "operation": (claim.page + 1) // 2,
        "page": claim.page,
        "association": claim.association.code,
        "issuer": claim.issuer.code,
        "territory": claim.territory.code,
        "country": claim.country,
        "status": claim.status,
        "fraud": claim.is_fraud,
        "reason": claim.reason,
        "accepted_at": instant(claim.accepted_at),
        "amount": claim.amount and str(claim.amount),
        "currency": claim.currency or None,
        "debtor": claim.debtor,
        "notified_on": claim.notified_on,
        "claimed_on": claim.claimed_on,
        "paid_on": claim.paid_on,
        "reimbursed_on": claim.reimbursed_on,
        "clocks": [
            {
                "step": step,
                "earliest": window.earliest,
                "latest": window.latest,
                "answer": window.answer(today),
                "article": window.article,
            }
            for step, window in claims.windows(claim).items()
        ],
        "events": [
            {
                "verb": event.verb,
                "on": event.on,
                "recorded_at": instant(event.recorded_at),
                "by": event.by.get_username(),
                "remark": event.remark,
            }
            for event in claim.events.all()
        ],
    }
