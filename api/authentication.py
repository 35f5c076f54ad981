"""Who is calling: a hashed, revocable token a device, and for officers their postings, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from oauth2_provider.models import AccessToken
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from checkpoints.phones.devices import device_with, revoked_with
from checkpoints.posts.postings import Officer, PostingPeriod, officer_of
from tir.accounts.models import Role, User
from tir.kernel import prepared
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden
from tir.signin import days
from tir.signin.addresses import address_of
from tir.signin.devices import DEVICE_PREFIX
from tir.signin.services import may_come_from
from tir.signin.tokens import is_idle, note_use


def _columns(model: type[Model], *wanted: str) -> tuple[str, ...]:
    """Return the wanted columns in the model's own order, as `from_db` takes them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in wanted)


TOKEN_FIELDS = _columns(AuthToken, "digest", "token_key", "expiry", "user_id")
USER_FIELDS = _columns(
    User, "id", "username", "is_active", "is_staff", "is_superuser", "roles", "roles_until", "country"
)
LAST_USED = -2  # before the postings
# Plain SQL, because every stamp begins with it: the same query through the ORM takes longer to build than to answer.
BY_KEY = f"""
    SELECT {", ".join(f"t.{name}" for name in TOKEN_FIELDS)},
           {", ".join(f"u.{name}" for name in USER_FIELDS)},
           COALESCE(l.last_used_at, t.created),
           ARRAY(SELECT json_build_array(p.office_id, p.valid_from, p.valid_to)
                   FROM checkpoints_posting p WHERE p.user_id = u.id)
      FROM knox_authtoken t JOIN accounts_user u ON u.id = t.user_id
      LEFT JOIN signin_tokenuse l ON l.token_id = t.digest
     WHERE t.token_key = %s
"""  # noqa: S608
TOKEN_NOT_VALID = _("This token is unknown, expired or revoked. Sign in again at /api/v1/auth/token/.")
TOKEN_MISSING = _("Send the token itself after the word Token: Authorization: Token ….")
ACCESS_NOT_VALID = _(
    "This access token is unknown, expired or revoked. Ask for another at /api/v1/oauth/token/."
)
NETWORK_NOT_ALLOWED = _("This service account may not sign in from this address. Ask who administers it.")
ACCOUNT_CLOSED = _("This account is closed. Ask your administrator.")


class CsrfFailed(Forbidden):
    """A browser's session wants to write without the CSRF token that its own pages send along."""

    code = "csrf_failed"


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's sessions, for pages of ours in a browser; writing needs the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise CsrfFailed(
                _(
                    "Load the page again. Programs send the cookie {cookie} back as the header X-CSRFToken."
                ).format(cookie=settings.CSRF_COOKIE_NAME)
            ) from None


class DeviceRevoked(AuthenticationFailed):
    """The token belonged to a device that its office has revoked."""

    default_code = "device_revoked"
    default_detail = _("This device was revoked. Export its unsent stamps, and enrol it anew at the office.")


class TokenAuthentication(KnoxTokenAuthentication):
    """Knox's tokens; the query brings the postings along, because every stamp needs them."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        scheme, _blank, rest = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() == self.authenticate_header(request).lower() and len(rest.split()) != 1:
            raise AuthenticationFailed(TOKEN_MISSING)
        found: tuple[User, AuthToken] | None = super().authenticate(request)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Return the user and the token that a text stands for, in one statement. Raises AuthenticationFailed, and
        DeviceRevoked for a device whose office took it away."""
        text = token.decode("ascii", "replace").replace("\x00", "")
        digest = hash_token(text)
        for row in prepared.fetch_rows(BY_KEY, [text[: CONSTANTS.TOKEN_KEY_LENGTH]]):
            found: AuthToken = AuthToken.from_db("default", TOKEN_FIELDS, row[: len(TOKEN_FIELDS)])
            if compare_digest(found.digest, digest) and _is_fresh(found, row[LAST_USED]):
                found.user = _user(row, is_phone=text.startswith(DEVICE_PREFIX))
                return self.validate_user(found)
        if text.startswith(DEVICE_PREFIX) and revoked_with(digest):
            raise DeviceRevoked
        raise AuthenticationFailed(TOKEN_NOT_VALID)

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        if not auth_token.user.is_active:
            raise AuthenticationFailed(ACCOUNT_CLOSED)
        return auth_token.user, auth_token


