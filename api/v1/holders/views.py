"""Holders: the register, what is decided about them, and the carnet numbers their association has."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.filtering import Filter, as_code
from api.pagination import ByKey
from api.parsing import parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT, SECRETARIAT, SIGNED_IN
from api.scope import (
    association_of,
    exclusion_of,
    holder_for,
    holder_to_manage,
    holders_for,
    number_ranges_for,
)
from api.v1.base import Endpoint, ListEndpoint, caller
from api.v1.holders.bodies import (
    AuthoriseBody,
    ExcludeBody,
    ExclusionOut,
    GiveRangeBody,
    HolderOut,
    HolderReasonBody,
    LiftBody,
    NumberRangeOut,
    QuotaBody,
    WholeHolderOut,
)
from api.v1.holders.presenting import (
    in_address,
    present_exclusion,
    present_holder,
    present_range,
    present_whole_holder,
)
from api.v1.openapi import View, documented, listed
from carnets import stock
from carnets.models import NumberRange
from guarantees import holders
from guarantees.choices import HolderStatus
from guarantees.days import day_in
from guarantees.models import Association, Holder
from tir.kernel.clock import now

TAG = "holders"


class Holders(ListEndpoint):
    """Persons authorised to use TIR carnets; an association authorises one by POST."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": ASSOCIATIONS}
    pagination = ByKey
    filters = (
        Filter("id", "reference", "The holder's reference, AAA/BBB/X.", read=as_code),
        Filter("country", "country", "ISO alpha-2.", read=as_code),
        Filter("status", "status", "Only holders in this status.", choices=HolderStatus.values),
        Filter("name", "name__icontains", "A part of the name."),
    )

    def found(self, request: Request) -> Any:
        return holders_for(request.user)

    def present(self, rows: list[Holder], request: Request) -> list[dict[str, Any]]:
        return [present_holder(holder) for holder in rows]

    @listed("List holders", operation="list_holders", rows=HolderOut, filters=filters, tag="registers")
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Authorise a holder",
        operation="authorise_holder",
        body=AuthoriseBody,
        answers={201: WholeHolderOut},
        problems=(409,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at = parse(AuthoriseBody, request), now()
        holder = holders.authorise(
            association=association_of(request.user),
            number=body.number,
            name=body.name,
            name_local=body.name_local,
            address=body.address,
            authorised_from=body.authorised_from or association_of(request.user).day_at(at),
            quota=body.quota,
            reason=body.reason,
            by=caller(request),
            at=at,
        )
        location = {"Location": f"/api/v1/holders/{in_address(holder)}/"}
        return Response(
            present_whole_holder(holder, request.user), status=status.HTTP_201_CREATED, headers=location
        )


class OneHolder(Endpoint):
    """One holder with exclusions; for who manages or oversees them also quota and history."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented(
        "Read a holder", operation="read_holder", answers={200: WholeHolderOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, holder_ref: str) -> Response:
        return Response(present_whole_holder(holder_for(request.user, holder_ref), request.user))


class HolderStep(Endpoint):
    """One decision about a holder, by their association or the customs of their country."""

    allow: ClassVar = {"POST": ASSOCIATIONS | CUSTOMS_HQ}
    step: ClassVar[Callable[..., Holder]]

    def post(self, request: Request, holder_ref: str) -> Response:
        body = parse(HolderReasonBody, request)
        holder = holder_to_manage(request.user, holder_ref)
        self.step(holder_id=holder.pk, reason=body.reason, by=caller(request), at=now())
        return Response(present_whole_holder(holder_for(request.user, holder_ref), request.user))


def _step_documented(summary: str, verb: str) -> Callable[[View], View]:
    return documented(
        summary,
        operation=f"{verb}_holder",
        body=HolderReasonBody,
        answers={200: WholeHolderOut},
        problems=(404, 409),
        tag=TAG,
    )


class Suspend(HolderStep):
    step = staticmethod(holders.suspend)

    @_step_documented("Suspend a holder", "suspend")
    def post(self, request: Request, holder_ref: str) -> Response:
        return super().post(request, holder_ref)


class Resume(HolderStep):
    step = staticmethod(holders.resume)

    @_step_documented("Lift a holder's suspension", "resume")
    def post(self, request: Request, holder_ref: str) -> Response:
        return super().post(request, holder_ref)


class WithdrawAuthorisation(HolderStep):
    step = staticmethod(holders.withdraw)

    @_step_documented("Withdraw a holder's authorisation", "withdraw")
    def post(self, request: Request, holder_ref: str) -> Response:
        return super().post(request, holder_ref)


class EndActivity(HolderStep):
    step = staticmethod(holders.end)

    @_step_documented("Record the end of a holder's activity", "end")
    def post(self, request: Request, holder_ref: str) -> Response:
        return super().post(request, holder_ref)


class SetQuota(Endpoint):
    """How many carnets a holder may have out at once: their association's ration."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Set a holder's carnet quota",
        operation="set_holder_quota",
        body=QuotaBody,
        answers={200: WholeHolderOut},
        problems=(404,),
        tag=TAG,
    )
    def post(self, request: Request, holder_ref: str) -> Response:
        body = parse(QuotaBody, request)
        holder = holder_to_manage(request.user, holder_ref)
        holders.set_quota(
            holder_id=holder.pk, quota=body.quota, reason=body.reason, by=caller(request), at=now()
        )
        return Response(present_whole_holder(holder_for(request.user, holder_ref), request.user))


