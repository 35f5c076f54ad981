"""Checkpoints: scan, stamp, refuse, report, and the registers a device needs."""

from binascii import Error as NotBase64
from base64 import b64decode
from typing import Any, ClassVar
from uuid import uuid4

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import officer_behind
from api.errors import problem
from api.filtering import narrowed
from api.pagination import ByKey, LatestRecorded
from api.parsing import parse
from api.permissions import OFFICERS, SIGNED_IN
from api.scope import carnets_for, sees_everything
from api.v1.base import Endpoint, ListEndpoint
from api.v1.checkpoints.bodies import (
    BatchBody,
    BatchOut,
    CrossingOut,
    IncidentBody,
    IncidentOut,
    OfficeOut,
    ReceiptOut,
    RefusalBody,
    RefusalOut,
    ScanBody,
    ScanOut,
    StampBody,
    StampOut,
    required,
)
from api.v1.checkpoints.presenting import (
    present_incident,
    present_look,
    present_outcome,
    present_receipt,
    present_refusal,
    present_stamp,
)
from api.v1.checkpoints.reading import stamp_request, voucher
from api.v1.documenting import CURSOR, choice, documented, page_of, text
from carnets.choices import OfficeRole
from carnets.numbering import parse_number
from checkpoints import incidents, scanning, stamping
from checkpoints.models import BorderCrossing, CustomsOffice, Stamp
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.kernel.errors import DomainError, Malformed

TAG = "checkpoints"


class PhotoUnreadable(Malformed):
    """A photo is not base64."""

    code = "photo_unreadable"


