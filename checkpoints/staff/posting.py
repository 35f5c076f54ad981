"""Which officer serves where, from when to when, in which shift: ordered by an administrator, with a reason."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.models import Posting, PostingOrder
from checkpoints.posts.offices import Office, OfficeUnknown, register
from checkpoints.staff.locking import Decision, decision_about
from checkpoints.staff.standing import held_as, office_place
from tir.accounts import assigning
from tir.accounts.models import Reach, Role, User
from tir.accounts.scopes import ensure_may_give
from tir.kernel.dated import DaySpan
from tir.kernel.errors import Conflict, NotFound, Refused
from tir.kernel.values import value


class NothingToPost(Refused):
    """The person has no role that is used at an office."""

    code = "nothing_to_post"


class OfficeInAnotherCountry(Refused):
    """The office is of another country's customs than the person."""

    code = "office_in_another_country"


class DayPassed(Refused):
    """A posting begins and ends today or later: what was stamped in it stays what it was."""

    code = "day_passed"


class PostedThen(Conflict):
    """The person serves at an office in those days: one office at a time."""

    code = "posted_then"


class PostingUnknown(NotFound):
    """The person has no such posting."""

    code = "posting_unknown"


class PostingIsOver(Conflict):
    """The posting has ended, or ends earlier."""

    code = "posting_is_over"


@value
class PostingShift:
    """A shift by its name, with its hours by the clock of the office; one over midnight ends earlier than it begins."""

    name: str
    begins: time
    ends: time


@value
class WantedPosting:
    """An office by its code; the first day, today there when left out; the first day that no longer counts."""

    office: str
    valid_from: date | None = None
    valid_to: date | None = None
    shift: PostingShift | None = None
    moves: bool = False  # the posting in force on the first day ends with it


@transaction.atomic
def post(*, person_id: int, wanted: WantedPosting, by: User, reason: str, at: datetime) -> Posting:
    """Post a person to an office. Raises what `decision_about` does, OfficeUnknown, OfficeInAnotherCountry,
    NothingToPost, DayPassed, PostedThen, RoleNotYoursToGive, OutsideYourPlace."""
    return posted(decision_about(person_id, by=by, at=at), wanted, reason=reason, at=at)


def posted(decision: Decision, wanted: WantedPosting, *, reason: str, at: datetime) -> Posting:
    """Post the person of a decision already taken."""
    person, office = decision.person, _office(wanted.office)
    _ensure_of_country(person, office)
    for role in _roles_to_post(person, at):
        held = held_as(
            role, Reach.OFFICE, (), home=office_place(office.code), offices=(office_place(office.code),)
        )
        ensure_may_give(decision.authority, held)
    first = wanted.valid_from or office.day(at)
    _ensure_ahead(first, office, at)
    if wanted.moves:
        _end_those_on(first, decision, reason=reason, at=at)
    _ensure_free(person, DaySpan(first, wanted.valid_to))
    posting = Posting.objects.create(
        user=person, office_id=office.id, valid_from=first, valid_to=wanted.valid_to
    )
    shift = wanted.shift
    PostingOrder.objects.create(
        posting=posting,
        by=decision.by,
        at=at,
        reason=reason,
        shift=shift.name if shift else "",
        shift_begins=shift.begins if shift else None,
        shift_ends=shift.ends if shift else None,
    )
    return posting


@transaction.atomic
def end_posting(
    *, person_id: int, posting_id: int, on: date | None, by: User, reason: str, at: datetime
) -> Posting:
    """End a posting, from today at the office or a later day on. Raises what `decision_about` does, PostingUnknown,
    PostingIsOver, DayPassed."""
    decision = decision_about(person_id, by=by, at=at)
    posting = Posting.objects.select_for_update().filter(user_id=person_id, pk=posting_id).first()
    if posting is None:
        raise PostingUnknown(_("This person has no such posting. Read their postings again."))
    office = register().by_id[posting.office_id]
    day = on or office.day(at)
    _ensure_ahead(day, office, at)
    last = max(day, posting.valid_from)
    if posting.valid_to is not None and posting.valid_to <= last:
        raise PostingIsOver(
            _("This posting ends on {day} already.").format(day=posting.valid_to), ends_on=posting.valid_to
        )
    ended(posting, decision, on=last, reason=reason, at=at)
    return posting


def ended(posting: Posting, decision: Decision, *, on: date, reason: str, at: datetime) -> None:
    """End a posting by a decision already taken."""
    posting.valid_to = max(on, posting.valid_from)
    posting.save(update_fields=["valid_to"])
    said = {"ended_by": decision.by, "ended_at": at, "end_reason": reason}
    PostingOrder.objects.update_or_create(
        posting=posting, defaults=said, create_defaults={**said, "at": at, "reason": ""}
    )


def lasting_postings(person: User, *, on: date) -> list[Posting]:
    """Return the postings in force on that day or later."""
    rows = Posting.objects.filter(user=person).exclude(valid_to__lte=on)
    return list(rows.select_related("office", "order").order_by("valid_from"))


def shift_of(posting: Posting) -> PostingShift | None:
    """Return the shift that a posting is for, if its order names one."""
    order: PostingOrder | None = getattr(posting, "order", None)
    if order is None or order.shift_begins is None or order.shift_ends is None:
        return None
    return PostingShift(order.shift, order.shift_begins, order.shift_ends)


def _office(code: str) -> Office:
    office = register().by_code.get(code)
    if office is None:
        register.forget()
        office = register().by_code.get(code)
    if office is None:
        raise OfficeUnknown(_("No customs office has this code. Look it up under offices."), field="office")
    return office


def _ensure_of_country(person: User, office: Office) -> None:
    if person.country and person.country != office.facts.country:
        raise OfficeInAnotherCountry(
            _("{office} is not an office of {country}. Choose one of the person's own country.").format(
                office=office.code, country=person.country
            ),
            field="office",
            office=office.code,
        )


def _roles_to_post(person: User, at: datetime) -> list[str]:
    lasting = assigning.lasting(person, on=assigning.day_of(at))
    found = {each.role for each in lasting if each.reach == Reach.OFFICE or each.role == Role.SYSTEM}
    if not found:
        raise NothingToPost(
            _("Only officers serve at an office. Give this person the role of an officer first.")
        )
    return sorted(found - {Role.MANAGER}) or [Role.OFFICER]


def _ensure_ahead(day: date, office: Office, at: datetime) -> None:
    if day < office.day(at):
        raise DayPassed(
            _("This day is over at {office}. Choose today or a later one.").format(office=office.code),
            field="valid_from",
        )


def _end_those_on(day: date, decision: Decision, *, reason: str, at: datetime) -> None:
    for posting in lasting_postings(decision.person, on=day):
        if posting.valid_from <= day:
            ended(posting, decision, on=day, reason=reason, at=at)


def _ensure_free(person: User, days: DaySpan) -> None:
    rows = Posting.objects.filter(user=person).exclude(valid_to__lte=days.valid_from)
    if days.valid_to is not None:
        rows = rows.filter(valid_from__lt=days.valid_to)
    other = rows.select_related("office").first()
    if other is not None:
        raise PostedThen(
            _("This person serves at {office} then. End that posting, or move the person.").format(
                office=other.office.code
            ),
            field="office",
            office=other.office.code,
        )
