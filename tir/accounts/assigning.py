"""Giving and ending roles, dated; and `User.roles`, which is what the assignments in force come to.

A day of an assignment is a day in UTC: a role is no act at a place. `User.roles` holds until `roles_until`; whoever
reads it on that day or later reads the assignments (`roles_on`), until a job has brought the column up to the day.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import Assignment, User
from tir.kernel.dated import covering
from tir.kernel.errors import Conflict
from tir.kernel.values import value


class AlreadyAssigned(Conflict):
    """The person has this role then, and as far."""

    code = "already_assigned"


@value
class Wanted:
    """A role that a person is to have: from a day on, perhaps to another; as far as `reach`; letting give `gives`."""

    role: str
    reach: str
    gives: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None


def day_of(at: datetime) -> date:
    """Return the day by which roles count."""
    return at.astimezone(UTC).date()


def give(*, person: User, wanted: Iterable[Wanted], by: User | None, reason: str, at: datetime) -> None:
    """Give roles; who may is for the caller to ensure (`tir.accounts.scopes`). Raises AlreadyAssigned."""
    today = day_of(at)
    for one in wanted:
        _ensure_new(person, one, today)
        Assignment.objects.create(
            person=person,
            role=one.role,
            reach=one.reach,
            gives=sorted(one.gives),
            valid_from=one.valid_from or today,
            valid_to=one.valid_to,
            given_by=by,
            given_at=at,
            reason=reason,
        )
    follow(person, at=at)


def end(*, assignments: Iterable[Assignment], by: User | None, reason: str, on: date) -> None:
    """End assignments on a day, the first that they no longer count; one not yet begun never counts."""
    for assignment in assignments:
        assignment.valid_to = max(on, assignment.valid_from)
        assignment.ended_by, assignment.end_reason = by, reason
        assignment.save(update_fields=["valid_to", "ended_by", "end_reason"])


def lasting(person: User, *, on: date) -> list[Assignment]:
    """Return what the person has on that day or will have later."""
    rows = person.assignments.exclude(valid_to__lte=on)
    return list(rows.order_by("id"))


def roles_on(person_id: int, day: date) -> list[str]:
    """Return the roles of the assignments in force on a day, in order."""
    rows = Assignment.objects.filter(covering(day), person_id=person_id)
    return sorted(set(rows.values_list("role", flat=True)))


def current_roles(person: User, *, at: datetime) -> Sequence[str]:
    """Return the person's roles at an instant: the column, unless a day has come on which an assignment begins or
    ends."""
    until = person.roles_until
    return person.roles if until is None or day_of(at) < until else roles_on(person.pk, day_of(at))


def up_to_today(person: User, *, at: datetime) -> User:
    """Return the person with the roles of today: for a command, which nobody signed in to."""
    person.roles = list(current_roles(person, at=at))
    return person


def follow(person: User, *, at: datetime) -> None:
    """Bring the column up to the day: what is in force, and the next day on which that changes."""
    today = day_of(at)
    rows = list(person.assignments.values_list("role", "valid_from", "valid_to"))
    changes = [
        day for _role, start, stop in rows if stop != start for day in (start, stop) if day and day > today
    ]
    person.roles = roles_on(person.pk, today)
    person.roles_until = min(changes, default=None)
    person.save(update_fields=["roles", "roles_until"])


def _ensure_new(person: User, wanted: Wanted, today: date) -> None:
    start = wanted.valid_from or today
    counting = person.assignments.exclude(valid_to__lte=start).exclude(valid_to=F("valid_from"))
    same = counting.filter(role=wanted.role, reach=wanted.reach)
    if wanted.valid_to is not None:
        same = same.filter(valid_from__lt=wanted.valid_to)
    if same.exists():
        raise AlreadyAssigned(
            _("This person has this role then. End it first, or choose other days."),
            field="roles",
            role=wanted.role,
        )
