"""Annex 10: terminations for the association, the daily SafeTIR files, and reconciliation requests."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller, officer_behind
from api.endpoints import ActEndpoint, Endpoint, ListEndpoint, documented_act, documented_list
from api.feeding import FeedEndpoint, documented_feed
from api.filtering import Filter, as_code, as_number, moment, narrowed
from api.openapi import documented
from api.pagination import LatestRecorded
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT, POSTED
from api.renderers import JsonRenderer
from api.scope.annex10 import reconciliation_requests_for, safetir_records_for, terminations_for
from api.scope.reader import reader_of
from api.v1.annex10.bodies import AnswerBody, ForwardBody, RequestOut, SafetirDayOut, TerminationOut
from api.v1.annex10.presenting import csv_lines, present_file, present_request, present_termination
from carnets.annex10 import requests
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import Reason, RequestStatus
from checkpoints.annex10 import correcting, daily, safetir
from checkpoints.annex10.terminations import Termination, terminations_with_records
from checkpoints.models import SafetirFile, Stamp
from checkpoints.posts.offices import OfficeUnknown, register
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden
from tir.log.published import printed

TAG = "Annex 10"
ROWS_AT_A_TIME = 500


class OnlyTheOffice(Forbidden):
    """Only an officer who serves at the office of the stamp can stamp the page anew."""

    code = "only_the_office"


class CsvRenderer(BaseRenderer):
    """Lets `Accept: text/csv` in; the view answers with the text itself."""

    media_type = "text/csv"
    format = "csv"


EXITS = Filter("exits", "", "`yes`: exits en route and loads too, with TCO = EXIT or LOAD.", choices=("yes",))
TERMINATION_FILTERS = (
    Filter(
        "from", "recorded_at__gte", "Recorded from this instant or day on.", read=moment("from", time.min)
    ),
    Filter("to", "recorded_at__lte", "Recorded up to this instant or day.", read=moment("to", time.max)),
    Filter("carnet", "carnet__number", "Only of this carnet.", read=as_number),
    Filter("country", "office__country", "Only certified in this country.", read=as_code),
)
SEES_TERMINATIONS = ASSOCIATIONS | CUSTOMS_HQ | OVERSIGHT


@documented_list(
    "List terminations", operation="list_terminations", rows=TerminationOut, also=(EXITS,), tag=TAG
)
class Terminations(ListEndpoint):
    """What offices of destination certified, the minute it is recorded; a cancellation is a record of its own."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    pagination = LatestRecorded
    renderer_classes = (JsonRenderer, CsvRenderer)
    filters = TERMINATION_FILTERS

    def found(self, request: Request) -> QuerySet[Stamp]:
        return terminations_for(reader_of(request), with_exits=bool(EXITS.value(request)))

    def present(self, rows: list[Stamp], request: Request) -> list[dict[str, Any]]:
        return [present_termination(item) for item in terminations_with_records(rows)]

    def get(self, request: Request) -> Any:
        if getattr(request.accepted_renderer, "format", "") == CsvRenderer.format:
            return _csv_of(self.found(request), request)
        return super().get(request)


@documented_feed(
    "Read terminations as they came on record",
    operation="feed_terminations",
    rows=TerminationOut,
    also=(EXITS,),
    tag=TAG,
)
class TerminationsFeed(FeedEndpoint):
    """The list of terminations by index of the log; what takes one back is an entry of its own."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    kind = Stamp.logged_as

    def found(self, request: Request) -> QuerySet[Stamp]:
        return terminations_for(reader_of(request), with_exits=bool(EXITS.value(request)))

    def present(self, rows: list[Stamp], request: Request) -> list[dict[str, Any]]:
        return [present_termination(item) for item in terminations_with_records(rows)]


class TerminationsCsv(Endpoint):
    """The same list whole, as CSV, for who cannot set Accept."""

    cost = "export"
    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    renderer_classes = (CsvRenderer, JsonRenderer)

    @documented(
        "Download terminations (CSV)",
        operation="download_terminations",
        answers={(200, "text/csv"): str},
        parameters=[item.parameter for item in (*TERMINATION_FILTERS, EXITS)],
        tag=TAG,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        rows = terminations_for(reader_of(request), with_exits=bool(EXITS.value(request)))
        return _csv_of(rows, request)


def _csv_of(rows: QuerySet[Stamp], request: Request) -> StreamingHttpResponse:
    """Return the whole list in the order it was recorded, read a few hundred rows at a time."""
    chosen = narrowed(rows, request, TERMINATION_FILTERS).order_by("recorded_at", "carnet_id", "sequence")
    return StreamingHttpResponse(
        csv_lines(_in_parts(chosen)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="terminations.csv"'},
    )


def _in_parts(rows: QuerySet[Stamp]) -> Iterator[Termination]:
    part: list[Stamp] = []
    for stamp in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        part.append(stamp)
        if len(part) == ROWS_AT_A_TIME:
            yield from terminations_with_records(part)
            part.clear()
    yield from terminations_with_records(part)


class SafetirDay(Endpoint):
    """The daily file of SafeTIR records, as much of it as the caller may see: JSON, or CSV by Accept."""

    allow: ClassVar = {"GET": SEES_TERMINATIONS}
    renderer_classes = (JsonRenderer, CsvRenderer)

    @documented(
        "Read a daily SafeTIR file",
        operation="read_safetir_day",
        answers={200: SafetirDayOut, (200, "text/csv"): str},
        problems=(404,),
        parameters=(EXITS.parameter,),
        tag=TAG,
    )
    def get(self, request: Request, day: date) -> Any:
        """The day's SafeTIR records, as many as the caller may see: JSON, or CSV by Accept. The file itself is never
        made anew; the header Log-Checkpoint says origin, size and root of the newest checkpoint."""
        file = get_object_or_404(SafetirFile, day=day)
        with_exits = bool(EXITS.value(request))
        newest = printed()
        log = {"Log-Checkpoint": str(newest)} if newest else {}
        records = daily.records_of(file, safetir_records_for(reader_of(request)), with_exits=with_exits)
        if getattr(request.accepted_renderer, "format", "") == CsvRenderer.format:
            name = f'attachment; filename="safetir-{day}.csv"'
            return HttpResponse(
                safetir.file_of(records),
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": name, **log},
            )
        return Response(present_file(file, records, newest), headers=log)


@documented_list(
    "List reconciliation requests", operation="list_reconciliation_requests", rows=RequestOut, tag=TAG
)
class ReconciliationRequests(ListEndpoint):
    """What associations ask about counterfoils: the caller's own questions, or those put to the caller."""

    allow: ClassVar = {"GET": POSTED | CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}
    filters = (
        Filter("status", "status", "Only requests in this status.", choices=RequestStatus.values),
        Filter("reason", "reason", "Only for this reason.", choices=Reason.values),
        Filter("carnet", "carnet__number", "Only about this carnet.", read=as_number),
        Filter("country", "country", "Only to the customs of this country.", read=as_code),
        Filter("office", "office", "Only to this office.", read=as_code),
    )

    def found(self, request: Request) -> Any:
        return _visible_requests(request)

    def present(self, rows: list[ReconciliationRequest], request: Request) -> list[dict[str, Any]]:
        return [present_request(item) for item in rows]


