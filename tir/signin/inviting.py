"""Invitations: a one-time link by which a person sets their own password and so opens their account."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tir.accounts import assigning
from tir.accounts.events import note
from tir.accounts.models import PersonVerb, User
from tir.kernel.errors import Conflict
from tir.signin import links, passwords
from tir.signin.links import NewLink
from tir.signin.models import LinkPurpose, OneTimeLink

HOW = "invitation"


class NoOpenInvitation(Conflict):
    """The person has no invitation that could be revoked."""

    code = "no_open_invitation"


class AlreadyAccepted(Conflict):
    """The person has set a password before; a further invitation would open an account that is in use."""

    code = "already_accepted"


def invite(*, person: User, by: User | None, reason: str, at: datetime) -> NewLink:
    """Make the one open invitation of a person who has not accepted any; an earlier one ends. Raises
    AlreadyAccepted."""
    if person.has_usable_password():
        raise AlreadyAccepted(
            _(
                "This person has set a password, so there is nothing to accept. A forgotten one is set anew by a link."
            ),
        )
    made = links.make(user=person, purpose=LinkPurpose.INVITATION, by=by, at=at)
    note(person, PersonVerb.INVITED, by=by, reason=reason, at=at)
    return made


def is_invited(person: User) -> bool:
    """Whether there is an invitation that nobody has used or revoked; it may have expired all the same."""
    return links.open_links(person, LinkPurpose.INVITATION).exists()


def open_invitations() -> QuerySet[OneTimeLink]:
    """Return every invitation that nobody has used or revoked."""
    return OneTimeLink.objects.filter(purpose=LinkPurpose.INVITATION, used_at=None, withdrawn_at=None)


def revoke(*, person: User, by: User, reason: str, at: datetime) -> None:
    """End the person's open invitation. Raises NoOpenInvitation."""
    if not links.withdraw(person, purpose=LinkPurpose.INVITATION, by=by, reason=reason, at=at):
        raise NoOpenInvitation(_("There is no open invitation to revoke: it was used or revoked before."))
    note(person, PersonVerb.REVOKED, by=by, reason=reason, at=at)


def invited(secret: str, *, at: datetime) -> User:
    """Return whom an open invitation is for. Raises LinkNotGood."""
    return links.read(secret, purpose=LinkPurpose.INVITATION, at=at).user


@transaction.atomic
def accept(*, secret: str, password: str, at: datetime) -> User:
    """Set the person's own password and open the account; the link has then been used. Raises LinkNotGood,
    PasswordWeak."""
    link = links.use(secret, purpose=LinkPurpose.INVITATION, at=at)
    person = link.user
    passwords.set_password(person, password, by=person, how=HOW, at=at, field="password")
    person.is_active = True
    person.save(update_fields=["is_active"])
    assigning.follow(person, at=at)
    note(person, PersonVerb.ACCEPTED, by=person, reason="", at=at)
    return person
