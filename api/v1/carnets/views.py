"""Carnets: issue, read, print, and take out of circulation."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import instant
from api.filtering import narrowed
from api.parsing import parse
from api.permissions import ASSOCIATIONS, SIGNED_IN
from api.scope import association_of, carnet_for, carnets_for, own_carnet, sees_whole
from api.v1.base import Endpoint, ListEndpoint
from api.v1.carnets.bodies import (
    CarnetBrief,
    CarnetOut,
    IssueBody,
    LostBody,
    ReasonBody,
    ReturnBody,
    ReturnOut,
)
from api.v1.carnets.presenting import present_brief, present_carnet
from api.v1.documenting import CURSOR, choice, documented, page_of, text
from carnets import issuing
from carnets.choices import CarnetStatus
from carnets.documents.building import build_sheet, page_token
from carnets.documents.fonts import installed_fonts
from carnets.documents.qr import qr_png, qr_svg
from carnets.documents.render import render_carnet
from carnets.documents.sheet import Office
from carnets.models import Carnet
from carnets.rules import Application, DeclaredGoods, DeclaredVehicle, Leg
from checkpoints.offices import planned_office, register
from guarantees.models import Guarantee, Holder
from tir.kernel.clock import now
from tir.kernel.errors import Malformed, Refused

TAG = "carnets"


class HolderUnknown(Refused):
    """No holder with this reference is on record."""

    code = "holder_unknown"


class GuaranteeUnknown(Refused):
    """No guarantee with this reference belongs to the association."""

    code = "guarantee_unknown"


class PageInvalid(Malformed):
    """The query asks for a voucher page the carnet does not have."""

    code = "page_range"


class Carnets(ListEndpoint):
    """Carnets the caller may see; an association issues one by POST."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": ASSOCIATIONS}

    def found(self, request: Request) -> Any:
        rows = carnets_for(request.user).select_related("holder", "association")
        rows = narrowed(rows, request, {"status": "status", "holder": "holder__reference"})
        plate = request.query_params.get("plate", "").replace("\x00", "")
        return rows.filter(plates__contains=[plate.upper()]) if plate else rows

    def present(self, rows: list[Carnet], request: Request) -> list[dict[str, Any]]:
        return [present_brief(carnet) for carnet in rows]

    @documented(
        "List carnets",
        answers={200: page_of(CarnetBrief)},
        problems=(400, 401, 403),
        parameters=(
            *CURSOR,
            choice("status", CarnetStatus.values, "Only carnets in this status."),
            text("holder", "Only carnets of this holder (AAA/BBB/X)."),
            text("plate", "Only carnets with this registration number."),
        ),
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Issue a carnet", body=IssueBody, answers={201: CarnetOut}, problems=(400, 401, 403, 409, 422), tag=TAG
    )
    def post(self, request: Request) -> Response:
        at = now()
        application = _application(parse(IssueBody, request), association_of(request.user), at.date())
        carnet = issuing.issue(application=application, by=request.user, at=at)
        whole = carnet_for(request.user, carnet.number)
        location = {"Location": f"/api/v1/carnets/{carnet.number}/"}
        return Response(present_carnet(whole, request.user), status=status.HTTP_201_CREATED, headers=location)


def _application(body: IssueBody, association: Any, on: Any) -> Application:
    """Return the body resolved against the registers."""
    return Application(
        association=association,
        holder=_holder(body.holder),
        guarantee=_guarantee(body.guarantee, association),
        vouchers=body.vouchers,
        acceptance_until=body.valid_until,
        vehicles=[
            DeclaredVehicle(item.registration.upper(), item.country, item.approval_certificate, item.approval_expires)
            for item in body.vehicles
        ],
        legs=[
            Leg(
                planned_office(leg.start, on=on, field=f"itinerary.{index}.start"),
                planned_office(leg.end, on=on, field=f"itinerary.{index}.end"),
            )
            for index, leg in enumerate(body.itinerary)
        ],
        goods=[
            DeclaredGoods(
                line.description, line.packages, line.package_kind, line.gross_mass_kg, line.hs_code, line.marks
            )
            for line in body.goods
        ],
        containers=body.containers,
        number=body.number,
        kind=body.kind,
        is_heavy_or_bulky=body.heavy_or_bulky,
    )


def _holder(reference: str) -> Holder:
    holder = Holder.objects.filter(reference=reference).first()
    if holder is None:
        raise HolderUnknown(_("No holder with this reference is on record."), field="holder", holder=reference)
    return holder


def _guarantee(reference: str, association: Any) -> Guarantee:
    guarantee = Guarantee.objects.filter(reference=reference, association=association).first()
    if guarantee is None:
        raise GuaranteeUnknown(
            _("Your association has no guarantee with this reference."), field="guarantee", guarantee=reference
        )
    return guarantee


