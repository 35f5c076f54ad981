"""Deadlines, their calendar, and the notices about them."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.calendars import calendar
from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.feeding import FeedEndpoint, documented_feed
from api.filtering import Filter
from api.openapi import documented
from api.parsing import field_invalid, instant_or_day
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, SIGNED_IN
from api.renderers import CalendarRenderer, JsonRenderer
from api.scope.claims import deadlines_for
from api.scope.reader import reader_of
from api.v1.claims.bodies import DeadlinesOut, NoticeOut
from api.v1.claims.presenting import present_deadline, present_notice
from carnets.deadlines import MOST
from guarantees import notices
from guarantees.choices import NoticeKind
from guarantees.deadlines import Deadline
from guarantees.models import Notice
from tir.kernel.clock import now

TAG = "deadlines"
USUAL_WINDOW = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=800)
WINDOW = (
    Filter("from", "", "The first day; today when left out."),
    Filter("to", "", "The last day, 800 days after the first at most; thirty days after it when left out."),
)


class Deadlines(Endpoint):
    """Every dated duty of the caller's association, or of the customs of the caller's country."""

    allow: ClassVar = {"GET": ASSOCIATIONS | CUSTOMS_HQ}

    @documented(
        "List deadlines",
        operation="list_deadlines",
        answers={200: DeadlinesOut},
        parameters=tuple(item.parameter for item in WINDOW),
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Every dated duty of the caller's association, or of the customs of the caller's country, day by day; where
        `complete` is false there are more than are listed."""
        first, last, rows = _found(request)
        today = reader_of(request).day_at(now())
        return Response(
            {
                "first": first,
                "last": last,
                "complete": len(rows) < MOST,
                "results": [present_deadline(row, today=today) for row in rows],
            }
        )


class DeadlinesCalendar(Endpoint):
    """The same deadlines as an iCalendar file."""

    allow: ClassVar = {"GET": ASSOCIATIONS | CUSTOMS_HQ}
    renderer_classes = (CalendarRenderer, JsonRenderer)

    @documented(
        "Deadlines as a calendar",
        operation="deadlines_calendar",
        answers={(200, "text/calendar"): bytes},
        parameters=tuple(item.parameter for item in WINDOW),
        tag=TAG,
    )
    def get(self, request: Request) -> HttpResponse:
        _first, _last, rows = _found(request)
        return HttpResponse(
            calendar(rows, host=request.get_host(), at=now()),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="deadlines.ics"'},
        )


def _found(request: Request) -> tuple[date, date, list[Deadline]]:
    first = _day(request, WINDOW[0]) or reader_of(request).day_at(now())
    last = _day(request, WINDOW[1]) or first + USUAL_WINDOW
    if not first <= last <= first + LONGEST_WINDOW:
        raise field_invalid("to", "out_of_window", first=first, last=first + LONGEST_WINDOW)
    return first, last, deadlines_for(reader_of(request), first=first, last=last)


def _day(request: Request, item: Filter) -> date | None:
    asked = item.value(request)
    if not asked:
        return None
    try:
        return date.fromisoformat(str(instant_or_day(asked))[:10])
    except PydanticCustomError as invalid:
        raise field_invalid(item.name, invalid.type) from None


@documented_list("List notices", operation="list_notices", rows=NoticeOut, tag=TAG)
class Notices(ListEndpoint):
    """What the caller has been told, the latest first."""

    allow: ClassVar = {"GET": SIGNED_IN}
    filters = (
        Filter("kind", "kind", "Only notices of this kind.", choices=NoticeKind.values),
        Filter("unread", "reading__isnull", "`true`: only those not read yet.", choices=("true",), read=bool),
    )

    def found(self, request: Request) -> Any:
        return notices.notices_of(caller(request))

    def present(self, rows: list[Notice], request: Request) -> list[dict[str, Any]]:
        return [present_notice(notice) for notice in rows]


@documented_feed("Read notices as they were written", operation="feed_notices", rows=NoticeOut, tag=TAG)
class NoticesFeed(FeedEndpoint):
    """What the caller has been told, by index of the log, the earliest first."""

    allow: ClassVar = {"GET": SIGNED_IN}
    kind = Notice.logged_as

    def found(self, request: Request) -> Any:
        return notices.notices_of(caller(request))

    def present(self, rows: list[Notice], request: Request) -> list[dict[str, Any]]:
        return [present_notice(notice) for notice in rows]


class ReadNotice(Endpoint):
    """Mark one of the caller's notices as read."""

    allow: ClassVar = {"POST": SIGNED_IN}

    @documented(
        "Mark a notice as read", operation="read_notice", answers={200: NoticeOut}, problems=(404,), tag=TAG
    )
    def post(self, request: Request, notice_id: int) -> Response:
        notice = notices.notices_of(caller(request)).filter(pk=notice_id).first()
        if notice is None:
            raise Http404
        notices.mark_read(notice, at=now())
        return Response(present_notice(notices.notices_of(caller(request)).get(pk=notice_id)))