class OneReconciliationRequest(Endpoint):
    """One request with its history."""

    allow: ClassVar = {"GET": POSTED | CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT}

    @documented(
        "Read a reconciliation request",
        operation="read_reconciliation_request",
        answers={200: RequestOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, request_id: int) -> Response:
        return Response(present_request(_one(request, request_id)))


@documented_act(
    "Answer a reconciliation request",
    operation="answer_reconciliation_request",
    answer=RequestOut,
    problems=(404, 409, 422),
    tag=TAG,
)
class AnswerRequest(ActEndpoint):
    """Customs answer: confirmed and not found by office or headquarters, corrected by the office of the stamp."""

    allow: ClassVar = {"POST": POSTED | CUSTOMS_HQ}
    body = AnswerBody

    def act(self, request: Request, body: AnswerBody, *, request_id: int) -> Any:
        """Answer as the body says. Raises OnlyTheOffice for a correction by anybody but the office's officer."""
        found = _one(request, request_id)
        if body.answer == "corrected":
            _correct(found, body, request)
        else:
            answer = requests.confirm if body.answer == "confirmed" else requests.answer_not_found
            at = now()
            office = reader_of(request).office_on(at)
            answer(
                request_id=found.pk,
                remark=body.remark,
                by=caller(request),
                at=at,
                office=office.code if office else "",
            )
        return present_request(_one(request, request_id))


@documented_act(
    "Forward a reconciliation request",
    operation="forward_reconciliation_request",
    answer=RequestOut,
    problems=(404, 409, 422),
    tag=TAG,
)
class ForwardRequest(ActEndpoint):
    """Headquarters send a request to the office that should know."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}
    body = ForwardBody

    def act(self, request: Request, body: ForwardBody, *, request_id: int) -> Any:
        """Send the request on. Raises OfficeUnknown for a code that is not in the register."""
        found = _one(request, request_id)
        if body.office not in register().by_code:
            raise OfficeUnknown(
                _("No customs office approved for TIR has this code. Look it up under offices."),
                field="office",
                office=body.office,
            )
        requests.forward(
            request_id=found.pk, office=body.office, remark=body.remark, by=caller(request), at=now()
        )
        return present_request(_one(request, request_id))


def _visible_requests(request: Request) -> QuerySet[ReconciliationRequest]:
    """Return the requests that the caller may see, with their history."""
    return reconciliation_requests_for(reader_of(request), at=now()).prefetch_related("events__by")


def _one(request: Request, request_id: int) -> ReconciliationRequest:
    return get_object_or_404(_visible_requests(request), pk=request_id)


CORRECTED_ALIKE = {each.name for each in fields(correcting.Correction)} & {*AnswerBody.model_fields} - {
    "seals_found"
}


def _correct(found: ReconciliationRequest, body: AnswerBody, request: Request) -> None:
    user = caller(request)
    if not user.has_role(Role.OFFICER):
        raise OnlyTheOffice(
            _("A correction is a stamp of the office {office}. Forward the request to it.").format(
                office=found.office
            ),
            office=found.office,
        )
    correcting.correct(
        request_id=found.pk,
        correction=correcting.Correction(
            **{name: getattr(body, name) for name in CORRECTED_ALIKE},
            goes_on=body.partial,
            seals_found=None if body.seals_found is None else tuple(body.seals_found),
        ),
        remark=body.remark,
        officer=officer_behind(request),
        by=user,
        at=now(),
    )
