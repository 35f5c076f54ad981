"""Signing in and out."""

from typing import Annotated, Any, ClassVar

from django.contrib.auth import logout, update_session_auth_hash
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from oauth2_provider.models import AccessToken
from pydantic import BaseModel, ConfigDict
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api import signing
from api.authentication import caller, device_behind
from api.endpoints import Endpoint
from api.errors import instant
from api.openapi import documented
from api.parsing import Body, Text, parse
from api.permissions import EVERYONE, SIGNED_IN
from api.v1.accounts.services import ensure_person
from checkpoints.models import Device
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from checkpoints.staff.ending import end_device
from tir.accounts.models import User
from tir.audit.asking import name_person
from tir.kernel.clock import now
from tir.signin.addresses import address_of, agent_of
from tir.signin.tokens import issue_token

LOCKED_SECONDS = 15 * 60
WRONG = _("Username or password is wrong. After five wrong ones you must wait.")


class PasswordBody(Body):
    """The password is taken as typed: a blank at its end belongs to it."""

    model_config = ConfigDict(str_strip_whitespace=False)
    username: Annotated[str, Text(150, 1)]
    password: Annotated[str, Text(128, 1)]


class Credentials(PasswordBody):
    """Name and password, and for an account with a second factor its code."""

    otp: Annotated[str, Text(40)] = ""


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
        too many. Roles that decide about money or people also send `otp`, the code of their app: without it the answer
        is 401 `second_factor_required`. After five wrong ones the answer is 429 for a quarter of an hour."""
        credentials, at, asked = parse(Credentials, request), now(), request._request
        user = signing.person_with(asked, credentials.username.strip(), credentials.password, at=at)
        if signing.is_shut_out(asked):
            raise Throttled(wait=LOCKED_SECONDS)
        if user is None:
            raise AuthenticationFailed(WRONG)
        signing.ensure_second_factor(asked, user, credentials.otp.strip(), at=at)
        name_person(user)
        signing.note_signed_in(asked, user, at=at)
        record, token = issue_token(user, address=address_of(asked.META), agent=agent_of(asked.META), at=at)
        return Response({"token": token, "expires_at": instant(record.expiry), "user": _present_user(user)})

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"


class ChangePasswordBody(Body):
    """The present password and the new one, taken as typed."""

    model_config = ConfigDict(str_strip_whitespace=False)
    present: Annotated[str, Text(128, 1)]
    new: Annotated[str, Text(128, 1)]


class ChangePassword(Endpoint):
    """Another password for one's own account."""

    allow: ClassVar = {"POST": SIGNED_IN}

    @documented(
        "Change one's own password",
        operation="change_own_password",
        body=ChangePasswordBody,
        answers={204: None},
        problems=(422, 429),
        tag="accounts",
    )
    def post(self, request: Request) -> Response:
        """Change it, and end every session, token and phone that the old one opened, but the token that asks. Programs
        have secrets of their own: `/service-accounts/{client_id}/rotate/`."""
        ensure_person(request)
        said, user, asked = parse(ChangePasswordBody, request), caller(request), request._request
        token = request.auth.digest if isinstance(request.auth, AuthToken) else None
        session = None if token else asked.session.session_key
        signing.change_own_password(
            asked, user, present=said.present, new=said.new, session=session, token=token, at=now()
        )
        if token is None:
            update_session_auth_hash(asked, user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignOut(Endpoint):
    """Revoke the token this request came with and a phone with its token, or end the browser's session."""

    allow: ClassVar = {"POST": SIGNED_IN}

    @documented("Sign out", operation="sign_out", answers={204: None}, tag="accounts")
    def post(self, request: Request) -> Response:
        device_id = device_behind(request)
        if device_id is not None:
            device = Device.objects.get(pk=device_id)
            end_device(device, reason=str(_("Signed out on the phone.")), by=caller(request), at=now())
        elif isinstance(request.auth, (AuthToken, AccessToken)):
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
