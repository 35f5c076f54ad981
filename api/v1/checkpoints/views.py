"""Checkpoints: scan, stamp, refuse, report, and the registers a device needs."""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import officer_behind
from api.endpoints import MOST_WITH_PHOTOS, Endpoint, ListEndpoint, documented_list
from api.filtering import Filter, as_code, as_number, in_list
from api.openapi import documented
from api.pagination import ByKey, LatestEvidence, LatestRecorded
from api.parsing import field_missing, parse
from api.permissions import OFFICERS, SIGNED_IN
from api.scope.evidence import refusals_for, report_for, reports_for, stamps_for
from api.scope.reader import reader_of
from api.v1.checkpoints.batching import answer_each, origin_of
from api.v1.checkpoints.bodies import (
    BatchBody,
    BatchOut,
    CrossingOut,
    OfficeOut,
    ReceiptOut,
    ScanBody,
    ScanOut,
    StampBody,
    StampOut,
)
from api.v1.checkpoints.deeds import refusal_deed, report_deed
from api.v1.checkpoints.evidence_bodies import IncidentBody, RefusalBody
from api.v1.checkpoints.presenting import (
    present_incident,
    present_outcome,
    present_receipt,
    present_refusal,
    present_scan,
    present_stamp,
)
from api.v1.checkpoints.reading import batch, stamp_request
from api.v1.checkpoints.statement_bodies import IncidentOut, RefusalOut
from api.wording import in_active_language
from carnets.choices import OfficeRole
from checkpoints.choices import IncidentKind
from checkpoints.models import BorderCrossing, CustomsOffice, Incident, IncidentPhoto, Refusal, Stamp
from checkpoints.recording import apart, scanning, stamping
from tir.kernel.clock import now

TAG = "checkpoints"
REGISTERS = "registers"


