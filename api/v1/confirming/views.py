"""Confirm a guarantee: customs ask, the system answers, the association sees it and may add its word by hand."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import officer_behind
from api.filtering import Filter, as_number
from api.parsing import parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OFFICERS, OVERSIGHT
from api.scope import association_of, guarantee_enquiries_for
from api.v1.base import Endpoint, ListEndpoint, caller
from api.v1.confirming.bodies import ByHandBody, ConfirmBody, ConfirmOut, QueryOut
from api.v1.confirming.presenting import present_answer, present_query
from api.v1.openapi import documented, listed
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeQuery
from checkpoints.posts.offices import register
from tir.kernel.clock import now

TAG = "confirming a guarantee"


class Confirm(Endpoint):
    """One call: is this guarantee good for this carnet, here and now? (Annex 11 art. 10)"""

    allow: ClassVar = {"POST": OFFICERS | CUSTOMS_HQ}

    @documented(
        "Confirm a guarantee",
        operation="confirm_guarantee",
        body=ConfirmBody,
        answers={200: ConfirmOut},
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at, user = parse(ConfirmBody, request), now(), caller(request)
        office_id = officer_behind(request).office_id_on(at)
        office = register().by_id[office_id] if office_id is not None else None
        answer = asking.ask(
            number=body.carnet,
            page=body.page,
            country=office.facts.country if office else user.country,
            office=office.code if office else "",
            by=user,
            at=at,
        )
        return Response(present_answer(answer))


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
        return guarantee_enquiries_for(request.user).prefetch_related("confirmations__by")

    def present(self, rows: list[GuaranteeQuery], request: Request) -> list[dict[str, Any]]:
        return [present_query(item) for item in rows]

    @listed(
        "List guarantee queries",
        operation="list_guarantee_queries",
        rows=QueryOut,
        filters=filters,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        return super().get(request)


class ConfirmByHand(Endpoint):
    """The issuing association's own word on a query; what the system answered stays beside it."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Confirm a guarantee by hand",
        operation="confirm_guarantee_by_hand",
        body=ByHandBody,
        answers={201: QueryOut},
        problems=(404,),
        tag=TAG,
    )
    def post(self, request: Request, query_id: int) -> Response:
        body = parse(ByHandBody, request)
        found = guarantee_enquiries_for(request.user).filter(carnet__association=association_of(request.user))
        query = found.filter(pk=query_id).first()
        if query is None:
            raise Http404
        asking.confirm_by_hand(
            query=query, is_good=body.answer == "good", text=body.text, by=caller(request), at=now()
        )
        return Response(present_query(query), status=status.HTTP_201_CREATED)
