"""The steps of a claim, each at an address of its own: what it asks for, who may take it, and the call it makes."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsing import parse, required
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.v1.base import Endpoint, caller
from api.v1.claims.bodies import (
    ClaimOut,
    ContestBody,
    DemandBody,
    LetterBody,
    NotifyBody,
    ProceedingsBody,
    StepBody,
)
from api.v1.claims.presenting import present_to
from api.v1.claims.reading import ensure_party, visible_claim
from api.v1.openapi import documented
from carnets import claim_evidence
from carnets.claim_evidence import following
from guarantees.claims import steps as claims
from guarantees.models import Claim
from tir.kernel.clock import now

TAG = "claims"


class ClaimStep(Endpoint):
    """One step on a claim; which one is fixed by the address."""

    body: ClassVar[Any] = StepBody
    by_customs: ClassVar[bool]

    def post(self, request: Request, claim_id: int) -> Response:
        body = parse(self.body, request)
        claim = visible_claim(request.user, claim_id)
        ensure_party(request.user, claim, by_customs=self.by_customs)
        with following(claim.carnet_number, claim.page, at=now()):
            self.take(claim, body, request)
        return Response(present_to(request.user, claim_id))

    def take(self, claim: Claim, body: Any, request: Request) -> None:
        raise NotImplementedError


class DayStep(ClaimStep):
    """A step that says no more than its day and a remark."""

    step: ClassVar[Callable[..., Claim]]

    def take(self, claim: Claim, body: StepBody, request: Request) -> None:
        at = now()
        on = body.on or claim.association.day_at(at)
        self.step(claim_id=claim.pk, on=on, by=caller(request), at=at, remark=body.remark)


Step = type[ClaimStep]


def _step(summary: str, *, operation: str) -> Callable[[Step], Step]:
    """Describe the call of a step, with the body it takes."""

    def described(step: Step) -> Step:
        post = documented(
            summary,
            operation=operation,
            body=step.body,
            answers={200: ClaimOut},
            problems=(404, 409, 422),
            tag=TAG,
        )
        return extend_schema_view(post=post)(step)

    return described


def _notify(
    claim: Claim, body: NotifyBody | LetterBody, request: Request, *, by_letter: bool = False
) -> None:
    at = now()
    claims.notify(
        claim_id=claim.pk,
        received_on=body.on or claim.association.day_at(at),
        holder_notified_on=body.holder_notified_on,
        by_letter=by_letter,
        by=caller(request),
        at=at,
        remark=body.remark,
    )


@_step("Notify the association of non-discharge", operation="notify_claim")
class Notify(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True
    body = NotifyBody

    def take(self, claim: Claim, body: NotifyBody, request: Request) -> None:
        _notify(claim, body, request)


@_step("Record that the holder was notified", operation="notify_holder_of_claim")
class NotifyHolder(DayStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True
    step = staticmethod(claims.notify_holder)


@_step("Record proceedings about the debt", operation="record_proceedings_of_claim")
class Proceedings(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    body = ProceedingsBody
    by_customs = True

    def take(self, claim: Claim, body: ProceedingsBody, request: Request) -> None:
        claims.proceedings(
            claim_id=claim.pk,
            began_on=body.began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            by=caller(request),
            at=now(),
            remark=body.remark,
        )


@_step("Claim payment from the association", operation="demand_claim")
class Demand(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True
    body = DemandBody

    def take(self, claim: Claim, body: DemandBody, request: Request) -> None:
        at = now()
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            proceedings_began_on=body.proceedings_began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            on=body.on or claim.association.day_at(at),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


@_step("Record a letter that reached the association", operation="record_letter_of_claim")
class Letter(ClaimStep):
    """A notification or a claim that reached the association on paper, recorded by it as it came."""

    allow: ClassVar = {"POST": ASSOCIATIONS}
    body = LetterBody
    by_customs = False

    def take(self, claim: Claim, body: LetterBody, request: Request) -> None:
        if body.kind == "demand":
            self._demand(claim, body, request)
        else:
            _notify(claim, body, request, by_letter=True)

    def _demand(self, claim: Claim, body: LetterBody, request: Request) -> None:
        if body.amount is None or body.currency is None:
            raise required("currency" if body.amount else "amount")
        at = now()
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            by_letter=True,
            on=body.on or claim.association.day_at(at),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


@_step("Confirm or dispute the day a notification was received", operation="acknowledge_claim")
class Acknowledge(ClaimStep):
    """The day the association says it received the notification: the same as customs state, or another."""

    allow: ClassVar = {"POST": ASSOCIATIONS}
    by_customs = False

    def take(self, claim: Claim, body: StepBody, request: Request) -> None:
        at = now()
        claims.acknowledge(
            claim_id=claim.pk,
            received_on=body.on or claim.association.day_at(at),
            by=caller(request),
            at=at,
            remark=body.remark,
        )


@_step("Record payment of a claim", operation="pay_claim")
class Pay(DayStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    by_customs = False
    step = staticmethod(claims.pay)


@_step("Contest a claim", operation="contest_claim")
class Contest(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    by_customs = False
    body = ContestBody

    def take(self, claim: Claim, body: ContestBody, request: Request) -> None:
        if not body.remark and not body.grounds:
            raise required("remark")
        at = now()
        claim_evidence.contest(
            claim=claim,
            on=body.on or claim.association.day_at(at),
            grounds=body.grounds,
            remark=body.remark,
            by=caller(request),
            at=at,
        )


@_step("Record reimbursement of a claim", operation="reimburse_claim")
class Reimburse(DayStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True
    step = staticmethod(claims.reimburse)


@_step("Withdraw a claim", operation="withdraw_claim")
class Withdraw(DayStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True
    step = staticmethod(claims.withdraw)
