"""What a password opened ends with it: sessions, tokens, and the phones that were enrolled with one of them.

So it is when a person changes the password, chooses a new one by a link, or their account is closed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checkpoints.models import Device
from checkpoints.phones import devices
from tir.accounts.models import User
from tir.signin import factors, links, passwords, sessions, tokens
from tir.signin.models import LinkPurpose

BY_OWNER, BY_LINK = "own", "link"
MOST_OF_A_REASON = 200  # characters, of a device's end


@transaction.atomic
def change_password(
    user: User, *, present: str, new: str, session: str | None, token: str | None, at: datetime
) -> None:
    """Give oneself another password, and end everything but where one does so. Raises PasswordWrong, PasswordWeak."""
    passwords.ensure_right(user, present, field="present")
    passwords.set_password(user, new, by=user, how=BY_OWNER, at=at, field="new")
    reason = _("Its officer changed the password.")
    end_everything(user, by=user, reason=reason, at=at, session=session, token=token)


@transaction.atomic
def reset_password(secret: str, *, new: str, at: datetime) -> User:
    """Give the person of a one-time link another password, and end everything. Raises LinkNotGood, PasswordWeak."""
    link = links.use(secret, purpose=LinkPurpose.PASSWORD, at=at)
    passwords.set_password(link.user, new, by=link.made_by, how=BY_LINK, at=at, field="new")
    if link.forgets_factor:
        factors.remove_all(link.user)
    end_everything(link.user, by=link.user, reason=_("Its officer chose a new password."), at=at)
    return link.user


@transaction.atomic
def end_everything(
    user: User, *, by: User, reason: str, at: datetime, session: str | None = None, token: str | None = None
) -> None:
    """End every session, token and phone of a user and the link for a new password, but the session or token named: M7
    and M8 of the findings."""
    links.withdraw(user, purpose=LinkPurpose.PASSWORD, by=by, reason=reason, at=at)
    sessions.end_sessions(user, but=session)
    for device in Device.objects.filter(officer=user, revoked_at=None).order_by("pk"):
        end_device(device, reason=reason[:MOST_OF_A_REASON], by=by, at=at)
    tokens.end_tokens(user, but=token)


@transaction.atomic
def end_device(device: Device, *, reason: str, by: User, at: datetime) -> Device:
    """Revoke a device, and its token with it."""
    revoked = devices.revoke(device_id=device.pk, reason=reason, by=by.pk, at=at)
    tokens.end_token(revoked.token_digest)
    return revoked


@transaction.atomic
def lose_device(device: Device, *, reason: str, by: User, at: datetime) -> Device:
    """Revoke a device that was lost, and its token; what it had not sent waits for its office to settle it."""
    lost = devices.lose(device_id=device.pk, reason=reason, by=by.pk, at=at)
    tokens.end_token(lost.token_digest)
    return lost