class Scans(Endpoint):
    """One look at a carnet before stamping."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Scan a voucher", body=ScanBody, answers={200: ScanOut}, problems=(400, 401, 403), tag=TAG
    )
    def post(self, request: Request) -> Response:
        body, at = parse(ScanBody, request), now()
        if body.qr is None and body.number is None:
            raise required("qr")
        look = scanning.scan(
            qr=body.qr,
            number=body.number,
            page=body.page,
            officer=officer_behind(request),
            occurred_at=body.occurred_at or at,
            at=at,
        )
        return Response(present_look(look, at))


class Stamps(ListEndpoint):
    """The ledger, and the way into it."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS}
    pagination = LatestRecorded

    def found(self, request: Request) -> Any:
        return narrowed(visible_stamps(request), request, {"carnet": "carnet__number", "office": "office__code"})

    def present(self, rows: list[Stamp], request: Request) -> list[dict[str, Any]]:
        return [present_stamp(row, row.carnet.number) for row in rows]

    @documented(
        "Read the stamp ledger",
        answers={200: page_of(StampOut)},
        problems=(400, 401, 403),
        parameters=(
            *CURSOR,
            text("carnet", "Only stamps of this carnet."),
            text("office", "Only stamps by this office."),
        ),
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @documented(
        "Stamp a voucher",
        body=StampBody,
        answers={201: ReceiptOut, 200: ReceiptOut},
        problems=(400, 401, 403, 404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        officer = officer_behind(request)
        asked = stamp_request(parse(StampBody, request), officer)
        outcome = stamping.record_stamp(request=asked, officer=officer, at=now())
        is_replay = outcome.kind is stamping.Kind.DUPLICATE
        assert outcome.row is not None  # noqa: S101  (record_stamp raises otherwise)
        return Response(
            present_receipt(outcome.row, asked.number),
            status=status.HTTP_200_OK if is_replay else status.HTTP_201_CREATED,
        )


def visible_stamps(request: Request) -> Any:
    """Return the stamps the caller may see: of carnets in scope; a foreign guarantor's, on its own territory."""
    user: Any = request.user
    rows = Stamp.objects.select_related("carnet", "officer")
    if sees_everything(user):
        return rows
    rows = rows.filter(carnet__in=carnets_for(user))
    membership = getattr(user, "membership", None)
    if user.has_role(Role.ASSOCIATION) and membership:
        association = membership.association
        own = rows.filter(carnet__association=association)
        return own | rows.filter(office__country=association.country)
    return rows


class StampBatch(Endpoint):
    """What a device kept while it had no network; each stamp on its own merits."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Send a batch of stamps", body=BatchBody, answers={200: BatchOut}, problems=(400, 401, 403), tag=TAG
    )
    def post(self, request: Request) -> Response:
        officer, body = officer_behind(request), parse(BatchBody, request)
        results: list[dict[str, Any] | None] = []
        asked: list[stamping.StampRequest] = []
        for stamp in body.stamps:
            try:
                asked.append(stamp_request(stamp, officer))
                results.append(None)
            except DomainError as unreadable:
                results.append({"id": str(stamp.id), "outcome": "rejected", "problem": problem(unreadable)})
        outcomes = iter(stamping.record_stamps(requests=asked, officer=officer, at=now()))
        return Response({"results": [result or present_outcome(next(outcomes)) for result in results]})


class OneStamp(Endpoint):
    """One stamp of the ledger."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented("Read a stamp", answers={200: StampOut}, problems=(401, 403, 404), tag=TAG)
    def get(self, request: Request, stamp_id: Any) -> Response:
        row = visible_stamps(request).filter(pk=stamp_id).first()
        if row is None:
            raise Http404
        return Response(present_stamp(row, row.carnet.number))


class Refusals(Endpoint):
    """An office refuses to start an operation, and says why."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Refuse to start an operation",
        body=RefusalBody,
        answers={201: RefusalOut},
        problems=(400, 401, 403, 404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at = parse(RefusalBody, request), now()
        number, page = voucher(body.qr, body.carnet, body.page)
        refusal = incidents.refuse_start(
            id=body.id or uuid4(),
            number=number,
            page=page,
            reason=body.reason,
            text=body.text,
            occurred_at=body.occurred_at or at,
            officer=officer_behind(request),
            at=at,
        )
        return Response(present_refusal(refusal, number), status=status.HTTP_201_CREATED)


class Incidents(Endpoint):
    """Draw up a certified report."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Draw up a certified report",
        body=IncidentBody,
        answers={201: IncidentOut},
        problems=(400, 401, 403, 404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, at = parse(IncidentBody, request), now()
        number = parse_number(body.carnet)
        incident = incidents.report_incident(
            id=body.id or uuid4(),
            number=number,
            kind=body.kind,
            description=body.description,
            seals_broken=body.seals_broken,
            seals_affixed=body.seals_affixed,
            vehicles=[plate.upper() for plate in body.vehicles],
            photos=_photos(body),
            occurred_at=body.occurred_at or at,
            officer=officer_behind(request),
            at=at,
        )
        return Response(present_incident(incident, number), status=status.HTTP_201_CREATED)


def _photos(body: IncidentBody) -> list[tuple[str, bytes]]:
    photos = []
    for index, photo in enumerate(body.photos):
        try:
            photos.append((photo.content_type, b64decode(photo.data, validate=True)))
        except NotBase64:
            raise PhotoUnreadable(_("A photo is not base64."), field=f"photos.{index}.data") from None
    return photos


class Offices(ListEndpoint):
    """The register of customs offices approved for TIR."""

    allow: ClassVar = {"GET": SIGNED_IN}
    pagination = ByKey

    def found(self, request: Request) -> Any:
        rows = CustomsOffice.objects.select_related("territory")
        rows = narrowed(rows, request, {"country": "country", "territory": "territory__code"})
        role = request.query_params.get("role")
        return rows.filter(roles__contains=[role]) if role in OfficeRole.values else rows

    def present(self, rows: list[CustomsOffice], request: Request) -> list[dict[str, Any]]:
        return [present_office(office) for office in rows]

    @documented(
        "List customs offices",
        answers={200: page_of(OfficeOut)},
        problems=(400, 401, 403),
        parameters=(
            *CURSOR,
            text("country", "ISO alpha-2."),
            text("territory", "Code of a customs territory."),
            choice("role", OfficeRole.values, "Only offices that play this role."),
        ),
        tag="registers",
    )
    def get(self, request: Request) -> Response:
        return super().get(request)


def present_office(office: CustomsOffice) -> dict[str, Any]:
    return {
        "code": office.code,
        "country": office.country,
        "territory": office.territory.code,
        "name": in_active_language(office),
        "latitude": office.latitude,
        "longitude": office.longitude,
        "time_zone": office.time_zone,
        "roles": office.roles,
        "valid_from": str(office.valid_from),
        "valid_to": office.valid_to and str(office.valid_to),
    }


class Crossings(ListEndpoint):
    """Paired frontier offices (art. 45)."""

    allow: ClassVar = {"GET": SIGNED_IN}
    pagination = ByKey

    def found(self, request: Request) -> Any:
        return BorderCrossing.objects.select_related("office_a", "office_b")

    def present(self, rows: list[BorderCrossing], request: Request) -> list[dict[str, Any]]:
        return [
            {
                "code": crossing.code,
                "name": in_active_language(crossing),
                "offices": [crossing.office_a.code, crossing.office_b.code],
                "mode": crossing.mode,
                "valid_from": str(crossing.valid_from),
                "valid_to": crossing.valid_to and str(crossing.valid_to),
            }
            for crossing in rows
        ]

    @documented(
        "List border crossings",
        answers={200: page_of(CrossingOut)},
        problems=(401, 403),
        parameters=CURSOR,
        tag="registers",
    )
    def get(self, request: Request) -> Response:
        return super().get(request)


def in_active_language(named: Any) -> str:
    """Return the name of an office or crossing in the language asked for, English when there is none."""
    field = {"ru": "name_ru", "zh-hans": "name_zh"}.get(get_language() or "", "name_en")
    return getattr(named, field) or named.name_en
