"""What a password opened ends with it: sessions, tokens, and the phones that were enrolled with one of them.

`people` end an account by the same words: `end_everything`.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from api.authentication import end_device
from checkpoints.models import Device
from tir.accounts.models import User
from tir.signin import links, passwords, sessions, tokens
from tir.signin.models import LinkPurpose

BY_OWNER, BY_LINK = "own", "link"


@transaction.atomic
def change_password(
    user: User, *, present: str, new: str, session: str | None, token: str | None, at: datetime
) -> None:
    """Give oneself another password, and end everything but where one does so. Raises PasswordWrong, PasswordWeak."""
    passwords.ensure_right(user, present, field="present")
    passwords.set_password(user, new, by=user, how=BY_OWNER, at=at, field="new")
    links.withdraw(user, purpose=LinkPurpose.PASSWORD, at=at)
    end_everything(
        user, by=user, reason=_("Its officer changed the password."), at=at, session=session, token=token
    )


@transaction.atomic
def reset_password(secret: str, *, new: str, at: datetime) -> User:
    """Give the person of a one-time link another password, and end everything. Raises LinkNotGood, PasswordWeak."""
    link = links.use(secret, purpose=LinkPurpose.PASSWORD, at=at)
    passwords.set_password(link.user, new, by=link.made_by, how=BY_LINK, at=at, field="new")
    end_everything(link.user, by=link.user, reason=_("Its officer chose a new password."), at=at)
    return link.user


@transaction.atomic
def end_everything(
    user: User, *, by: User, reason: str, at: datetime, session: str | None = None, token: str | None = None
) -> None:
    """End every session, token and phone of a user, but the session or token named: M7 and M8 of the findings."""
    sessions.end_sessions(user, but=session)
    for device in Device.objects.filter(officer=user, revoked_at=None):
        end_device(device, reason=reason, by=by, at=at)
    tokens.end_tokens(user, but=token)
