"""Between the right password and the second factor: who it is, for ten minutes, in a session that is nobody's.

No page lets such a session in; `open_session` gives it another key, so that one planted before opens nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse

from api import signing
from api.authentication import with_current_roles
from tir.accounts.models import User
from tir.audit.asking import name_person
from tir.signin import factors
from tir.signin.addresses import address_of, agent_of
from tir.signin.sessions import WHERE

PENDING = "pending_sign_in"
LASTS = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def next_step(request: HttpRequest, user: User, *, leads_to: str, at: datetime) -> str:
    """Return the next page for whoever has shown or just set their password: the second factor's where the account has
    or needs one, or at once where the person wanted to go."""
    is_set_up = factors.is_set_up(user)
    if not is_set_up and not factors.is_needed(user):
        open_session(request, user, at=at)
        return leads_to
    begin(request, user, leads_to=leads_to, at=at)
    return reverse("console-sign-in-code" if is_set_up else "console-sign-in-set-up")


def begin(request: HttpRequest, user: User, *, leads_to: str, at: datetime) -> None:
    """Remember that the password was right."""
    name_person(user)
    request.session.flush()
    said = {"user": user.pk, "at": at.isoformat(), "next": leads_to}
    request.session[PENDING] = {**said, "hash": user.get_session_auth_hash()}


def pending_user(request: HttpRequest, at: datetime) -> User | None:
    """Return whose password was right a moment ago; None if nobody's was, or it has changed since."""
    said: dict[str, Any] = request.session.get(PENDING, {})
    if not said or at - datetime.fromisoformat(said["at"]) > LASTS:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    is_same = user is not None and user.get_session_auth_hash() == said["hash"]
    return with_current_roles(user) if user and is_same else None


def pending_address(request: HttpRequest, default: str) -> str:
    """Return where the person wanted to go."""
    address: str = request.session.get(PENDING, {}).get("next", default)
    return address


def open_session(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Sign in: a new session key, from where, and since when."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    request.session[WHERE] = {
        "address": address_of(request.META),
        "agent": agent_of(request.META),
        "at": at.isoformat(),
    }
    signing.note_signed_in(request, user, at=at)
