"""Which association, moment, side and part of it a request asks for."""

from dataclasses import dataclass

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.filtering import Filter, as_code
from api.liability_asked import AGES, MOST_PARTS, OVER_30, age_of, ensure_of_side, key_of_named, moment_of
from api.parsing import field_invalid, whole_number
from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import LARGEST
from guarantees.liability.moments import View
from guarantees.liability.operations import Narrowing
from guarantees.models import Association, Guarantee, Holder
from guarantees.queries import view_of

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


def view_asked(request: Request, association: Association) -> View:
    moment = moment_of(request.query_params.get("as_of", ""))
    return view_of(association, moment=moment, currency=CURRENCY.value(request).upper())


def largest_asked(request: Request) -> int:
    """Return how many rows of each breakdown the caller wants."""
    asked = request.query_params.get("largest")
    return LARGEST if asked is None else min(whole_number("largest", asked), MOST_PARTS)


def rows_asked(request: Request, association: Association) -> Asked:
    """Return which rows behind a figure are asked for: one stage, or one narrowing, never both. Raises BodyInvalid."""
    side = Side(SIDE.value(request) or Side.TERRITORY)
    stage = STAGE.value(request)
    ensure_of_side(request.query_params, side)
    narrowing = _narrowing(request)
    if stage and stage != Stage.CONTINGENT and narrowing != Narrowing():
        raise field_invalid("stage", "not_with_others")
    return Asked(view_asked(request, association), side, narrowing, Stage(stage) if stage else None)


def _narrowing(request: Request) -> Narrowing:
    return Narrowing(
        holder_id=key_of_named(Holder, reference=HOLDER.value(request).upper()),
        guarantee_id=key_of_named(Guarantee, reference=GUARANTEE.value(request)),
        issuer_id=key_of_named(Association, code=ISSUER.value(request)),
        country=COUNTRY.value(request).upper(),
        corridor=CORRIDOR.value(request).upper(),
        age=age_of(AGE.value(request)),
    )
