"""Carnets: issue, read, print, and take out of circulation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import Act, ActEndpoint, Endpoint, ListEndpoint, documented_act, documented_list
from api.errors import instant
from api.filtering import Filter, plate_in_list
from api.openapi import documented
from api.parsing import parse
from api.permissions import ASSOCIATIONS, SIGNED_IN
from api.renderers import JsonRenderer, PdfRenderer, PngRenderer, SvgRenderer
from api.scope.carnets import carnet_for, carnets_for, is_issuer, own_carnet, sees_whole
from api.scope.reader import Reader, reader_of
from api.v1.carnets.bodies import (
    CarnetBrief,
    CarnetOut,
    IssueBody,
    LostBody,
    ReasonBody,
    ReturnBody,
    ReturnOut,
)
from api.v1.carnets.presenting import present_briefs, present_carnet
from api.v1.carnets.reading import as_asked, issue_instant, read_application
from carnets import issuing
from carnets.annex10 import returns
from carnets.choices import CarnetStatus
from carnets.documents.building import build_sheet, page_token
from carnets.documents.fonts import installed_fonts
from carnets.documents.qr import qr_png, qr_svg
from carnets.documents.render import render_carnet
from carnets.documents.sheet import PrintedOffice
from carnets.issuing import IssueRefused
from carnets.models import Carnet
from checkpoints.posts.offices import register
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.kernel.errors import Malformed
from tir.kernel.sandbox import kind

TAG = "carnets"
SECOND_LANGUAGES = ("ru", "zh-hans")
PAGE = (
    OpenApiParameter(
        "page",
        {"type": "integer", "minimum": 1, "maximum": 20},
        description="Voucher page, 1 when left out.",
    ),
)


class PageInvalid(Malformed):
    """The query asks for a voucher page the carnet does not have."""

    code = "page_range"


@documented_list("List carnets", operation="list_carnets", rows=CarnetBrief, tag=TAG)
class Carnets(ListEndpoint):
    """Carnets the caller may see; an association issues one by POST."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": ASSOCIATIONS}
    filters = (
        Filter("status", "status", "Only carnets in this status.", choices=CarnetStatus.values),
        Filter("holder", "holder__reference", "Only carnets of this holder (AAA/BBB/X)."),
        Filter(
            "plate", "plates__contains", "Only carnets with this registration number.", read=plate_in_list
        ),
    )

    def found(self, request: Request) -> Any:
        return carnets_for(reader_of(request)).select_related("holder", "association")

    def present(self, rows: list[Carnet], request: Request) -> list[dict[str, Any]]:
        return present_briefs(rows, reader_of(request))

    @documented(
        "Issue a carnet",
        operation="issue_carnet",
        body=IssueBody,
        answers={201: CarnetOut},
        problems=(409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Issue a carnet of the caller's association: every rule that it breaks is named, or its guarantee is reserved
        and its number given."""
        body, association = parse(IssueBody, request), reader_of(request).own_association()
        at = issue_instant(body, now())
        application = read_application(body, association, association.day_at(at))
        try:
            carnet = issuing.issue(application=application, by=caller(request), at=at)
        except IssueRefused as refused:
            raise as_asked(refused, body) from None
        location = {"Location": f"/api/v1/carnets/{carnet.number}/"}
        return Response(
            _present_carnet_to(reader_of(request), carnet.number),
            status=status.HTTP_201_CREATED,
            headers=location,
        )


def _present_carnet_to(reader: Reader, number: str) -> dict[str, Any]:
    """Return a carnet as it stands now. Raises Http404 for one that the reader may not see."""
    return present_carnet(carnet_for(reader, number), reader)


class OneCarnet(Endpoint):
    """One carnet with its operations, goods and irregularities."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented("Read a carnet", operation="read_carnet", answers={200: CarnetOut}, problems=(404,), tag=TAG)
    def get(self, request: Request, number: str) -> Response:
        return Response(_present_carnet_to(reader_of(request), number))


class Document(Endpoint):
    """The printable carnet: cover, manifest, vouchers with their QR codes, certified report; for others than its issuer
    a copy that says so, without codes."""

    cost = "paper"
    allow: ClassVar = {"GET": SIGNED_IN}
    renderer_classes = (PdfRenderer, JsonRenderer)
    language = Filter(
        "language", "", "The second language; the route's own when left out.", choices=SECOND_LANGUAGES
    )

    @documented(
        "Print a carnet (PDF)",
        operation="print_carnet",
        answers={(200, "application/pdf"): bytes},
        problems=(404, 429),
        parameters=(language.parameter,),
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """The printable carnet: cover, manifest, vouchers with their QR codes, certified report. Whoever did not issue
        it gets a copy, marked as one and without codes."""
        reader = reader_of(request)
        carnet = carnet_for(reader, number)
        if not sees_whole(reader, carnet):
            raise Http404
        language: Any = self.language.value(request) or None
        sheet = build_sheet(carnet, _office_names(), language=language)
        is_copy = not is_issuer(reader, carnet)
        pdf = render_carnet(sheet, installed_fonts(), kind(), is_copy=is_copy)
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{carnet.number}.pdf"'},
        )


class QrCode(Endpoint):
    """The signed QR code of one voucher page, as SVG: sharp at any size. Its issuer alone prints vouchers."""

    allow: ClassVar = {"GET": ASSOCIATIONS}
    renderer_classes = (SvgRenderer, JsonRenderer)

    @documented(
        "QR code of a voucher page (SVG)",
        operation="voucher_qr_svg",
        answers={(200, "image/svg+xml"): bytes},
        problems=(404,),
        parameters=PAGE,
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        return HttpResponse(qr_svg(_token(request, number)), content_type="image/svg+xml")


class QrCodePng(Endpoint):
    """The same code as PNG: for stickers and old printers."""

    allow: ClassVar = {"GET": ASSOCIATIONS}
    renderer_classes = (PngRenderer, JsonRenderer)

    @documented(
        "QR code of a voucher page (PNG)",
        operation="voucher_qr_png",
        answers={(200, "image/png"): bytes},
        problems=(404,),
        parameters=PAGE,
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        return HttpResponse(qr_png(_token(request, number)), content_type="image/png")


def _token(request: Request, number: str) -> str:
    carnet = own_carnet(reader_of(request), number)
    return page_token(carnet, page_asked(request, carnet))


def page_asked(request: Request, carnet: Carnet) -> int:
    """Return the voucher page in the query, 1 when left out. Raises PageInvalid."""
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0  # noqa: PLR2004
    if not 1 <= page <= carnet.vouchers:
        raise PageInvalid(
            _("This carnet has pages 1 to {vouchers}. Ask for one of them.").format(vouchers=carnet.vouchers),
            field="page",
            vouchers=carnet.vouchers,
        )
    return page


def _office_names() -> dict[str, PrintedOffice]:
    return {
        code: PrintedOffice(code, office.name, "", office.name_ru, office.name_zh)
        for code, office in register().by_code.items()
    }


class CarnetStep(ActEndpoint):
    """What the issuing association does to its own carnet: `take` makes the domain call, the carnet is the answer."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    def take(self, number: str, body: Any, *, by: User, at: datetime) -> None:
        raise NotImplementedError

    def act(self, request: Request, body: Any, *, number: str) -> dict[str, Any]:
        reader = reader_of(request)
        self.take(own_carnet(reader, number).number, body, by=caller(request), at=now())
        return _present_carnet_to(reader, number)


def _step(summary: str, operation: str) -> Callable[[Act], Act]:
    return documented_act(summary, operation=operation, answer=CarnetOut, problems=(404, 409), tag=TAG)


@_step("Invalidate an unused carnet", "invalidate_carnet")
class Invalidate(CarnetStep):
    """Withdraw an unused carnet and release its reservation."""

    body = ReasonBody

    def take(self, number: str, body: ReasonBody, *, by: User, at: datetime) -> None:
        issuing.invalidate(number=number, reason=body.reason, by=by, at=at)


@_step("Report a carnet lost or stolen", "report_carnet_lost")
class ReportLost(CarnetStep):
    """Put a carnet on the control list as lost or stolen."""

    body = LostBody

    def take(self, number: str, body: LostBody, *, by: User, at: datetime) -> None:
        issuing.report_lost(number=number, reason=body.reason, is_stolen=body.stolen, by=by, at=at)


@_step("Report a lost carnet found", "report_carnet_found")
class ReportFound(CarnetStep):
    """Take a lost or stolen carnet that turned up off the control list."""

    body = ReasonBody

    def take(self, number: str, body: ReasonBody, *, by: User, at: datetime) -> None:
        issuing.report_found(number=number, reason=body.reason, by=by, at=at)


class Return(Endpoint):
    """Record that the holder brought the carnet back, with its counterfoils (Annex 10)."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Record a returned carnet",
        operation="return_carnet",
        body=ReturnBody,
        answers={201: ReturnOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that the holder brought the carnet back, with its counterfoils (Annex 10); what differs from the
        record becomes a request to customs."""
        body = parse(ReturnBody, request)
        carnet = own_carnet(reader_of(request), number)
        counterfoils = [item.model_dump(mode="json") for item in body.counterfoils]
        recorded = returns.record_return(
            number=carnet.number, counterfoils=counterfoils, reason=body.reason, by=caller(request), at=now()
        )
        answer = {
            "carnet": carnet.number,
            "returned_at": instant(recorded.returned_at),
            "differences": recorded.differences,
            "requests": list(carnet.reconciliation_requests.order_by("id").values_list("id", flat=True)),
        }
        return Response(answer, status=status.HTTP_201_CREATED)
