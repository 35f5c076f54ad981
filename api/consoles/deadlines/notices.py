"""What the reader was told: behind the bell of every page."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.permissions import SIGNED_IN
from guarantees import notices
from guarantees.choices import NoticeKind
from guarantees.models import Notice
from tir.kernel.clock import now

A_PAGE = 50
TONES = {
    NoticeKind.DEADLINE: "look",
    NoticeKind.CEILING: "stop",
    NoticeKind.CLAIM: "brand",
    NoticeKind.EXCLUSION: "stop",
    NoticeKind.ROUTE: "look",
}


class NoticesPage(ConsolePage):
    """The latest first; those not read stand out."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Notices")
    template = "consoles/deadlines/notices.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = Paginator(notices.notices_of(caller(request)), A_PAGE).get_page(request.GET.get("page"))
        return {"found": found, "lines": [_line(notice) for notice in found]}


def _line(notice: Notice) -> dict[str, Any]:
    claim = notice.facts.get("claim")
    return {
        "notice": notice,
        "text": notices.sentence(notice),
        "tone": TONES[NoticeKind(notice.kind)],
        "is_read": getattr(notice, "reading", None) is not None,
        "address": reverse("console-claim", kwargs={"claim_id": claim}) if claim else "",
    }


class ReadNoticeButton(ConsolePage):
    """Mark one of the reader's notices as read."""

    allow: ClassVar = {"POST": SIGNED_IN}

    def post(self, request: HttpRequest, notice_id: int) -> HttpResponseBase:
        notice = notices.notices_of(caller(request)).filter(pk=notice_id).first()
        if notice is None:
            raise Http404
        notices.mark_read(notice, at=now())
        return redirect("console-notices")


class ReadAllNoticesButton(ConsolePage):
    """Mark all of the reader's notices as read."""

    allow: ClassVar = {"POST": SIGNED_IN}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        notices.mark_all_read(caller(request), at=now())
        return redirect("console-notices")
