"""What waits for a second person: the list, a yes, a no."""

from typing import Any, ClassVar

from rest_framework.request import Request

from api.authentication import caller
from api.endpoints import ActEndpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import approval_for, approvals_for
from api.v1.registers.answering import present_approval
from api.v1.registers.bodies import ApprovalOut, ApproveBody, RefuseBody
from checkpoints.posts.registers import BY_NOUN
from tir.approvals import deciding
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.clock import now
from tir.registers import entering

TAG = "registers"


@documented_list("List what waits for approval", operation="list_approvals", rows=ApprovalOut, tag=TAG)
class Approvals(ListEndpoint):
    """Proposals of the caller's country, those decided and those void with them."""

    allow: ClassVar = {"GET": REGISTRARS}
    filters = (
        Filter("status", "status", "Only proposals that stand so.", choices=ApprovalStatus.values),
        Filter("kind", "kind", "Only proposals of this kind.", choices=sorted(BY_NOUN)),
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
        approval = approval_for(reader_of(request), int(approval_id))
        register = BY_NOUN[approval.kind]
        entering.approve(register, approval.pk, by=caller(request), at=now(), reason=body.reason)
        return present_approval(approval_for(reader_of(request), approval.pk))


@documented_act(
    "Refuse a proposal", operation="refuse_approval", answer=ApprovalOut, problems=(404, 409), tag=TAG
)
class Refuse(ActEndpoint):
    """A no, which ends the proposal; who proposed it takes it back so."""

    allow: ClassVar = {"POST": REGISTRARS}
    body = RefuseBody

    def act(self, request: Request, body: Any, approval_id: str) -> Any:
        approval = approval_for(reader_of(request), int(approval_id))
        deciding.refuse(approval.pk, by=caller(request), at=now(), reason=body.reason)
        return present_approval(approval_for(reader_of(request), approval.pk))
