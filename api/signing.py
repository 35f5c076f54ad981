"""Signing in, step by step, for pages and programs alike: may one try at all, is the password right, the second factor.

Whatever is wrong counts as a failure of the name at the address, so that codes can be guessed no better than passwords.
"""

from datetime import datetime

from axes.utils import reset
from django.contrib.auth import authenticate, user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed

from api.authentication import with_current_roles
from checkpoints.staff.ending import change_password
from tir.accounts.models import User
from tir.signin import attempts, factors
from tir.signin.addresses import address_of
from tir.signin.passwords import PasswordWrong

PROGRAM = "\x00program"  # no name that an account can have
SET_ONE_UP = _(
    "Your role needs a second factor. Set one up: sign in on the pages, or POST /api/v1/auth/second-factor/; then send "
    "its code as otp. Programs have service accounts: /api/v1/oauth/token/."
)
SEND_THE_CODE = _("Send the code of your app, or one from paper, as otp.")
CODE_NOT_RIGHT = _("This code is not right, or was used before. Take the newest.")


class SecondFactorRequired(AuthenticationFailed):
    """The password is right, and for this account it is not enough."""

    default_code = "second_factor_required"
    default_detail = SEND_THE_CODE


def person_with(request: HttpRequest, name: str, password: str, *, at: datetime) -> User | None:
    """Return whom name and password are of; None for a wrong one. Raises TooManyAttempts, SignInBusy."""
    address = address_of(request.META)
    attempts.ensure_may_try(name, address, at=at)
    user = authenticate(request, username=name, password=password)
    if isinstance(user, User):
        return with_current_roles(user)
    attempts.note_failure(name, address, at=at)
    return None


def is_code_right(request: HttpRequest, user: User, code: str, *, at: datetime) -> bool:
    """Whether a code of the second factor is right. A wrong one counts as a wrong password does; the account that had
    too many is `is_shut_out`. Raises TooManyAttempts."""
    address = address_of(request.META)
    attempts.ensure_may_try(user.username, address, at=at)
    if factors.is_right(user, code, at=at):
        return True
    attempts.note_failure(user.username, address, at=at)
    user_login_failed.send(__name__, credentials={"username": user.username}, request=request)
    return False


def is_shut_out(request: HttpRequest) -> bool:
    """Whether there were too many wrong ones for this name from this address."""
    return bool(getattr(request, "axes_locked_out", False))


def ensure_second_factor(request: HttpRequest, user: User, code: str, *, at: datetime) -> None:
    """Raise SecondFactorRequired unless the account needs none, or the code is right."""
    if factors.is_set_up(user):
        if not code:
            raise SecondFactorRequired
        if not is_code_right(request, user, code, at=at):
            raise SecondFactorRequired(CODE_NOT_RIGHT)
    elif factors.is_needed(user):
        raise SecondFactorRequired(SET_ONE_UP)


def note_signed_in(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Forget the wrong ones of before, and remember from where this person comes."""
    address = address_of(request.META)
    reset(ip=address, username=user.get_username())
    attempts.note_success(user, address, at=at)


def ensure_program_may_try(request: HttpRequest, *, at: datetime) -> None:
    """Raise TooManyAttempts for an address from which too many passwords or secrets were wrong."""
    attempts.ensure_may_try(PROGRAM, address_of(request.META), at=at)


def note_wrong_secret(request: HttpRequest, *, at: datetime) -> None:
    attempts.note_failure(PROGRAM, address_of(request.META), at=at)


def change_own_password(
    request: HttpRequest,
    user: User,
    *,
    present: str,
    new: str,
    session: str | None,
    token: str | None,
    at: datetime,
) -> None:
    """Give oneself another password; what the old one opened ends, but the session or token named. A wrong present one
    counts as at signing in, so that whoever took a session cannot guess on. Raises TooManyAttempts, PasswordWrong,
    PasswordWeak."""
    address = address_of(request.META)
    attempts.ensure_may_try(user.username, address, at=at)
    try:
        change_password(user, present=present, new=new, session=session, token=token, at=at)
    except PasswordWrong:
        attempts.note_failure(user.username, address, at=at)
        raise
