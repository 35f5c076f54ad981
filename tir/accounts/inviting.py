"""Invitations: a link with a secret, by which a person sets their own password once, before it expires.

No e-mail is needed: whoever invites sees the link, and a code of it to scan. Only a hash of the secret is kept, so a
lost link is not shown again; another is made, and the first ends.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tir.accounts import assigning
from tir.accounts.models import Invitation, PersonEvent, PersonVerb, User
from tir.kernel.errors import Conflict, NotFound, Refused
from tir.kernel.values import value

VALID_FOR = timedelta(days=7)  # a week: a post that is written to on Monday answers within it
SECRET_BYTES = 32


class InvitationUnknown(NotFound):
    """No such invitation: mistyped, cut off, used, revoked or expired. Which of these is not told to whoever asks."""

    code = "invitation_unknown"


class NoOpenInvitation(Conflict):
    """The person has no invitation that could be revoked."""

    code = "no_open_invitation"


class AlreadyAccepted(Conflict):
    """The person has set a password before; a further invitation would open an account that is in use."""

    code = "already_accepted"


class PasswordRefused(Refused):
    """The password is too short, too common or too near to the name."""

    code = "password_refused"


@value
class Made:
    """A new invitation and its secret, to be shown once."""

    invitation: Invitation
    secret: str


def invite(*, person: User, by: User | None, reason: str, at: datetime) -> Made:
    """Make the one open invitation of a person who has not accepted any; an earlier one ends. Raises
    AlreadyAccepted."""
    if person.has_usable_password():
        raise AlreadyAccepted(
            _(
                "This person has set a password, so there is nothing to accept. A forgotten one is set anew by a link."
            ),
        )
    _end_open(person, by=by, reason=reason, at=at)
    secret = token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        person=person, token_hash=_hash(secret), invited_by=by, invited_at=at, expires_at=at + VALID_FOR
    )
    note(person, PersonVerb.INVITED, by=by, reason=reason, at=at)
    return Made(invitation, secret)


def revoke(*, person: User, by: User, reason: str, at: datetime) -> None:
    """End the person's open invitation. Raises NoOpenInvitation."""
    if not _end_open(person, by=by, reason=reason, at=at):
        raise NoOpenInvitation(_("There is no open invitation to revoke: it was used or revoked before."))
    note(person, PersonVerb.REVOKED, by=by, reason=reason, at=at)


def invited(secret: str, *, at: datetime) -> User:
    """Return whom an open invitation is for. Raises InvitationUnknown."""
    return _open(secret, at=at).person


@transaction.atomic
def accept(*, secret: str, password: str, at: datetime) -> User:
    """Set the person's own password and open the account; the link has then been used. Raises InvitationUnknown,
    PasswordRefused."""
    invitation = _open(secret, at=at, lock=True)
    person = invitation.person
    ensure_good(password, person)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    person.set_password(password)
    person.is_active = True
    person.save(update_fields=["password", "is_active"])
    assigning.follow(person, at=at)
    note(person, PersonVerb.ACCEPTED, by=person, reason="", at=at)
    return person


def ensure_good(password: str, person: User) -> None:
    """Raise PasswordRefused for one that the validators of the settings refuse, with all that they say."""
    try:
        validate_password(password, person)
    except ValidationError as invalid:
        raise PasswordRefused(" ".join(invalid.messages), field="password") from None


def note(
    person: User, verb: PersonVerb, *, by: User | None, reason: str, at: datetime, **facts: object
) -> None:
    """Write down what was done about a person."""
    PersonEvent.objects.create(person=person, verb=verb, by=by, reason=reason, at=at, facts=facts)


def _end_open(person: User, *, by: User | None, reason: str, at: datetime) -> int:
    found = person.invitations.filter(used_at__isnull=True, revoked_at__isnull=True)
    return found.update(revoked_at=at, revoked_by=by, revoke_reason=reason)


def _open(secret: str, *, at: datetime, lock: bool = False) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    found = rows.select_related("person").filter(token_hash=_hash(secret)).first()
    if found is None or not found.is_open or found.expires_at <= at:
        raise InvitationUnknown(
            _(
                "This link is not valid: it may have been used, revoked or expired. Ask who invited you for another."
            )
        )
    return found


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