class OneCarnet(Endpoint):
    """One carnet with its operations, goods and irregularities."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented("Read a carnet", answers={200: CarnetOut}, problems=(401, 403, 404), tag=TAG)
    def get(self, request: Request, number: str) -> Response:
        return Response(present_carnet(carnet_for(request.user, number), request.user))


class Document(Endpoint):
    """The printable carnet: cover, manifest, vouchers with their QR codes, certified report."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented(
        "Print a carnet (PDF)",
        answers={(200, "application/pdf"): bytes},
        problems=(401, 403, 404),
        parameters=(choice("language", ["ru", "zh-hans"], "The second language; the route's own when left out."),),
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        carnet = _printable(request, number)
        asked = request.query_params.get("language")
        language = asked if asked in ("ru", "zh-hans") else None
        pdf = render_carnet(build_sheet(carnet, _office_names(), language=language), installed_fonts())
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{carnet.number}.pdf"'},
        )


class QrCode(Endpoint):
    """The signed QR code of one voucher page, as SVG or PNG."""

    allow: ClassVar = {"GET": SIGNED_IN}
    kind: ClassVar[str] = "svg"

    @documented(
        "QR code of a voucher page",
        answers={(200, "image/*"): bytes},
        problems=(400, 401, 403, 404),
        parameters=(text("page", "Voucher page, 1 when left out."),),
        tag=TAG,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        carnet = _printable(request, number)
        token = page_token(carnet, _page(request, carnet))
        if self.kind == "png":
            return HttpResponse(qr_png(token), content_type="image/png")
        return HttpResponse(qr_svg(token), content_type="image/svg+xml")


class QrCodePng(QrCode):
    kind = "png"


def _printable(request: Request, number: str) -> Carnet:
    """Return a carnet the caller sees whole: paper and code show all of it."""
    carnet = carnet_for(request.user, number)
    if not sees_whole(request.user, carnet):
        raise Http404
    return carnet


def _page(request: Request, carnet: Carnet) -> int:
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0  # noqa: PLR2004
    if not 1 <= page <= carnet.vouchers:
        raise PageInvalid(
            _("This carnet has pages 1 to {vouchers}.").format(vouchers=carnet.vouchers),
            field="page",
            vouchers=carnet.vouchers,
        )
    return page


def _office_names() -> dict[str, Office]:
    return {
        code: Office(code, office.name, "", office.name_ru, office.name_zh)
        for code, office in register().by_code.items()
    }


class Invalidate(Endpoint):
    """Withdraw an unused carnet and release its reservation."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Invalidate an unused carnet",
        body=ReasonBody,
        answers={200: CarnetOut},
        problems=(400, 401, 403, 404, 409),
        tag=TAG,
    )
    def post(self, request: Request, number: str) -> Response:
        body = parse(ReasonBody, request)
        carnet = own_carnet(request.user, number)
        issuing.invalidate(number=carnet.number, reason=body.reason, by=request.user, at=now())
        return Response(present_carnet(carnet_for(request.user, number), request.user))


class ReportLost(Endpoint):
    """Put a carnet on the control list as lost or stolen."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Report a carnet lost or stolen",
        body=LostBody,
        answers={200: CarnetOut},
        problems=(400, 401, 403, 404, 409),
        tag=TAG,
    )
    def post(self, request: Request, number: str) -> Response:
        body = parse(LostBody, request)
        carnet = own_carnet(request.user, number)
        issuing.report_lost(
            number=carnet.number, reason=body.reason, is_stolen=body.stolen, by=request.user, at=now()
        )
        return Response(present_carnet(carnet_for(request.user, number), request.user))


class Return(Endpoint):
    """Record that the holder brought the carnet back, with its counterfoils (Annex 10)."""

    allow: ClassVar = {"POST": ASSOCIATIONS}

    @documented(
        "Record a returned carnet",
        body=ReturnBody,
        answers={201: ReturnOut},
        problems=(400, 401, 403, 404, 409),
        tag=TAG,
    )
    def post(self, request: Request, number: str) -> Response:
        body = parse(ReturnBody, request)
        carnet = own_carnet(request.user, number)
        counterfoils = [item.model_dump(mode="json") for item in body.counterfoils]
        recorded = issuing.record_return(
            number=carnet.number, counterfoils=counterfoils, reason=body.reason, by=request.user, at=now()
        )
        answer = {
            "carnet": carnet.number,
            "returned_at": instant(recorded.returned_at),
            "differences": recorded.differences,
        }
        return Response(answer, status=status.HTTP_201_CREATED)
