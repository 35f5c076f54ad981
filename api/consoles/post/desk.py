"""The desk: what a colleague's phone left unsent is read from its codes or its files, and handed in."""

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.authentication import caller, officer_behind
from api.consoles.base import ConsolePage
from api.consoles.policy import READING_CODES
from tir.accounts.models import Role
from tir.kernel.clock import now

OFFICERS = frozenset({Role.OFFICER})  # as whoever hands in by the API; a system has no desk


class DeskPage(ConsolePage):
    """The frame and who sits there; what is read, sent and shown is drawn by the scanner's own code, at /post/desk/."""

    allow: ClassVar = {"GET": OFFICERS}
    title = _("Hand in for a phone")
    template = "consoles/post/desk.html"
    policy = READING_CODES

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            "officer": caller(request).get_username(),
            "office": officer_behind(request).office_on(now()).code,
            "is_built": (Path(settings.TIR_SCANNER) / "desk" / "desk.js").is_file(),
        }
