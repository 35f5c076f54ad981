"""What waits for a second person: the list, a yes, a no."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import ActEndpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter
from api.openapi import documented
from api.pagination import ByKey
from api.permissions import GIVERS, REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import approval_for, approval_to_decide, approvals_for
from api.v1.registers.answering import entered, present_approval, present_entries
from api.v1.registers.bodies import (
    ApprovalOut,
    ApprovalRuleEntryOut,
    ApproveBody,
    EnterApprovalRuleBody,
    RefuseBody,
)
from checkpoints.posts import proposals
from checkpoints.posts.approval_rules import APPROVAL_RULES, KINDS
from tir.approvals import deciding
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.clock import now

TAG = "registers"


@documented_list("List what waits for approval", operation="list_approvals", rows=ApprovalOut, tag=TAG)
class Approvals(ListEndpoint):
    """Proposals of the caller's country, those decided and those void with them."""

    allow: ClassVar = {"GET": REGISTRARS}
    filters = (
        Filter("status", "status", "Only proposals that stand so.", choices=ApprovalStatus.values),
        Filter("kind", "kind", "Only proposals of this kind.", choices=sorted(proposals.KINDS)),
    )

    def found(self, request: Request) -> Any:
        return approvals_for(reader_of(request))

    def present(self, rows: list[Approval], request: Request) -> list[dict[str, Any]]:
        return [present_approval(approval) for approval in rows]


@documented_act(
    "Approve a proposal", operation="approve", answer=ApprovalOut, problems=(404, 409, 422), tag=TAG
)
class Approve(ActEndpoint):
    """A second person's yes; with the last that is needed it is on record."""

    allow: ClassVar = {"POST": REGISTRARS}
    body = ApproveBody

    def act(self, request: Request, body: Any, approval_id: str) -> Any:
        approval = approval_to_decide(reader_of(request), int(approval_id))
        proposals.approve(approval, by=caller(request), at=now(), reason=body.reason)
        return present_approval(approval_for(reader_of(request), approval.pk))


@documented_act(
    "Refuse a proposal", operation="refuse_approval", answer=ApprovalOut, problems=(404, 409), tag=TAG
)
class Refuse(ActEndpoint):
    """A no, which ends the proposal; who proposed it takes it back so."""

    allow: ClassVar = {"POST": REGISTRARS}
    body = RefuseBody

    def act(self, request: Request, body: Any, approval_id: str) -> Any:
        approval = approval_to_decide(reader_of(request), int(approval_id))
        deciding.refuse(approval.pk, by=caller(request), at=now(), reason=body.reason)
        return present_approval(approval_for(reader_of(request), approval.pk))


@documented_list("List approval rules", operation="list_approval_rules", rows=ApprovalRuleEntryOut, tag=TAG)
class ApprovalRules(ListEndpoint):
    """How many must approve, by kind and amount; where no rule holds, one other person."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": GIVERS}
    pagination = ByKey
    filters = (Filter("kind", "kind", "Only rules for this kind.", choices=KINDS),)

    def found(self, request: Request) -> Any:
        return APPROVAL_RULES.rows()

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        return present_entries(APPROVAL_RULES, rows)

    @documented(
        "Propose an approval rule, or its end", operation="enter_approval_rule", body=EnterApprovalRuleBody,
        answers={202: ApprovalOut, 200: ApprovalRuleEntryOut}, problems=(409, 422), tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Propose a rule; one of the same kind, currency, amount and first day is changed: `valid_to` ends it."""
        return entered(request, APPROVAL_RULES, EnterApprovalRuleBody)
