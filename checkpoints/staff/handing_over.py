"""Handing a person's duties to a colleague: postings with their shifts, roles, and what the person was told and has not
read. Questions that an office was asked stay with the office, and so with whoever serves there next; a phone is its
officer's own, so it is ended or sends what it holds.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carnets.annex10.models import ReconciliationRequest
from carnets.choices import RequestStatus
from checkpoints.models import Device
from checkpoints.posts.offices import register
from checkpoints.staff.deciding import set_roles
from checkpoints.staff.ending import MOST_OF_A_REASON, end_device
from checkpoints.staff.locking import Decision, decision_about
from checkpoints.staff.posting import (
    DayPassed,
    WantedPosting,
    ended,
    lasting_postings,
    posted,
    shift_of,
)
from guarantees import notices
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.events import note
from tir.accounts.models import Assignment, PersonVerb, User
from tir.kernel.errors import Conflict
from tir.kernel.values import value


class ColleagueClosed(Conflict):
    """The colleague's account is closed: duties go to who can take them up."""

    code = "colleague_closed"


@value
class HandedOver:
    """What went to the colleague: offices by code, roles, how many unread notices, and how many open requests wait at
    those offices. `phones` are those of the person that still hold something or let them in, by name and count."""

    offices: tuple[str, ...]
    roles: tuple[str, ...]
    notices: int
    requests: int = 0
    phones: tuple[tuple[str, int], ...] = ()


def duties_of(person: User, *, at: datetime) -> HandedOver:
    """Return what somebody would hand over today."""
    today = assigning.day_of(at)
    offices = tuple(each.office.code for each in lasting_postings(person, on=today))
    return HandedOver(
        offices=offices,
        roles=tuple(each.role for each in assigning.lasting(person, on=today)),
        notices=notices.waiting_for(person).count(),
        requests=_requests_at(offices),
        phones=_phones_of(person),
    )


@transaction.atomic
def hand_over(
    *,
    person_id: int,
    to_id: int,
    on: date | None,
    roles: bool,
    by: User,
    reason: str,
    at: datetime,
    end_phones: bool = False,
) -> HandedOver:
    """Give a colleague the person's postings from a day on, today when left out, and unread notices; with `roles` from
    today what the person may do as well; with `end_phones` the person's phones end now: what one holds can still be
    exported on it and handed in. Raises what `decision_about` does for both, ColleagueClosed, PostedThen,
    RolesIncompatible, DayPassed."""
    first, second = sorted((person_id, to_id))
    decisions = {key: decision_about(key, by=by, at=at) for key in (first, second)}
    person, colleague = decisions[person_id], decisions[to_id]
    _ensure_taken_up(person, colleague)
    today = assigning.day_of(at)
    if on is not None and on < today:
        raise DayPassed(_("This day is over. Choose today or a later one."), field="on")
    taken = _hand_roles_over(person, colleague, reason=reason, at=at) if roles else ()
    offices = _hand_postings_over(person, colleague, on=on, reason=reason, at=at)
    told = notices.hand_on(of=person.person, to=colleague.person, at=at)
    if end_phones:
        for device in Device.objects.filter(officer=person.person, revoked_at=None).order_by("pk"):
            end_device(device, reason=reason[:MOST_OF_A_REASON], by=person.by, at=at)
    facts = {"to": colleague.person.username, "offices": list(offices), "roles": list(taken), "notices": told}
    note(person.person, PersonVerb.HANDED_OVER, by=person.by, reason=reason, at=at, **facts)
    return HandedOver(offices, taken, told, _requests_at(offices), _phones_of(person.person))


def _requests_at(offices: tuple[str, ...]) -> int:
    """Return how many questions about counterfoils these offices have not answered yet."""
    return ReconciliationRequest.objects.filter(office__in=offices, status=RequestStatus.OPEN).count()


def _phones_of(person: User) -> tuple[tuple[str, int], ...]:
    found = Device.objects.filter(officer=person, revoked_at=None).order_by("name", "pk")
    return tuple(found.values_list("name", "unsent"))


def _ensure_taken_up(person: Decision, colleague: Decision) -> None:
    if person.person.pk == colleague.person.pk or not colleague.person.is_active:
        raise ColleagueClosed(
            _("Choose a colleague whose account is open, and not the same person."), field="to"
        )


def _hand_postings_over(
    person: Decision, colleague: Decision, *, on: date | None, reason: str, at: datetime
) -> tuple[str, ...]:
    """End each posting of the person and post the colleague there; one who serves there then is left alone."""
    offices = []
    for posting in lasting_postings(person.person, on=on or assigning.day_of(at)):
        first = max(on or register().by_id[posting.office_id].day(at), posting.valid_from)
        last, shift = posting.valid_to, shift_of(posting)
        ended(posting, person, on=first, reason=reason, at=at)
        if last is not None and last <= first:
            continue
        there = [each.office_id for each in lasting_postings(colleague.person, on=first)]
        if posting.office_id not in there:
            wanted = WantedPosting(posting.office.code, first, last, shift)
            posted(colleague, wanted, reason=reason, at=at)
        offices.append(posting.office.code)
    return tuple(offices)


def _hand_roles_over(person: Decision, colleague: Decision, *, reason: str, at: datetime) -> tuple[str, ...]:
    today = assigning.day_of(at)
    theirs = assigning.lasting(person.person, on=today)
    own = assigning.lasting(colleague.person, on=today)
    known = {(each.role, each.reach) for each in own}
    new = [each for each in theirs if (each.role, each.reach) not in known]
    set_roles(colleague, [_wanted(each, today) for each in (*own, *new)], reason=reason, at=at)
    set_roles(person, [], reason=reason, at=at)
    return tuple(each.role for each in theirs)


def _wanted(assignment: Assignment, today: date) -> Wanted:
    """Return what a colleague is to have of it: from today on, or from its own later day."""
    first = assignment.valid_from if assignment.valid_from > today else None
    return Wanted(assignment.role, assignment.reach, frozenset(assignment.gives), first, assignment.valid_to)
