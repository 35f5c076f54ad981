"""A first second factor by program, for accounts that may not sign in without one: the app's secret, then its proof.

Between the two calls the server keeps nothing: the secret goes out and comes back sealed, with whose it is.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api import signing
from api.endpoints import Endpoint
from api.openapi import documented
from api.parsing import Text, parse
from api.permissions import EVERYONE
from api.v1.accounts.views import LOCKED_SECONDS, WRONG, PasswordBody
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.kernel.errors import Conflict, Refused
from tir.signin import factors, totp
from tir.signin.secrets import seal, unseal

LASTS = timedelta(minutes=10)


class SecondFactorThere(Conflict):
    """The account has a second factor: a password alone may not put another in its place."""

    code = "second_factor_there"


class ProposalOver(Refused):
    """What was sealed is of another account, or of more than ten minutes ago."""

    code = "proposal_over"


class ProveBody(PasswordBody):
    """`sealed` as it was answered, and the `code` that the app shows for its secret."""

    sealed: Annotated[str, Text(1000, 1)]
    code: Annotated[str, Text(12, 1)]


class AppSecretOut(BaseModel):
    """The secret in base 32, the address that apps read as a code, and both sealed, to be sent back."""

    secret: str
    address: str
    sealed: str


class RecoveryCodesOut(BaseModel):
    """Codes to write down, each good once in place of the app's; they are never shown again."""

    recovery_codes: list[str]


class ByPassword(Endpoint):
    """Who calls gives name and password in the body."""

    authentication_classes = ()
    allow: ClassVar = {"POST": EVERYONE}

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"


class SecondFactor(ByPassword):
    """The secret of an app that is to be the account's second factor."""

    @documented(
        "Ask for an app's secret", operation="ask_for_second_factor", body=PasswordBody,
        answers={200: AppSecretOut}, problems=(401, 409, 429), tag="accounts", public=True,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Answer a new secret for an authenticator app (RFC 6238: six digits, half a minute, SHA-1), for an account
        that has no second factor yet. Nothing is set up until its code is sent to `confirm/`."""
        at = now()
        user = _with_password(request, parse(PasswordBody, request), at)
        secret = totp.new_secret()
        address = totp.address_for_apps(secret, name=user.username, issuer=f"TIR {request.get_host()}")
        sealed = seal(f"{user.pk} {at.timestamp():.0f} {secret}")
        return Response({"secret": secret, "address": address, "sealed": sealed})


class ConfirmSecondFactor(ByPassword):
    """The proof that the app has the secret: from now on the account signs in with its codes."""

    @documented(
        "Set up the second factor", operation="confirm_second_factor", body=ProveBody,
        answers={200: RecoveryCodesOut}, problems=(401, 409, 422, 429), tag="accounts", public=True,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Set the app up once it shows the right code. A code is good once: the next sign-in needs a later one."""
        at, body = now(), parse(ProveBody, request)
        user = _with_password(request, body, at)
        factors.set_up_app(user, secret=_opened(body.sealed, user, at), code=body.code, at=at, field="code")
        return Response({"recovery_codes": list(factors.new_recovery_codes(user, at=at))})


def _with_password(request: Request, said: Any, at: datetime) -> User:
    """Return whose password this is. Raises SecondFactorThere, and what a wrong password does."""
    asked = request._request
    user = signing.person_with(asked, said.username.strip(), said.password, at=at)
    if signing.is_shut_out(asked):
        raise Throttled(wait=LOCKED_SECONDS)
    if user is None:
        raise AuthenticationFailed(WRONG)
    if factors.is_set_up(user):
        raise SecondFactorThere(
            _("This account has a second factor. Change it on the page /console/account/.")
        )
    return user


def _opened(sealed: str, user: User, at: datetime) -> str:
    """Return the secret that was sealed for this account a moment ago. Raises ProposalOver."""
    said = (unseal(sealed) or "").split(" ")
    if len(said) == 3 and said[0] == str(user.pk) and at.timestamp() - int(said[1]) <= LASTS.total_seconds():  # noqa: PLR2004
        return said[2]
    raise ProposalOver(
        _("This is of another account, or of more than ten minutes ago. Ask for a secret again."),
        field="sealed",
    )
