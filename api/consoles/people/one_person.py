"""One person: what they may do, where they serve, and everything that was decided about them."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.people.listing import access_lines, lasting, standing_badge
from api.people import association_code, open_invitation, status_of
from api.permissions import MANAGERS
from api.scope.people import person_for
from checkpoints.models import Device, Posting, PostingOrder
from checkpoints.staff.standing import administering, standing_of
from tir.accounts import assigning
from tir.accounts.scopes import may_decide_about
from tir.kernel.clock import now


class PersonPage(ConsolePage):
    """A person, with what the reader may decide about them."""

    allow: ClassVar = {"GET": MANAGERS}
    template = "consoles/people/person.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the person; buttons only for what the reader may decide. Raises Http404."""
        at, reader = now(), caller(request)
        person: Any = person_for(reader, int(kwargs["person_id"]), at=at)
        may_decide = may_decide_about(administering(reader, at=at), standing_of(person, at=at))
        return {
            "title": person.get_full_name(),
            "person": person,
            "standing": standing_badge(person),
            "stands": status_of(person),
            "has_open_invitation": open_invitation(person) is not None,
            "association": association_code(person),
            "may_decide": may_decide,
            "why_not": "" if may_decide else _why_not(reader.pk == person.pk),
            "access": access_lines(person),
            "past_roles": [each for each in person.assignments.all() if each not in lasting(person)],
            "postings": [_shown(each) for each in person.postings.all()],
            "phones": Device.objects.filter(officer=person, revoked_at=None).select_related("office"),
            "events": person.events.select_related("by").order_by("-id"),
        }


def _why_not(is_own: bool) -> Any:
    if is_own:
        return _("This is your own account: another administrator decides about it.")
    return _("This person has a role that you could not give: another administrator decides about them.")


def _shown(posting: Posting) -> dict[str, Any]:
    order: PostingOrder | None = getattr(posting, "order", None)
    today = assigning.day_of(now())
    hours = (
        f"{order.shift_begins:%H:%M}–{order.shift_ends:%H:%M}"
        if order and order.shift_begins is not None and order.shift_ends is not None
        else ""
    )
    return {
        "row": posting,
        "shift": order.shift if order else "",
        "hours": hours,
        "by": order.by.username if order and order.by else "",
        "reason": order.reason if order else "",
        "is_over": posting.valid_to is not None and posting.valid_to <= today,
    }
