"""Guarantees, liability and holders."""

from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import instant
from api.filtering import Filter, as_code
from api.pagination import ByKey
from api.parsing import field_invalid, instant_or_day
from api.permissions import ASSOCIATIONS, OVERSIGHT, SIGNED_IN
from api.scope import guarantees_for, holders_for, sees_everything
from api.v1.base import Endpoint, ListEndpoint
from api.v1.documenting import documented, listed
from api.v1.guarantees.bodies import GuaranteeOut, HolderOut, LiabilityOut
from guarantees.choices import HolderStatus
from guarantees.models import Association, Guarantee, Holder
from guarantees.queries import Liability, liability
from tir.kernel.clock import now

TAG = "guarantees"


class Guarantees(ListEndpoint):
    """The guarantees of the caller's association."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    pagination = ByKey
    filters = (Filter("holder", "holder__reference", "Only guarantees for this holder."),)

    def found(self, request: Request) -> Any:
        return guarantees_for(request.user)

    def present(self, rows: list[Guarantee], request: Request) -> list[dict[str, Any]]:
        return [present_guarantee(guarantee) for guarantee in rows]

    @listed("List guarantees", operation="list_guarantees", rows=GuaranteeOut, filters=filters, tag=TAG)
    def get(self, request: Request) -> Response:
        return super().get(request)


class OneGuarantee(Endpoint):
    """One guarantee with its room."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Read a guarantee", operation="read_guarantee", answers={200: GuaranteeOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, reference: str) -> Response:
        guarantee = guarantees_for(request.user).filter(reference=reference).first()
        if guarantee is None:
            raise Http404
        return Response(present_guarantee(guarantee))


def present_guarantee(guarantee: Guarantee) -> dict[str, Any]:
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


class AssociationLiability(Endpoint):
    """What an association owes, both ways, on any day."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Liability of an association",
        operation="read_liability",
        answers={200: LiabilityOut},
        problems=(400, 404),
        parameters=(
            OpenApiParameter("as_of", str, description="A day (its end) or an instant; now when left out."),
        ),
        tag=TAG,
    )
    def get(self, request: Request, code: str) -> Response:
        association = Association.objects.filter(code=code).first()
        if association is None or not _may_see(request.user, association):
            raise Http404
        as_of = _as_of(request)
        return Response(present_liability(association, liability(association, as_of=as_of), as_of))


def _may_see(user: Any, association: Association) -> bool:
    if sees_everything(user):
        return True
    if user.country and user.country == association.country:
        return True
    membership = getattr(user, "membership", None)
    return membership is not None and membership.association_id == association.pk


def _as_of(request: Request) -> datetime:
    """Return the instant asked for; a bare day means its end, so that the whole day counts."""
    asked = request.query_params.get("as_of")
    if not asked:
        return now()
    try:
        # A plus sign that nobody escaped arrives as a blank.
        found = instant_or_day(asked.replace(" ", "+"))
    except PydanticCustomError as invalid:
        raise field_invalid("as_of", invalid.type) from None
    return found if isinstance(found, datetime) else datetime.combine(found, time.max, tzinfo=UTC)


def present_liability(association: Association, found: Liability, as_of: datetime) -> dict[str, Any]:
    return {
        "association": association.code,
        "as_of": instant(as_of),
        "currency": found.currency,
        "issued": {
            "exposure": _money(found.issued.amount),
            "open_carnets": found.issued.count,
            "ceiling": _money(found.ceiling),
            "available": _money(found.ceiling - found.issued.amount),
        },
        "territory": {
            "exposure": _money(found.territory.amount),
            "open_operations": found.territory.count,
        },
        "ageing": [
            {
                "from_days": band.from_days,
                "to_days": band.to_days,
                "amount": _money(band.amount),
                "operations": band.operations,
            }
            for band in found.ageing
        ],
        "claims": {
            name: {"amount": _money(total.amount), "count": total.count}
            for name, total in found.claims.items()
        },
    }


def _money(amount: Any) -> str:
    return f"{amount:.2f}"


class Holders(ListEndpoint):
    """Persons authorised to use TIR carnets."""

    allow: ClassVar = {"GET": SIGNED_IN}
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
        return [
            {
                "id": holder.reference,
                "name": holder.name,
                "name_local": holder.name_local,
                "address": holder.address,
                "country": holder.country,
                "association": holder.association.code,
                "status": holder.status,
                "authorised_from": str(holder.authorised_from),
            }
            for holder in rows
        ]

    @listed("List holders", operation="list_holders", rows=HolderOut, filters=filters, tag="registers")
    def get(self, request: Request) -> Response:
        return super().get(request)
