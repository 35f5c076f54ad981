"""Signing in and out."""

from typing import Annotated, Any, ClassVar

from axes.helpers import get_client_ip_address
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from pydantic import BaseModel, ConfigDict
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.errors import instant
from api.openapi import documented
from api.parsing import Body, Text, parse
from api.permissions import EVERYONE, SIGNED_IN
from checkpoints.models import Device
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from tir.accounts.models import User
from tir.audit.asking import name_person
from tir.kernel.clock import now

LOCKED_SECONDS = 15 * 60


class Credentials(Body):
    """The password is taken as typed: a blank at its end belongs to it."""

    model_config = ConfigDict(str_strip_whitespace=False)
    username: Annotated[str, Text(150, 1)]
    password: Annotated[str, Text(128, 1)]


class Me(BaseModel):
    username: str
    roles: list[str]
    office: str | None
    association: str | None
    country: str | None


class SignedIn(BaseModel):
    token: str
    expires_at: str
    user: Me


class SignIn(Endpoint):
    """Exchange username and password for a token that one device keeps."""

    cost = "sign_in"
    authentication_classes = ()
    allow: ClassVar = {"POST": EVERYONE}

    @documented(
        "Sign in",
        operation="sign_in",
        body=Credentials,
        answers={200: SignedIn},
        problems=(401, 429),
        tag="accounts",
        public=True,
    )
    def post(self, request: Request) -> Response:
        """Exchange username and password for a token that one device keeps; a person's oldest tokens end when there are
        too many. After five wrong passwords the answer is 429 for a quarter of an hour."""
        credentials = parse(Credentials, request)
        user = authenticate(
            request._request, username=credentials.username.strip(), password=credentials.password
        )
        if getattr(request._request, "axes_locked_out", False):
            raise Throttled(wait=LOCKED_SECONDS)
        if not isinstance(user, User):
            raise AuthenticationFailed(
                str(_("Username or password is wrong. After five wrong ones you must wait."))
            )
        # Django's own signal would do this too, and open a browser session for axes' log with every token.
        reset(ip=get_client_ip_address(request._request), username=user.get_username())
        name_person(user)
        record, token = AuthToken.objects.create(user)
        _end_the_oldest_of(user)
        return Response({"token": token, "expires_at": instant(record.expiry), "user": _present_user(user)})

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"


def _end_the_oldest_of(user: User) -> None:
    """Leave the user's youngest tokens, so many as one may have; those of enrolled devices are not counted."""
    devices = Device.objects.filter(officer=user).values("token_digest")
    own = AuthToken.objects.filter(user=user).exclude(digest__in=devices).order_by("-created")
    for token in own[settings.TOKENS_PER_USER :]:
        token.delete()


class SignOut(Endpoint):
    """Revoke the token this request came with, or end the browser's session."""

    allow: ClassVar = {"POST": SIGNED_IN}

    @documented("Sign out", operation="sign_out", answers={204: None}, tag="accounts")
    def post(self, request: Request) -> Response:
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _present_user(user: User) -> dict[str, Any]:
    """Return who signed in, and for whom they act today."""
    office_id = officer_of(user.pk).office_id_on(now())
    membership = getattr(user, "membership", None)
    return {
        "username": user.get_username(),
        "roles": list(user.roles),
        "office": register().by_id[office_id].code if office_id else None,
        "association": membership.association.code if membership else None,
        "country": user.country or (membership.association.country if membership else None),
    }
