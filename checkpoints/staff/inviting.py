"""Inviting a person: the account with its roles, place and postings, closed until the person sets a password."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.staff.locking import Decision, decision_about
from checkpoints.staff.posting import WantedPosting, posted
from checkpoints.staff.standing import administering, held_as, home_of, office_place
from guarantees.models import Association, Membership
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.models import Reach, Role, User
from tir.accounts.scopes import (
    Authority,
    Held,
    Place,
    ReachNotFitting,
    ensure_compatible,
    ensure_may_give,
    ensure_within,
)
from tir.kernel.errors import Conflict, Refused
from tir.kernel.values import value
from tir.signin import inviting
from tir.signin.links import NewLink


class UsernameTaken(Conflict):
    """An account of this name exists; names are never given twice."""

    code = "username_taken"


class AssociationUnknown(Refused):
    """No guaranteeing association has this code."""

    code = "association_unknown"


@value
class NewPerson:
    """Whom to invite: the name to sign in with, the person's own, language and e-mail, and where they belong."""

    username: str
    name: str
    language: str = ""
    email: str = ""
    country: str = ""
    association: str = ""


@transaction.atomic
def invite(
    *,
    new: NewPerson,
    roles: Sequence[Wanted],
    postings: Sequence[WantedPosting] = (),
    by: User,
    reason: str,
    at: datetime,
) -> NewLink:
    """Make an account with roles and postings, and the link by which its person opens it.

    Raises UsernameTaken, AssociationUnknown, RolesIncompatible, ReachNotFitting, RoleNotYoursToGive, OutsideYourPlace,
    AlreadyAssigned, and what `posting.post` does.
    """
    administrator = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    authority = administering(administrator, at=at)
    new = _at_home(new, authority)
    association = association_named(new.association)
    offices = tuple(office_place(each.office) for each in postings)
    ensure_may_have(authority, roles, home=home_of(new.country, new.association), offices=offices)
    person = _account(new, at=at)
    if association is not None:
        Membership.objects.create(user=person, association=association)
    assigning.give(person=person, wanted=roles, by=administrator, reason=reason, at=at)
    for wanted in postings:
        posted(Decision(person, administrator, authority), wanted, reason=reason, at=at)
    return inviting.invite(person=person, by=administrator, reason=reason, at=at)


@transaction.atomic
def invite_again(*, person_id: int, by: User, reason: str, at: datetime) -> NewLink:
    """Make another link for a person who has not accepted; the earlier one ends. Raises what `decision_about` does,
    AlreadyAccepted."""
    decision = decision_about(person_id, by=by, at=at)
    return inviting.invite(person=decision.person, by=decision.by, reason=reason, at=at)


@transaction.atomic
def revoke_invitation(*, person_id: int, by: User, reason: str, at: datetime) -> None:
    """End the open invitation of a person. Raises what `decision_about` does, NoOpenInvitation."""
    decision = decision_about(person_id, by=by, at=at)
    inviting.revoke(person=decision.person, by=decision.by, reason=reason, at=at)


def ensure_may_have(
    authority: Authority, roles: Sequence[Wanted], *, home: Place, offices: tuple[Place, ...]
) -> None:
    """Raise unless the administrator may give all these roles there, and one person may have them together."""
    ensure_compatible(each.role for each in roles)
    ensure_within([place for own in authority.giving for place in own.places], offices or [home])
    for each in roles:
        ensure_fitting(each, home)
        ensure_may_give(authority, as_held(each, home=home, offices=offices))


def as_held(wanted: Wanted, *, home: Place, offices: tuple[Place, ...]) -> Held:
    return held_as(wanted.role, wanted.reach, tuple(wanted.gives), home=home, offices=offices or (home,))


def ensure_fitting(wanted: Wanted, home: Place) -> None:
    """Raise ReachNotFitting for a role that nothing would bound, or that bounds nobody where the person belongs."""
    needs = {
        Reach.ASSOCIATION: Reach.ASSOCIATION,
        Reach.TERRITORY: Reach.TERRITORY,
        Reach.OFFICE: Reach.TERRITORY,
    }
    needed = needs.get(Reach(wanted.reach))
    is_unbound = wanted.reach == Reach.ALL and wanted.role != Role.SECRETARIAT
    if (is_unbound and home.reach != Reach.ALL) or (needed is not None and home.reach != needed):
        raise ReachNotFitting(
            _(
                "Name the country for this role, the association for an association's, neither for everywhere."
            ),
            field="roles",
            role=wanted.role,
        )


def _at_home(new: NewPerson, authority: Authority) -> NewPerson:
    """Return the person with the inviter's own country or association where neither is said."""
    if (
        new.country
        or new.association
        or any(own.places[:1] == (Place(Reach.ALL),) for own in authority.giving)
    ):
        return new
    home = authority.home
    if home.reach == Reach.ASSOCIATION:
        return NewPerson(new.username, new.name, new.language, new.email, "", home.name)
    return NewPerson(new.username, new.name, new.language, new.email, home.country, "")


def association_named(code: str) -> Association | None:
    """Return the association of this code, None for a blank. Raises AssociationUnknown."""
    if not code:
        return None
    found = Association.objects.filter(code=code).first()
    if found is None:
        raise AssociationUnknown(_("No association has this code."), field="association")
    return found


def ensure_free(username: str, *, field: str) -> None:
    """Raise UsernameTaken for a name that a person or program has or had, in capitals or not."""
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(
            _("This name is taken. Choose another; names are never given twice."), field=field
        )


def _account(new: NewPerson, *, at: datetime) -> User:
    ensure_free(new.username, field="username")
    person = User(
        username=new.username,
        name=new.name,
        language=new.language,
        email=new.email,
        country=new.country,
        is_active=False,
        date_joined=at,
    )
    person.set_unusable_password()
    person.save()
    return person
