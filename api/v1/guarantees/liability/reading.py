"""Which association, moment, side and part of it a request asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import PydanticCustomError
from rest_framework.request import Request

from api.filtering import Filter, as_code
from api.parsing import field_invalid, instant_or_day
from api.scope import sees_everything
from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import LARGEST
from guarantees.liability.moments import AGE_BANDS, Moment, View
from guarantees.liability.operations import Narrowing
from guarantees.models import Association, Guarantee, Holder
from guarantees.queries import view_of
from tir.kernel.clock import now

MOST_PARTS = 5_000
AGES = {f"{low}-{'' if high is None else high}": (low, high) for low, high in AGE_BANDS}
OVER_30 = "30-"  # what a console warns of
NOBODY = -1  # the key of a holder or guarantee that does not exist

CURRENCY = Filter(
    "currency", "currency", "ISO 4217; that of the association's maximum when left out.", read=as_code
)
SIDE = Filter("side", "side", "Which liability; `territory` when left out.", choices=Side.values)
HOLDER = Filter("holder", "holder", "Only of this holder.", read=as_code)
GUARANTEE = Filter("guarantee", "guarantee", "Only under this guarantee; for the issuer's sides.")
ISSUER = Filter("issuer", "issuer", "Only carnets of this association; for `territory`.")
COUNTRY = Filter("country", "country", "Only in this territory; for operations.", read=as_code)
CORRIDOR = Filter("corridor", "corridor", "Only from one country to another, as in CN-TJ.", read=as_code)
AGE = Filter(
    "age",
    "age",
    "Only of this age, in calendar days since acceptance, entry or issue.",
    choices=(*AGES, OVER_30),
)
STAGE = Filter("stage", "stage", "Only at this stage of art. 11; for operations.", choices=Stage.values)
FILTERS = (SIDE, CURRENCY, HOLDER, GUARANTEE, ISSUER, COUNTRY, CORRIDOR, AGE, STAGE)
AS_OF = OpenApiParameter("as_of", str, description="A day (its end) or an instant; now when left out.")
PARTS = OpenApiParameter(
    "largest", {"type": "integer", "minimum": 1}, description="Rows of a breakdown: 20, at most 5000."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One list of the rows behind a figure."""

    view: View
    side: Side
    narrowing: Narrowing
    stage: Stage | None


def association_asked(user: Any, code: str) -> Association:
    """Return the association of that code if the caller may see its liability; Http404 otherwise."""
    association = Association.objects.filter(code=code).first()
    if association is None or not may_see(user, association):
        raise Http404
    return association


def may_see(user: Any, association: Association) -> bool:
    if sees_everything(user):
        return True
    if user.country and user.country == association.country:
        return True
    membership = getattr(user, "membership", None)
    return membership is not None and membership.association_id == association.pk


def view_asked(request: Request, association: Association) -> View:
    moment = moment_of(request.query_params.get("as_of", ""))
    return view_of(association, moment=moment, currency=CURRENCY.value(request).upper())


def moment_of(asked: str) -> Moment:
    """Return the moment asked for; a bare day means its end, so that the whole day counts. What is not past is now."""
    present = now()
    if not asked:
        return Moment(present, is_now=True)
    try:
        # A plus sign that nobody escaped arrives as a blank.
        found = instant_or_day(asked.replace(" ", "+"))
    except PydanticCustomError as invalid:
        raise field_invalid("as_of", invalid.type) from None
    at = found if isinstance(found, datetime) else datetime.combine(found, time.max, tzinfo=UTC)
    return Moment(at, is_now=at >= present)


def largest_asked(request: Request) -> int:
    """Return how many rows of each breakdown the caller wants."""
    try:
        asked = int(request.query_params.get("largest", LARGEST))
    except ValueError:
        raise field_invalid("largest", "int_type") from None
    if asked < 1:
        raise field_invalid("largest", "greater_than_equal", ge=1)
    return min(asked, MOST_PARTS)


def rows_asked(request: Request, association: Association) -> Asked:
    side = Side(SIDE.value(request) or Side.TERRITORY)
    stage = STAGE.value(request)
    ensure_of_side(request.query_params, side)
    narrowing = _narrowing(request)
    if stage and stage != Stage.CONTINGENT and narrowing != Narrowing():
        raise field_invalid("stage", "not_with_others")
    return Asked(view_asked(request, association), side, narrowing, Stage(stage) if stage else None)


def ensure_of_side(asked: Mapping[str, str], side: Side) -> None:
    """A guarantor learns nothing of a foreign guarantee, and a carnet as a whole is in no territory and in no claim."""
    foreign = {
        Side.ISSUED: (ISSUER, COUNTRY, STAGE),
        Side.UNDER_WAY: (ISSUER,),
        Side.TERRITORY: (GUARANTEE,),
    }
    for item in foreign[side]:
        if asked.get(item.name):
            raise field_invalid(item.name, "not_of_side", side=side.value)


def _narrowing(request: Request) -> Narrowing:
    age = AGE.value(request)
    return Narrowing(
        holder_id=key_of(Holder, reference=HOLDER.value(request).upper()),
        guarantee_id=key_of(Guarantee, reference=GUARANTEE.value(request)),
        issuer_id=key_of(Association, code=ISSUER.value(request)),
        country=COUNTRY.value(request).upper(),
        corridor=CORRIDOR.value(request).upper(),
        age=AGES.get(age, (30, None)) if age else None,
    )


def key_of(model: Any, **named: str) -> int | None:
    """Return the key of what is named; of nothing, None; of what does not exist, one that nothing has."""
    if not any(named.values()):
        return None
    found = model.objects.filter(**named).values_list("pk", flat=True).first()
    return NOBODY if found is None else int(found)