class Exclusions(Endpoint):
    """A country excludes a holder from TIR on its territory (art. 38): its own headquarters record it."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}

    @documented(
        "Exclude a holder from the caller's country",
        operation="exclude_holder",
        body=ExcludeBody,
        answers={201: ExclusionOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request, holder_ref: str) -> Response:
        body, at, user = parse(ExcludeBody, request), now(), caller(request)
        exclusion = holders.exclude(
            holder_id=holder_for(user, holder_ref).pk,
            country=user.country,
            valid_from=body.valid_from or day_in(user.country, at),
            valid_to=body.valid_to,
            decided_on=body.decided_on or day_in(user.country, at),
            reason=body.reason,
            by=user,
            at=at,
        )
        return Response(present_exclusion(exclusion), status=status.HTTP_201_CREATED)


class LiftExclusion(Endpoint):
    """The excluding country takes the holder in again."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}

    @documented(
        "Lift an exclusion",
        operation="lift_exclusion",
        body=LiftBody,
        answers={200: ExclusionOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request, holder_ref: str, exclusion_id: int) -> Response:
        body, at = parse(LiftBody, request), now()
        exclusion = exclusion_of(caller(request), holder_for(request.user, holder_ref), exclusion_id)
        lifted = holders.lift_exclusion(
            exclusion_id=exclusion.pk,
            on=body.on or day_in(exclusion.country, at),
            reason=body.reason,
            by=caller(request),
            at=at,
        )
        return Response(present_exclusion(lifted))


class NumberRanges(ListEndpoint):
    """The stock of carnet numbers; the international organization gives a range by POST."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT, "POST": SECRETARIAT}
    pagination = ByKey
    filters = (Filter("association", "association__code", "Only the ranges of this association."),)

    def found(self, request: Request) -> Any:
        return number_ranges_for(request.user)

    def present(self, rows: list[NumberRange], request: Request) -> list[dict[str, Any]]:
        of = stock.stocks(item.association_id for item in rows)
        return [present_range(item, of[item.association_id]) for item in rows]

    @listed(
        "List number ranges", operation="list_number_ranges", rows=NumberRangeOut, filters=filters, tag=TAG
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Give an association carnet numbers",
        operation="give_number_range",
        body=GiveRangeBody,
        answers={201: NumberRangeOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body = parse(GiveRangeBody, request)
        association = Association.objects.filter(code=body.association).first()
        if association is None:
            raise Http404
        given = stock.give_range(
            association=association, first=body.first, last=body.last, by=caller(request), at=now()
        )
        found = present_range(given, stock.stocks([association.pk])[association.pk])
        return Response(found, status=status.HTTP_201_CREATED)
