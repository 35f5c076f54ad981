"""The dossier of a claim and the defence against one, as PDF and as JSON: the same facts, the same hash."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.openapi import documented
from api.parsing import field_missing
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT
from api.renderers import JsonRenderer, PdfRenderer
from api.scope.carnets import carnet_to_defend, sees_whole
from api.scope.claims import claim_for
from api.scope.reader import reader_of
from api.v1.carnets.views import page_asked
from api.v1.claims.bodies import DossierOut
from api.wording import said_of_the_log
from carnets import vouchers
from carnets.documents.building import page_token
from carnets.documents.dossier import render_dossier
from carnets.documents.dossier_sections import printed
from carnets.documents.fonts import installed_fonts
from carnets.models import Carnet
from checkpoints.dossiers.facts import claim_facts, defence_facts, operation_with_carnet
from checkpoints.dossiers.record import DossierView
from tir.kernel.clock import now
from tir.kernel.sandbox import kind

TAG = "claims"
PAGE = (OpenApiParameter("page", int, required=True, description="A voucher page of the operation."),)
READERS = CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT


class DossierJson(Endpoint):
    """Everything about a claim in one document."""

    allow: ClassVar = {"GET": READERS}

    @documented(
        "Dossier of a claim (JSON)",
        operation="read_dossier",
        answers={200: DossierOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, claim_id: int) -> Response:
        return Response(_dossier(request, claim_id))


class DossierPdf(Endpoint):
    """The same, on paper."""

    cost = "paper"
    allow: ClassVar = {"GET": READERS}
    renderer_classes = (PdfRenderer, JsonRenderer)

    @documented(
        "Dossier of a claim (PDF)",
        operation="print_dossier",
        answers={(200, "application/pdf"): bytes},
        problems=(404, 429),
        tag=TAG,
    )
    def get(self, request: Request, claim_id: int) -> HttpResponse:
        return _pdf(_dossier(request, claim_id))


def _dossier(request: Request, claim_id: int) -> dict[str, Any]:
    claim = claim_for(reader_of(request), claim_id)
    carnet = Carnet.objects.get(number=claim.carnet_number)
    view = DossierView(sees_whole=sees_whole(reader_of(request), carnet))
    return claim_facts(claim, view=view, on=claim.association.day_at(now()))


class DefenceJson(Endpoint):
    """What proves that an operation was terminated, for the holder's association."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Defence against a claim (JSON)",
        operation="read_defence",
        answers={200: DossierOut},
        problems=(404,),
        parameters=PAGE,
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(_defence(request, number))


class DefencePdf(Endpoint):
    """The same, on paper."""

    cost = "paper"
    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    renderer_classes = (PdfRenderer, JsonRenderer)

    @documented(
        "Defence against a claim (PDF)",
        operation="print_defence",
        answers={(200, "application/pdf"): bytes},
        problems=(404, 429),
        parameters=PAGE,
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        return _pdf(_defence(request, number))


def _defence(request: Request, number: str) -> dict[str, Any]:
    """It shows the whole way of the carnet, so it is for its issuer and for those who see everything."""
    carnet = carnet_to_defend(reader_of(request), number)
    if "page" not in request.query_params:
        raise field_missing("page")
    page = page_asked(request, carnet)
    if not carnet.operations.filter(sequence=vouchers.operation_of(page)).exists():
        raise Http404
    return defence_facts(operation_with_carnet(carnet.number, page), on=carnet.association.day_at(now()))


def _pdf(facts: Mapping[str, Any]) -> HttpResponse:
    carnet = facts["carnet"]["number"]
    token = page_token(
        Carnet.objects.select_related("holder", "association", "guarantee").get(number=carnet),
        facts["operation"]["pages"][0],
    )
    with translation.override(facts["language"]):
        pdf = render_dossier(printed(facts, token, note=said_of_the_log()), installed_fonts(), kind())
    name = f"{carnet}-{facts['operation']['pages'][0]}-{facts['kind']}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
