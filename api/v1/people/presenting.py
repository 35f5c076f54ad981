"""People as JSON."""

from datetime import datetime
from typing import Any

from api.errors import instant
from api.people import association_code, link_to, open_invitation, status_of
from checkpoints.models import Posting, PostingOrder
from checkpoints.staff.handing_over import HandedOver
from tir.accounts import assigning
from tir.accounts.models import Assignment, PersonEvent, User
from tir.signin.links import NewLink
from tir.signin.mailing import mail_link


def present_person(person: User, *, at: datetime) -> dict[str, Any]:
    """Return a person with the roles and postings that are in force on that day or yet to come."""
    today = assigning.day_of(at)
    invitation = open_invitation(person)
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "language": person.language,
        "country": person.country or None,
        "association": association_code(person),
        "status": status_of(person),
        "invitation_expires_at": instant(invitation.expires_at) if invitation else None,
        "roles": [present_assignment(each) for each in person.assignments.all() if _lasts(each, today)],
        "postings": [present_posting(each) for each in person.postings.all() if _lasts(each, today)],
    }


def present_whole_person(person: User, *, at: datetime) -> dict[str, Any]:
    """Return a person with what is past too, and with all that was decided about the account."""
    today = assigning.day_of(at)
    return {
        **present_person(person, at=at),
        "email": person.email,
        "past_roles": [
            present_assignment(each) for each in person.assignments.all() if not _lasts(each, today)
        ],
        "past_postings": [present_posting(each) for each in person.postings.all() if not _lasts(each, today)],
        "events": [_present_event(each) for each in person.events.select_related("by")],
    }


def present_access(person: Any, *, at: datetime) -> dict[str, Any]:
    """Return what a person or program may do, and by how many ways they are signed in now."""
    shown = present_person(person, at=at)
    kept = ("id", "username", "name", "status", "country", "association", "roles")
    used: datetime | None = person.last_used_at
    return {
        **{name: shown[name] for name in kept},
        "kind": "program" if person.is_program else "person",
        "offices": sorted({each["office"] for each in shown["postings"]}),
        "second_factor": person.has_second_factor,
        "sessions": person.open_sessions,
        "tokens": person.open_tokens,
        "devices": person.open_phones,
        "last_used_at": instant(used) if used else None,
    }


def present_assignment(assignment: Assignment) -> dict[str, Any]:
    return {
        "role": assignment.role,
        "reach": assignment.reach,
        "gives": list(assignment.gives),
        "valid_from": assignment.valid_from,
        "valid_to": assignment.valid_to,
        "given_by": assignment.given_by.username if assignment.given_by else None,
        "given_at": instant(assignment.given_at),
        "reason": assignment.reason,
    }


def present_posting(posting: Posting) -> dict[str, Any]:
    """Return a posting with who ordered and who ended it; neither is known of one that came with the register."""
    order: PostingOrder | None = getattr(posting, "order", None)
    return {
        "id": posting.pk,
        "office": posting.office.code,
        "valid_from": posting.valid_from,
        "valid_to": posting.valid_to,
        "shift": _present_shift(order),
        "by": order.by.username if order and order.by else None,
        "reason": order.reason if order else "",
        "ended_by": order.ended_by.username if order and order.ended_by else None,
        "end_reason": order.end_reason if order else "",
    }


def sent_link(made: NewLink, *, address: str) -> dict[str, Any]:
    """Send the link by e-mail too, and return it: it is shown this once."""
    link = link_to(made, address)
    return {
        "link": link,
        "secret": made.secret,
        "expires_at": instant(made.link.expires_at),
        "mailed": mail_link(made, link),
    }


def present_handed_over(done: HandedOver) -> dict[str, Any]:
    """Return what went to the colleague, and what the phones still held unsent then."""
    return {
        "offices": list(done.offices),
        "roles": list(done.roles),
        "notices": done.notices,
        "requests": done.requests,
        "phones": [{"name": name, "unsent": unsent} for name, unsent in done.phones],
    }


def _present_shift(order: PostingOrder | None) -> dict[str, Any] | None:
    if order is None or order.shift_begins is None or order.shift_ends is None:
        return None
    return {
        "name": order.shift,
        "begins": f"{order.shift_begins:%H:%M}",
        "ends": f"{order.shift_ends:%H:%M}",
    }


def _present_event(event: PersonEvent) -> dict[str, Any]:
    by = event.by.username if event.by else None
    return {"verb": event.verb, "at": instant(event.at), "by": by, "reason": event.reason}


def _lasts(dated: Assignment | Posting, today: Any) -> bool:
    return dated.valid_to is None or dated.valid_to > today
