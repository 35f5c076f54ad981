"""Guarantees and their room."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.filtering import Filter
from api.openapi import documented
from api.pagination import ByKey
from api.permissions import ASSOCIATIONS, OVERSIGHT
from api.scope.guarantees import guarantees_for
from api.scope.reader import reader_of
from api.v1.guarantees.bodies import GuaranteeOut
from guarantees.models import Guarantee

TAG = "guarantees"


@documented_list("List guarantees", operation="list_guarantees", rows=GuaranteeOut, tag=TAG)
class Guarantees(ListEndpoint):
    """The guarantees of the caller's association."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    pagination = ByKey
    filters = (Filter("holder", "holder__reference", "Only guarantees for this holder."),)

    def found(self, request: Request) -> Any:
        return guarantees_for(reader_of(request))

    def present(self, rows: list[Guarantee], request: Request) -> list[dict[str, Any]]:
        return [present_guarantee(guarantee) for guarantee in rows]


class OneGuarantee(Endpoint):
    """One guarantee with its room."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Read a guarantee", operation="read_guarantee", answers={200: GuaranteeOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, reference: str) -> Response:
        guarantee = get_object_or_404(guarantees_for(reader_of(request)), reference=reference)
        return Response(present_guarantee(guarantee))


def present_guarantee(guarantee: Guarantee) -> dict[str, Any]:
    """Return a guarantee with what of its ceiling is used; amounts in its own currency."""
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