def _is_fresh(token: AuthToken, last_used_at: datetime) -> bool:
    """Whether a token still opens something; that it was used is kept by the hour."""
    at = now()
    if (token.expiry is not None and token.expiry <= at) or is_idle(token.token_key, last_used_at, at):
        return False
    note_use(token, last_used_at, at)
    return True


def _user(row: Sequence[Any], *, is_phone: bool) -> User:
    """Return the user with the postings attached; columns that no request needs are left to be fetched on demand.
    Raises AuthenticationFailed for a token that ended because its person came into a role today."""
    user = User.from_db("default", USER_FIELDS, row[len(TOKEN_FIELDS) : LAST_USED])
    if signed_out_by_the_day(user) and not is_phone:
        raise AuthenticationFailed(TOKEN_NOT_VALID)
    postings = [_period(*posting) for posting in row[-1]]
    user.known_officer = Officer(user.pk, postings, Role.SYSTEM in user.roles)  # type: ignore[attr-defined]
    return user


def with_current_roles(user: User) -> User:
    """Return the user with the roles of today: a day may have come on which an assignment begins or ends."""
    days.bring_up(user, at=now())
    return user


def signed_out_by_the_day(user: User) -> bool:
    """Bring the roles up to today, and return whether who has only a password must sign in anew for one of them."""
    return days.bring_up(user, at=now())


class BearerAuthentication(authentication.BaseAuthentication):
    """Access tokens of service accounts: short-lived, from the account's networks, with the roles asked for."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _blank, text = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = (
            AccessToken.objects.select_related("application__account__user")
            .filter(token_checksum=sha256(text.encode()).hexdigest(), expires__gt=now())
            .first()
        )
        account = getattr(found and found.application, "account", None)
        if account is None or account.ended_at is not None:
            raise AuthenticationFailed(ACCESS_NOT_VALID)
        if not account.user.is_active:
            raise AuthenticationFailed(ACCOUNT_CLOSED)
        if not may_come_from(account, address_of(request.META)):
            raise AuthenticationFailed(NETWORK_NOT_ALLOWED)
        roles = with_current_roles(account.user).roles
        account.user.roles = [role for role in roles if role in found.scope.split()]
        return account.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _period(office_id: int, start: str, end: str | None) -> PostingPeriod:
    return PostingPeriod(office_id, date.fromisoformat(start), date.fromisoformat(end) if end else None)


def caller(request: HttpRequest | Request) -> User:
    """Return who is signed in; `allow` has let nobody else in."""
    return cast(User, request.user)


def officer_behind(request: HttpRequest | Request) -> Officer:
    """Return the caller as an officer; a browser session has to look the postings up."""
    user = caller(request)
    return getattr(user, "known_officer", None) or officer_of(user.pk)


@dataclass(frozen=True, slots=True)
class DeviceToken:
    """A new token of a device: its text, to be shown once, and what is kept of it."""

    text: str
    digest: str
    expires_at: datetime


def new_device_token(user: User) -> DeviceToken:
    """Make the token that a device carries for its officer."""
    lifetime = timedelta(days=settings.DEVICE_TOKEN_TTL_DAYS)
    record, text = AuthToken.objects.create(user, expiry=lifetime, prefix=DEVICE_PREFIX)
    return DeviceToken(text, record.digest, record.expiry)


def device_behind(request: Request) -> UUID | None:
    """Return the device that the request came from, if it carries a device's token."""
    token: Any = request.auth
    return device_with(token.digest) if is_of_device(token) else None


def is_of_device(auth: Any) -> bool:
    """Whether what a request was let in by is a device's token, which may only do what a phone needs."""
    return isinstance(auth, AuthToken) and auth.token_key.startswith(DEVICE_PREFIX)


def is_of_program(auth: Any) -> bool:
    """Whether a service account calls, and no person."""
    return isinstance(auth, AccessToken)
