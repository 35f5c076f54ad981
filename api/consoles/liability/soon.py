"""How many deadlines fall in the next thirty days: found after the page stands, for clocks take longer than totals."""

from datetime import timedelta
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from api.consoles import formatting
from api.consoles.base import ConsolePage
from api.permissions import ASSOCIATIONS
from api.scope.claims import deadlines_for
from api.scope.reader import reader_of
from carnets.deadlines import MOST
from tir.kernel.clock import now

DAYS, WEEK = 30, 7


class LiabilitySoonPage(ConsolePage):
    """The card by itself, for the liability page to put in its place."""

    allow: ClassVar = {"GET": ASSOCIATIONS}
    template = "consoles/liability/soon.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return how many deadlines fall within 30 days, and within a week, by the reader's own day."""
        at = now()
        today = reader_of(request).day_at(at)
        found = deadlines_for(reader_of(request), first=today, last=today + timedelta(days=DAYS))
        within_a_week = sum(row.on <= today + timedelta(days=WEEK) for row in found)
        return {
            "at": at,
            "label": _("Deadlines in 30 days"),
            "said": formatting.figure(len(found)) + ("+" if len(found) >= MOST else ""),
            "note": _("Within a week: {count}").format(count=formatting.figure(within_a_week)),
            "tone": "look" if within_a_week else "",
            "address": f"{reverse('console-deadlines')}?days={DAYS}",
        }
