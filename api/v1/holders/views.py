"""Holders: the register, what is decided about them, and the carnet numbers their association has."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import Act, ActEndpoint, Endpoint, ListEndpoint, documented_act, documented_list
from api.filtering import Filter, as_code
from api.openapi import documented
from api.pagination import ByKey
from api.parsing import parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, GIVERS, OVERSIGHT, SIGNED_IN
from api.scope.holders import (
    exclusion_of,
    holder_for,
    holder_to_manage,
    holders_for,
    in_address,
    number_ranges_for,
)
from api.scope.reader import Reader, reader_of
from api.scope.registers import ensure_may_enter
from api.v1.holders.bodies import (
    AuthoriseBody,
    ExcludeBody,
    GiveRangeBody,
    HolderOut,
    HolderReasonBody,
    LiftBody,
    NumberRangeOut,
    QuotaBody,
    WholeHolderOut,
)
from api.v1.holders.presenting import (
    present_holder,
    present_range,
    present_whole_holder,
)
from api.v1.registers.answering import present_approval
from api.v1.registers.bodies import ApprovalOut
from api.verbs import HolderDecision
from carnets import stock
from carnets.models import NumberRange
from carnets.ranges import RANGES, RangeEntry
from guarantees import excluding, holders
from guarantees.choices import HolderStatus
from guarantees.excluding import WantedExclusion, WantedLifting
from guarantees.models import Association, Holder
from tir.kernel.clock import now

TAG = "holders"


@documented_list("List holders", operation="list_holders", rows=HolderOut, tag="registers")
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
        return holders_for(reader_of(request))

    def present(self, rows: list[Holder], request: Request) -> list[dict[str, Any]]:
        return [present_holder(holder) for holder in rows]

    @documented(
        "Authorise a holder",
        operation="authorise_holder",
        body=AuthoriseBody,
        answers={201: WholeHolderOut},
        problems=(409,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Authorise a holder of the caller's association; without a day, from today where the association is."""
        body, at = parse(AuthoriseBody, request), now()
        holder = holders.authorise(
            association=reader_of(request).own_association(),
            number=body.number,
            name=body.name,
            name_local=body.name_local,
            address=body.address,
            authorised_from=body.authorised_from or reader_of(request).own_association().day_at(at),
            quota=body.quota,
            reason=body.reason,
            by=caller(request),
            at=at,
        )
        location = {"Location": f"/api/v1/holders/{in_address(holder)}/"}
        return Response(
            present_whole_holder(holder, reader_of(request)), status=status.HTTP_201_CREATED, headers=location
        )


class OneHolder(Endpoint):
    """One holder with exclusions; for who manages or oversees them also quota and history."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented(
        "Read a holder", operation="read_holder", answers={200: WholeHolderOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, holder_ref: str) -> Response:
        return Response(_present_holder_to(reader_of(request), holder_ref))


def _present_holder_to(reader: Reader, holder_ref: str) -> dict[str, Any]:
    """Return a holder as it stands now. Raises Http404 for one that the reader may not see."""
    return present_whole_holder(holder_for(reader, holder_ref), reader)


class HolderStep(ActEndpoint):
    """One decision about a holder, by their association or the customs of their country."""

    allow: ClassVar = {"POST": ASSOCIATIONS | CUSTOMS_HQ}
    body = HolderReasonBody
    verb: ClassVar[HolderDecision]

    def act(self, request: Request, body: HolderReasonBody, *, holder_ref: str) -> Any:
        reader = reader_of(request)
        holder = holder_to_manage(reader, holder_ref)
        self.verb(holder_id=holder.pk, reason=body.reason, by=caller(request), at=now())
        return _present_holder_to(reader, holder_ref)


def _step(summary: str, operation: str) -> Callable[[Act], Act]:
    return documented_act(summary, operation=operation, answer=WholeHolderOut, problems=(404, 409), tag=TAG)


@_step("Suspend a holder", "suspend_holder")
class Suspend(HolderStep):
    verb = staticmethod(holders.suspend)


@_step("Lift a holder's suspension", "resume_holder")
class Resume(HolderStep):
    verb = staticmethod(holders.resume)


@_step("Withdraw a holder's authorisation", "withdraw_holder")
class WithdrawAuthorisation(HolderStep):
    verb = staticmethod(holders.withdraw_authorisation)


@_step("Record the end of a holder's activity", "end_holder")
class EndActivity(HolderStep):
    verb = staticmethod(holders.end_activity)


@documented_act(
    "Set a holder's carnet quota",
    operation="set_holder_quota",
    answer=WholeHolderOut,
    problems=(404,),
    tag=TAG,
)
class SetQuota(ActEndpoint):
    """How many carnets a holder may have out at once: their association's ration."""

    allow: ClassVar = {"POST": ASSOCIATIONS}
    body = QuotaBody

    def act(self, request: Request, body: QuotaBody, *, holder_ref: str) -> Any:
        reader = reader_of(request)
        holder = holder_to_manage(reader, holder_ref)
        holders.set_quota(
            holder_id=holder.pk, quota=body.quota, reason=body.reason, by=caller(request), at=now()
        )
        return _present_holder_to(reader, holder_ref)


