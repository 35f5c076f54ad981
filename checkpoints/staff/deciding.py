"""What an administrator decides about a person who is there: other roles or details, the account closed or open, a
link for a new password."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.staff.ending import end_everything
from checkpoints.staff.inviting import ensure_may_have
from checkpoints.staff.locking import Decision, decision_about
from checkpoints.staff.posting import lasting_postings
from checkpoints.staff.standing import office_place, standing_of
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.events import note
from tir.accounts.models import Assignment, PersonVerb, User
from tir.kernel.errors import Conflict
from tir.signin import days, inviting, links
from tir.signin.links import NewLink
from tir.signin.models import LinkPurpose


class AlreadyDeactivated(Conflict):
    """The account is closed."""

    code = "already_deactivated"


class AlreadyActive(Conflict):
    """The account is open."""

    code = "already_active"


class NotAccepted(Conflict):
    """The person never set a password: there is no account to open again, only an invitation to send."""

    code = "not_accepted"


@transaction.atomic
def deactivate(*, person_id: int, by: User, reason: str, at: datetime) -> User:
    """Close an account: nobody signs in with it, its sessions, tokens, phones and open links end; roles, postings and
    all that the person did stay on record. Raises what `decision_about` does, AlreadyDeactivated."""
    decision = decision_about(person_id, by=by, at=at)
    person = decision.person
    is_invited = inviting.is_invited(person)
    if not person.is_active and not is_invited:
        raise AlreadyDeactivated(_("This account is closed already."))
    if is_invited:
        inviting.revoke(person=person, by=decision.by, reason=reason, at=at)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_everything(person, by=decision.by, reason=reason, at=at)
    note(person, PersonVerb.DEACTIVATED, by=decision.by, reason=reason, at=at)
    return person


@transaction.atomic
def reactivate(*, person_id: int, by: User, reason: str, at: datetime) -> User:
    """Open a closed account, with the password it had. Raises what `decision_about` does, AlreadyActive,
    NotAccepted."""
    decision = decision_about(person_id, by=by, at=at)
    person = decision.person
    if person.is_active:
        raise AlreadyActive(_("This account is open."))
    if not person.has_usable_password():
        raise NotAccepted(_("This person never set a password. Send another invitation."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    assigning.follow(person, at=at)
    note(person, PersonVerb.REACTIVATED, by=decision.by, reason=reason, at=at)
    return person


@transaction.atomic
def make_password_link(
    *, person_id: int, forgets_factor: bool, by: User, reason: str, at: datetime
) -> NewLink:
    """Make a link by which a person chooses a new password, once; with `forgets_factor` for who has lost the second
    factor too. Raises what `decision_about` does, AlreadyDeactivated, NotAccepted."""
    decision = decision_about(person_id, by=by, at=at)
    person = decision.person
    if not person.has_usable_password():
        raise NotAccepted(_("This person never set a password. Send another invitation."))
    if not person.is_active:
        raise AlreadyDeactivated(_("This account is closed. Open it first."))
    made = links.make(
        user=person, purpose=LinkPurpose.PASSWORD, by=decision.by, at=at, forgets_factor=forgets_factor
    )
    note(person, PersonVerb.LINK, by=decision.by, reason=reason, at=at, forgets_factor=forgets_factor)
    return made


@transaction.atomic
def change(
    *,
    person_id: int,
    details: Mapping[str, str],
    roles: Sequence[Wanted] | None,
    by: User,
    reason: str,
    at: datetime,
) -> User:
    """Change a person's name, language or e-mail, and what they may do: `roles` are all that they are to have, None
    leaves them. Raises what `decision_about` and `inviting.ensure_may_have` do."""
    decision = decision_about(person_id, by=by, at=at)
    person = decision.person
    for name in ("name", "language", "email"):
        setattr(person, name, details.get(name, getattr(person, name)))
    person.save(update_fields=["name", "language", "email"])
    given, ended = set_roles(decision, roles, reason=reason, at=at) if roles is not None else ([], [])
    facts = {"changed": sorted(details), "given": given, "ended": ended}
    note(person, PersonVerb.CHANGED, by=decision.by, reason=reason, at=at, **facts)
    return person


def set_roles(
    decision: Decision, roles: Sequence[Wanted], *, reason: str, at: datetime
) -> tuple[list[str], list[str]]:
    """Give what is wanted and not there, end what is there and not wanted, from today on; return both, by role.

    Who comes into a role that needs a second factor and has none signs in anew, and sets one up on the way: today, or
    on the day on which the role begins.
    """
    person, today = decision.person, assigning.day_of(at)
    offices = tuple(office_place(each.office.code) for each in lasting_postings(person, on=today))
    home = standing_of(person, at=at).home
    ensure_may_have(decision.authority, roles, home=home, offices=offices)
    there = assigning.lasting(person, on=today)
    kept = [each for each in there if any(_is(each, wanted) for wanted in roles)]
    over = [each for each in there if each not in kept]
    new = [wanted for wanted in roles if not any(_is(each, wanted) for each in kept)]
    before = list(assigning.current_roles(person, at=at))
    assigning.end(assignments=over, by=decision.by, reason=reason, on=today)
    assigning.give(person=person, wanted=new, by=decision.by, reason=reason, at=at)
    days.end_what_a_password_opened(person, before=before)
    return [each.role for each in new], [each.role for each in over]


def _is(assignment: Assignment, wanted: Wanted) -> bool:
    """Whether an assignment is what is wanted; days that are left out do not matter."""
    same = (assignment.role, assignment.reach, frozenset(assignment.gives)) == (
        wanted.role,
        wanted.reach,
        wanted.gives,
    )
    return (
        same and wanted.valid_from in (None, assignment.valid_from) and wanted.valid_to == assignment.valid_to
    )
