"""Confirm a guarantee: customs ask, the system answers, the association sees it and may add its word by hand."""

from typing import Any, ClassVar

from rest_framework import status
from rest_framework.request import Request

from api.authentication import caller
from api.endpoints import ActEndpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter, as_number
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OFFICERS, OVERSIGHT
from api.scope.guarantees import enquiries_for, own_enquiry
from api.scope.reader import reader_of
from api.v1.confirming.bodies import ByHandBody, ConfirmBody, ConfirmOut, QueryOut
from api.v1.confirming.presenting import present_answer, present_query
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeQuery
from tir.kernel.clock import now

TAG = "confirming a guarantee"


@documented_act("Confirm a guarantee", operation="confirm_guarantee", answer=ConfirmOut, tag=TAG)
class Confirm(ActEndpoint):
    """One call: is this guarantee good for this carnet, here and now? (Annex 11 art. 10)"""

    allow: ClassVar = {"POST": OFFICERS | CUSTOMS_HQ}
    body = ConfirmBody

    def act(self, request: Request, body: ConfirmBody) -> Any:
        """Ask for the caller's country, and for their office where they are posted."""
        at, reader = now(), reader_of(request)
        office = reader.office_on(at)
        answer = asking.ask(
            number=body.carnet,
            page=body.page,
            country=office.facts.country if office else reader.own_country(),
            office=office.code if office else "",
            by=caller(request),
            at=at,
        )
        return present_answer(answer)


@documented_list("List guarantee queries", operation="list_guarantee_queries", rows=QueryOut, tag=TAG)
class Queries(ListEndpoint):
    """What was asked and answered: by the caller's customs, or about the caller's carnets."""

    allow: ClassVar = {"GET": OFFICERS | CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}
    filters = (
        Filter("carnet", "carnet_number", "Only about this carnet.", read=as_number),
        Filter(
            "answer", "is_good", "Only with this answer.", choices=("good", "not_good"), read="good".__eq__
        ),
        Filter(
            "by_hand",
            "confirmations__isnull",
            "`no`: only those on which the association has not said its own word.",
            choices=("no",),
            read="no".__eq__,
        ),
    )

    def found(self, request: Request) -> Any:
        return enquiries_for(reader_of(request)).prefetch_related("confirmations__by")

    def present(self, rows: list[GuaranteeQuery], request: Request) -> list[dict[str, Any]]:
        return [present_query(item) for item in rows]


@documented_act(
    "Confirm a guarantee by hand",
    operation="confirm_guarantee_by_hand",
    answer=QueryOut,
    problems=(404,),
    tag=TAG,
)
class ConfirmByHand(ActEndpoint):
    """The issuing association's own word on a query; what the system answered stays beside it."""

    allow: ClassVar = {"POST": ASSOCIATIONS}
    body = ByHandBody
    status = status.HTTP_201_CREATED

    def act(self, request: Request, body: ByHandBody, *, query_id: int) -> Any:
        query = own_enquiry(reader_of(request), query_id)
        asking.confirm_by_hand(
            query=query, is_good=body.answer == "good", text=body.text, by=caller(request), at=now()
        )
        return present_query(query)