@documented_act(
    "Propose to exclude a holder from the caller's country",
    operation="exclude_holder",
    answer=ApprovalOut,
    problems=(404, 409, 422),
    tag=TAG,
)
class Exclusions(ActEndpoint):
    """A country excludes a holder from TIR on its territory (art. 38): one of its headquarters proposes, another
    agrees, and from then on it counts."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}
    body = ExcludeBody
    status = status.HTTP_202_ACCEPTED

    def act(self, request: Request, body: ExcludeBody, *, holder_ref: str) -> Any:
        """Propose it for the caller's country; a day left out is the day on which it is agreed."""
        reader = reader_of(request)
        wanted = WantedExclusion(
            holder_for(reader, holder_ref).reference,
            reader.own_country(),
            body.reason,
            body.valid_from,
            body.valid_to,
            body.decided_on,
        )
        return present_approval(excluding.propose_exclusion(wanted, by=caller(request), at=now()))


@documented_act(
    "Propose to lift an exclusion",
    operation="lift_exclusion",
    answer=ApprovalOut,
    problems=(404, 409, 422),
    tag=TAG,
)
class LiftExclusion(ActEndpoint):
    """The excluding country takes the holder in again, once a second person of its headquarters agrees."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}
    body = LiftBody
    status = status.HTTP_202_ACCEPTED

    def act(self, request: Request, body: LiftBody, *, holder_ref: str, exclusion_id: int) -> Any:
        """Propose to lift it from a day on; left out, from the day on which it is agreed."""
        reader = reader_of(request)
        exclusion = exclusion_of(reader, holder_for(reader, holder_ref), exclusion_id)
        wanted = WantedLifting(
            exclusion.holder.reference, exclusion.country, exclusion.valid_from, body.reason, body.on
        )
        return present_approval(excluding.propose_lifting(wanted, by=caller(request), at=now()))


@documented_list("List number ranges", operation="list_number_ranges", rows=NumberRangeOut, tag=TAG)
class NumberRanges(ListEndpoint):
    """The stock of carnet numbers; the international organization gives a range by POST."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT, "POST": GIVERS}
    pagination = ByKey
    filters = (Filter("association", "association__code", "Only the ranges of this association."),)

    def found(self, request: Request) -> Any:
        return number_ranges_for(reader_of(request))

    def present(self, rows: list[NumberRange], request: Request) -> list[dict[str, Any]]:
        of = stock.stocks(item.association_id for item in rows)
        return [present_range(item, of[item.association_id]) for item in rows]

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
        association = get_object_or_404(Association, code=body.association)
        entry = RangeEntry(association.code, body.first, body.last)
        ensure_may_enter(reader_of(request), RANGES, entry)
        given = stock.give_range(
            association=association, first=body.first, last=body.last, by=caller(request), at=now()
        )
        found = present_range(given, stock.stocks([association.pk])[association.pk])
        return Response(found, status=status.HTTP_201_CREATED)