@method_decorator(gzip_page, name="dispatch")
class Scans(Endpoint):
    """One look at a carnet before stamping."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented("Scan a voucher", operation="scan_voucher", body=ScanBody, answers={200: ScanOut}, tag=TAG)
    def post(self, request: Request) -> Response:
        """Judge a carnet before stamping: the verdict with its reasons, what is expected at this office, and the
        lane."""
        body, at = parse(ScanBody, request), now()
        if body.qr is None and body.number is None:
            raise field_missing("qr")
        scanned = scanning.scan(
            qr=body.qr,
            number=body.number,
            page=body.page,
            officer=officer_behind(request),
            occurred_at=body.occurred_at or at,
            at=at,
        )
        return Response(present_scan(scanned, at))


@documented_list("Read the stamp ledger", operation="list_stamps", rows=StampOut, tag=TAG)
class Stamps(ListEndpoint):
    """The ledger, and the way into it."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS}
    pagination = LatestRecorded
    filters = (
        Filter("carnet", "carnet__number", "Only stamps of this carnet.", read=as_number),
        Filter("office", "office__code", "Only stamps by this office.", read=as_code),
    )

    def found(self, request: Request) -> Any:
        return stamps_for(reader_of(request))

    def present(self, rows: list[Stamp], request: Request) -> list[dict[str, Any]]:
        return [present_stamp(row, row.carnet.number) for row in rows]

    @documented(
        "Stamp a voucher",
        operation="stamp_voucher",
        body=StampBody,
        answers={201: ReceiptOut, 200: ReceiptOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Certify a voucher page. The same `id` sent again is answered with the first receipt, and 200."""
        officer = officer_behind(request)
        asked = stamp_request(parse(StampBody, request), officer)
        outcome = stamping.record_stamp(request=asked, officer=officer, at=now(), origin=origin_of(request))
        is_replay = outcome.kind is stamping.OutcomeKind.DUPLICATE
        assert outcome.row is not None  # noqa: S101  (record_stamp raises otherwise)
        return Response(
            present_receipt(outcome.row, asked.number),
            status=status.HTTP_200_OK if is_replay else status.HTTP_201_CREATED,
        )


@method_decorator(gzip_page, name="dispatch")
class StampBatch(Endpoint):
    """What a device kept while it had no network; each stamp on its own merits."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Send a batch of stamps", operation="stamp_batch", body=BatchBody, answers={200: BatchOut}, tag=TAG
    )
    def post(self, request: Request) -> Response:
        """Record each stamp on its own merits; the results come in the order of the stamps."""
        officer, origin = officer_behind(request), origin_of(request)
        record = partial(apart.record_each, officer=officer, at=now(), origin=origin)
        read = partial(stamp_request, officer=officer)
        return Response(
            {
                "results": answer_each(
                    batch(request), read, lambda asked: record(requests=asked), present_outcome
                )
            }
        )


class OneStamp(Endpoint):
    """One stamp of the ledger."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented("Read a stamp", operation="read_stamp", answers={200: StampOut}, problems=(404,), tag=TAG)
    def get(self, request: Request, stamp_id: UUID) -> Response:
        row = get_object_or_404(stamps_for(reader_of(request)), pk=stamp_id)
        return Response(present_stamp(row, row.carnet.number))


EVIDENCE_FILTERS = (
    Filter("carnet", "carnet__number", "Only about this carnet.", read=as_number),
    Filter("office", "office__code", "Only by this office.", read=as_code),
)


@documented_list("List refusals to start an operation", operation="list_refusals", rows=RefusalOut, tag=TAG)
class Refusals(ListEndpoint):
    """An office refuses to start an operation, and says why."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS}
    pagination = LatestEvidence
    filters = EVIDENCE_FILTERS

    def found(self, request: Request) -> Any:
        return refusals_for(reader_of(request))

    def present(self, rows: list[Refusal], request: Request) -> list[dict[str, Any]]:
        return [present_refusal(row, row.carnet.number) for row in rows]

    @documented(
        "Refuse to start an operation",
        operation="refuse_start",
        body=RefusalBody,
        answers={201: RefusalOut, 200: RefusalOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Put on record that the office refuses to start an operation, and why. The same `id` sent again is answered
        with what was recorded first, and 200."""
        at = now()
        asked = refusal_deed(parse(RefusalBody, request), at)
        refusal = asked.record(officer=officer_behind(request), at=at, origin=origin_of(request))
        return Response(present_refusal(refusal, asked.number), status=_new_or_replayed(refusal, at))


class OneRefusal(Endpoint):
    """One refusal to start an operation."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented(
        "Read a refusal to start an operation",
        operation="read_refusal",
        answers={200: RefusalOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, refusal_id: UUID) -> Response:
        row = get_object_or_404(refusals_for(reader_of(request)), pk=refusal_id)
        return Response(present_refusal(row, row.carnet.number))


@documented_list("List certified reports", operation="list_incidents", rows=IncidentOut, tag=TAG)
class Incidents(ListEndpoint):
    """Certified reports (art. 25); an office draws one up by POST."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": OFFICERS}
    most_bytes = MOST_WITH_PHOTOS
    pagination = LatestEvidence
    filters = (
        *EVIDENCE_FILTERS,
        Filter("kind", "kind", "Only of this kind.", choices=IncidentKind.values),
    )

    def found(self, request: Request) -> Any:
        photos = IncidentPhoto.objects.only("pk", "incident_id")  # counted, and not read
        return reports_for(reader_of(request)).prefetch_related(Prefetch("photos", photos))

    def present(self, rows: list[Incident], request: Request) -> list[dict[str, Any]]:
        return [present_incident(row, row.carnet.number) for row in rows]

    @documented(
        "Draw up a certified report",
        operation="report_incident",
        body=IncidentBody,
        answers={201: IncidentOut, 200: IncidentOut},
        problems=(404, 409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Draw up a certified report (art. 25), with its photos. The same `id` sent again is answered with what was
        recorded first, and 200."""
        at = now()
        asked = report_deed(parse(IncidentBody, request), at)
        incident = asked.record(officer=officer_behind(request), at=at, origin=origin_of(request))
        return Response(present_incident(incident, asked.number), status=_new_or_replayed(incident, at))


class OneIncident(Endpoint):
    """One certified report."""

    allow: ClassVar = {"GET": SIGNED_IN}

    @documented(
        "Read a certified report",
        operation="read_incident",
        answers={200: IncidentOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        row = report_for(reader_of(request), incident_id)
        return Response(present_incident(row, row.carnet.number))


def _new_or_replayed(evidence: Incident | Refusal, at: datetime) -> int:
    """A replay is answered with what was put on record the first time."""
    return status.HTTP_201_CREATED if evidence.recorded_at == at else status.HTTP_200_OK


@documented_list("List customs offices", operation="list_offices", rows=OfficeOut, tag=REGISTERS)
class Offices(ListEndpoint):
    """The register of customs offices approved for TIR."""

    allow: ClassVar = {"GET": SIGNED_IN}
    pagination = ByKey
    filters = (
        Filter("country", "country", "ISO alpha-2.", read=as_code),
        Filter("territory", "territory__code", "Code of a customs territory.", read=as_code),
        Filter(
            "role",
            "roles__contains",
            "Only offices that play this role.",
            choices=OfficeRole.values,
            read=in_list,
        ),
    )

    def found(self, request: Request) -> Any:
        return CustomsOffice.objects.select_related("territory")

    def present(self, rows: list[CustomsOffice], request: Request) -> list[dict[str, Any]]:
        return [present_office(office) for office in rows]


def present_office(office: CustomsOffice) -> dict[str, Any]:
    """Return an office, named in the caller's language; days are bounds of its approval."""
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


@documented_list("List border crossings", operation="list_crossings", rows=CrossingOut, tag=REGISTERS)
class Crossings(ListEndpoint):
    """Paired frontier offices (art. 45)."""

    allow: ClassVar = {"GET": SIGNED_IN}
    pagination = ByKey

    def found(self, request: Request) -> Any:
        return BorderCrossing.objects.select_related("office_a", "office_b")

    def present(self, rows: list[BorderCrossing], request: Request) -> list[dict[str, Any]]:
        """Return crossings, named in the caller's language, each with its two offices."""
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
