"""The steps of a claim, each at an address of its own: what it asks for, who may take it, and the call it makes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from rest_framework.request import Request

from api.authentication import caller
from api.endpoints import Act, ActEndpoint, documented_act
from api.parsing import Body, field_missing
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ
from api.scope.claims import claim_for, ensure_party
from api.scope.reader import reader_of
from api.v1.claims.bodies import (
    ClaimOut,
    ContestBody,
    DemandBody,
    LetterBody,
    NotifyBody,
    ProceedingsBody,
    StepBody,
)
from api.v1.claims.presenting import present_claim_to
from api.verbs import ClaimDecision
from carnets import claim_evidence
from carnets.claim_evidence import following
from guarantees.claims import steps as claims
from guarantees.models import Claim
from tir.accounts.models import User
from tir.kernel.clock import now

TAG = "claims"


class ClaimStep(ActEndpoint):
    """One step on a claim; which one is fixed by the address, and whose it is by `by_customs`."""

    by_customs: ClassVar[bool]

    def act(self, request: Request, body: Any, *, claim_id: int) -> Any:
        reader = reader_of(request)
        claim = claim_for(reader, claim_id)
        ensure_party(reader, claim, by_customs=self.by_customs)
        at = now()
        with following(claim.carnet_number, claim.page, at=at):
            self.take(claim, body, by=caller(request), at=at)
        return present_claim_to(reader, claim_id)

    def take(self, claim: Claim, body: Any, *, by: User, at: datetime) -> None:
        raise NotImplementedError


class CustomsStep(ClaimStep):
    allow: ClassVar = {"POST": CUSTOMS_HQ}
    by_customs = True


class AssociationStep(ClaimStep):
    allow: ClassVar = {"POST": ASSOCIATIONS}
    by_customs = False


class DatedStep(ClaimStep):
    """A step that asks for nothing but its day and its words."""

    body: ClassVar[type[Body]] = StepBody
    verb: ClassVar[ClaimDecision]

    def take(self, claim: Claim, body: StepBody, *, by: User, at: datetime) -> None:
        self.verb(
            claim_id=claim.pk, on=body.on or claim.association.day_at(at), by=by, at=at, remark=body.remark
        )


def _step(summary: str, *, operation: str) -> Callable[[Act], Act]:
    return documented_act(summary, operation=operation, answer=ClaimOut, problems=(404, 409, 422), tag=TAG)


def _notify(
    claim: Claim, body: NotifyBody | LetterBody, *, by: User, at: datetime, by_letter: bool = False
) -> None:
    claims.notify(
        claim_id=claim.pk,
        received_on=body.on or claim.association.day_at(at),
        holder_notified_on=body.holder_notified_on,
        by_letter=by_letter,
        by=by,
        at=at,
        remark=body.remark,
    )


@_step("Notify the association of non-discharge", operation="notify_claim")
class Notify(CustomsStep):
    body = NotifyBody

    def take(self, claim: Claim, body: NotifyBody, *, by: User, at: datetime) -> None:
        _notify(claim, body, by=by, at=at)


@_step("Record that the holder was notified", operation="notify_holder_of_claim")
class NotifyHolder(DatedStep, CustomsStep):
    verb = staticmethod(claims.notify_holder)


@_step("Record proceedings about the debt", operation="record_proceedings_of_claim")
class Proceedings(CustomsStep):
    body = ProceedingsBody

    def take(self, claim: Claim, body: ProceedingsBody, *, by: User, at: datetime) -> None:
        """Record proceedings about the debt, from which the last day for a claim then counts (art. 11(3))."""
        claims.proceedings(
            claim_id=claim.pk,
            began_on=body.began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            by=by,
            at=at,
            remark=body.remark,
        )


@_step("Claim payment from the association", operation="demand_claim")
class Demand(CustomsStep):
    body = DemandBody

    def take(self, claim: Claim, body: DemandBody, *, by: User, at: datetime) -> None:
        """Claim payment of the association, in the currency of the body; today where the association is, unless
        dated."""
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            proceedings_began_on=body.proceedings_began_on,
            decision_enforceable_on=body.decision_enforceable_on,
            on=body.on or claim.association.day_at(at),
            by=by,
            at=at,
            remark=body.remark,
        )


@_step("Record a letter that reached the association", operation="record_letter_of_claim")
class Letter(AssociationStep):
    """A notification or a claim that reached the association on paper, recorded by it as it came."""

    body = LetterBody

    def take(self, claim: Claim, body: LetterBody, *, by: User, at: datetime) -> None:
        if body.kind == "demand":
            self._demand(claim, body, by, at)
        else:
            _notify(claim, body, by=by, at=at, by_letter=True)

    def _demand(self, claim: Claim, body: LetterBody, by: User, at: datetime) -> None:
        if body.amount is None or body.currency is None:
            raise field_missing("currency" if body.amount else "amount")
        claims.demand(
            claim_id=claim.pk,
            amount=body.amount,
            currency=body.currency,
            debtor=body.debtor,
            debtor_pursued_on=body.debtor_pursued_on,
            by_letter=True,
            on=body.on or claim.association.day_at(at),
            by=by,
            at=at,
            remark=body.remark,
        )


@_step("Confirm or dispute the day a notification was received", operation="acknowledge_claim")
class Acknowledge(AssociationStep):
    """The day the association says it received the notification: the same as customs state, or another."""

    body = StepBody

    def take(self, claim: Claim, body: StepBody, *, by: User, at: datetime) -> None:
        claims.acknowledge(
            claim_id=claim.pk,
            received_on=body.on or claim.association.day_at(at),
            by=by,
            at=at,
            remark=body.remark,
        )


@_step("Record payment of a claim", operation="pay_claim")
class Pay(DatedStep, AssociationStep):
    verb = staticmethod(claims.pay)


@_step("Contest a claim", operation="contest_claim")
class Contest(AssociationStep):
    body = ContestBody

    def take(self, claim: Claim, body: ContestBody, *, by: User, at: datetime) -> None:
        """Contest the claim. Raises BodyInvalid where neither a ground nor a word is given."""
        if not body.remark and not body.grounds:
            raise field_missing("remark")
        claim_evidence.contest_on_grounds(
            claim=claim,
            on=body.on or claim.association.day_at(at),
            grounds=body.grounds,
            remark=body.remark,
            by=by,
            at=at,
        )


@_step("Record reimbursement of a claim", operation="reimburse_claim")
class Reimburse(DatedStep, CustomsStep):
    verb = staticmethod(claims.reimburse)


@_step("Withdraw a claim", operation="withdraw_claim")
class Withdraw(DatedStep, CustomsStep):
    verb = staticmethod(claims.withdraw)
