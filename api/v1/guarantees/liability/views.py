"""What an association owes, both ways, at any moment; and the rows behind every figure."""

from decimal import Decimal
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.errors import instant
from api.openapi import CURSOR, documented
from api.pagination import NewestFirst
from api.permissions import ASSOCIATIONS, OVERSIGHT
from api.scope.guarantees import association_for
from api.scope.reader import reader_of
from api.v1.guarantees.liability.bodies import LiabilityOut, OperationsAtStakeOut
from api.v1.guarantees.liability.presenting import (
    amount_text,
    present_claimed,
    present_liability,
    present_period,
)
from api.v1.guarantees.liability.reading import (
    AS_OF,
    CURRENCY,
    FILTERS,
    PARTS,
    Asked,
    largest_asked,
    rows_asked,
    view_asked,
)
from guarantees.liability.choices import Stage
from guarantees.liability.figures import Total
from guarantees.liability.operations import claimed, periods, total, whole
from guarantees.models import Claim, GuaranteedCarnet
from guarantees.queries import liability

TAG = "guarantees"


class LongestOpen(NewestFirst):
    """The oldest liability first: what art. 11's clocks press for."""

    ordering = ("since", "id")


class LongestClaimed(NewestFirst):
    ordering = ("accepted_at", "id")


class AssociationLiability(Endpoint):
    """What an association owes, both ways, at any moment."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Liability of an association",
        operation="read_liability",
        answers={200: LiabilityOut},
        problems=(404,),
        parameters=(AS_OF, CURRENCY.parameter, PARTS),
        tag=TAG,
    )
    def get(self, request: Request, code: str) -> Response:
        view = view_asked(request, association_for(reader_of(request), code))
        return Response(present_liability(liability(view, largest=largest_asked(request))))


class OperationsAtStake(Endpoint):
    """The carnets and operations behind a figure of the liability call."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Carnets and operations behind a figure of liability",
        operation="list_operations_at_stake",
        answers={200: OperationsAtStakeOut},
        problems=(404,),
        parameters=(*CURSOR, AS_OF, *(item.parameter for item in FILTERS)),
        tag=TAG,
    )
    def get(self, request: Request, code: str) -> Response:
        asked = rows_asked(request, association_for(reader_of(request), code))
        if asked.stage in (None, Stage.CONTINGENT):
            return _open_rows(asked, request)
        return _claimed_rows(asked, request)


def _open_rows(asked: Asked, request: Request) -> Response:
    found = periods(asked.view, asked.side, asked.narrowing)
    if asked.stage == Stage.CONTINGENT:
        found = found.exclude(
            pk__in=[row.period_id for row in claimed(asked.view, asked.side) if row.period_id]
        )
    pages = LongestOpen()
    rows = whole(row.pk for row in pages.page(found.only("id", "since"), request))
    numbers = [row.carnet_number for row in rows]
    claims = {(row.carnet_number, row.page): row for row in claimed(asked.view, asked.side, carnets=numbers)}
    results = [present_period(row, asked, claims.get((row.carnet_number, row.page))) for row in rows]
    return _answer(asked, total(found), Decimal(0), pages, results)


def _claimed_rows(asked: Asked, request: Request) -> Response:
    found = {row.claim_id: row for row in claimed(asked.view, asked.side) if row.stage == asked.stage}
    pages = LongestClaimed()
    claims = pages.page(Claim.objects.filter(pk__in=found), request)
    carnets = GuaranteedCarnet.objects.select_related("holder").in_bulk([row.carnet_number for row in claims])
    results = [
        present_claimed(row, found[row.pk], asked, getattr(carnets.get(row.carnet_number), "holder", None))
        for row in claims
    ]
    open_ = Total(
        sum((row.open for row in found.values()), Decimal(0)),
        sum(bool(row.period_id) for row in found.values()),
    )
    return _answer(asked, open_, sum((row.claimed for row in found.values()), Decimal(0)), pages, results)


def _answer(
    asked: Asked, sums: Total, sum_claimed: Decimal, pages: NewestFirst, results: list[dict[str, Any]]
) -> Response:
    return pages.answer(
        results,
        as_of=instant(asked.view.moment.at),
        side=asked.side.value,
        currency=asked.view.currency,
        total={"amount": amount_text(sums.amount), "count": sums.count},
        claimed=amount_text(sum_claimed),
    )
