"""Service accounts of an association or an administration: opened, listed, restricted, rotated, ended."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller, is_of_program
from api.endpoints import ActEndpoint, ListEndpoint, documented_act, documented_list
from api.errors import instant
from api.openapi import documented
from api.pagination import NewestFirst
from api.parsing import Body, Text, parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, SECRETARIAT
from api.scope.services import service_account_for, service_accounts_for
from guarantees.models import Membership
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.errors import Conflict, Forbidden
from tir.signin import services
from tir.signin.models import ServiceAccount

TAG = "accounts"
LONGEST_OVERLAP = 30 * 24  # hours
MANAGERS = ASSOCIATIONS | CUSTOMS_HQ | SECRETARIAT


class NameTaken(Conflict):
    """There is an account of this name already."""

    code = "name_taken"


class RoleNotYours(Forbidden):
    """Nobody gives a program a role that they have not; headquarters may give `system`."""

    code = "role_not_yours"


class ServiceAccountBody(Body):
    name: Annotated[str, Text(150, 3)]
    purpose: Annotated[str, Text(200, 1)]
    roles: Annotated[list[Literal["association", "customs_hq", "secretariat", "system"]], Field(min_length=1)]
    networks: Annotated[list[Annotated[str, Text(43, 3)]], Field(max_length=50)] = []


class NetworksBody(Body):
    networks: Annotated[list[Annotated[str, Text(43, 3)]], Field(max_length=50)]


class RotateBody(Body):
    overlap_hours: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP)] = 24


class EndBody(Body):
    reason: Annotated[str, Text(200, 1)]


class ServiceAccountOut(BaseModel):
    client_id: str
    name: str
    purpose: str
    roles: list[str]
    networks: list[str]
    made_by: str
    made_at: str
    secrets: list[dict[str, str | None]]
    ended_at: str | None
    end_reason: str


class ServiceAccountSecretOut(ServiceAccountOut):
    client_secret: str


class LatestMade(NewestFirst):
    ordering = ("-made_at", "-id")


@documented_list("List service accounts", operation="list_service_accounts", rows=ServiceAccountOut, tag=TAG)
class ServiceAccounts(ListEndpoint):
    """The programs of the caller's association or administration."""

    allow: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}
    pagination = LatestMade

    def found(self, request: Request) -> Any:
        return service_accounts_for(caller(request))

    def present(self, rows: list[ServiceAccount], request: Request) -> list[dict[str, Any]]:
        return [_present(account) for account in rows]

    @documented(
        "Open a service account",
        operation="open_service_account",
        body=ServiceAccountBody,
        answers={201: ServiceAccountSecretOut},
        problems=(409,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Open an account for a program. Its secret stands in this answer, and is never shown again."""
        ensure_person(request)
        body, by, at = parse(ServiceAccountBody, request), caller(request), now()
        with transaction.atomic():
            user = _user_for(body, by)
            account, secret = services.open_account(
                user=user, purpose=body.purpose, networks=body.networks, by=by, at=at
            )
        return Response({**_present(account), "client_secret": secret}, status=status.HTTP_201_CREATED)


def ensure_person(request: Request) -> None:
    """Raise Forbidden for a program: what programs there are, people say."""
    if is_of_program(request.auth):
        raise Forbidden(_("A program opens and changes no account. Sign in as yourself."))


def _user_for(body: ServiceAccountBody, by: User) -> User:
    """Return a new user of the caller's own country and association, whom no password opens."""
    if not set(body.roles) <= {*by.roles, *([Role.SYSTEM] if by.has_role(Role.CUSTOMS_HQ) else [])}:
        raise RoleNotYours(_("You may give a program the roles that you have, and no other."), field="roles")
    if User.objects.filter(username=body.name).exists():
        raise NameTaken(_("There is an account of this name. Choose another."), field="name")
    user = User.objects.create_user(body.name, roles=list(dict.fromkeys(body.roles)), country=by.country)
    if membership := getattr(by, "membership", None):
        Membership.objects.create(user=user, association=membership.association)
    return user


@documented_act(
    "Rotate a service account's secret",
    operation="rotate_service_account",
    answer=ServiceAccountSecretOut,
    problems=(404, 409),
    tag=TAG,
)
class Rotate(ActEndpoint):
    """A new secret; those before it go on for the overlap, so that programs can be changed over."""

    allow: ClassVar = {"POST": MANAGERS}
    body = RotateBody

    def act(self, request: Request, body: RotateBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id)
        secret = services.rotate(
            account=account, overlap=timedelta(hours=body.overlap_hours), by=caller(request), at=now()
        )
        return {**_present(account), "client_secret": secret}


@documented_act(
    "Say where a service account may come from",
    operation="restrict_service_account",
    answer=ServiceAccountOut,
    problems=(404, 409),
    tag=TAG,
)
class Restrict(ActEndpoint):
    """The networks (CIDR) that a program may call from; none means from anywhere."""

    allow: ClassVar = {"POST": MANAGERS}
    body = NetworksBody

    def act(self, request: Request, body: NetworksBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id)
        return _present(services.restrict(account=account, networks=body.networks))


@documented_act(
    "End a service account",
    operation="end_service_account",
    answer=ServiceAccountOut,
    problems=(404, 409),
    tag=TAG,
)
class End(ActEndpoint):
    """Its secrets and access tokens open nothing any more."""

    allow: ClassVar = {"POST": MANAGERS}
    body = EndBody

    def act(self, request: Request, body: EndBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id)
        return _present(
            services.end_account(account=account, reason=body.reason, by=caller(request), at=now())
        )


def _present(account: ServiceAccount) -> dict[str, Any]:
    return {
        "client_id": account.application.client_id,
        "name": account.user.username,
        "purpose": account.purpose,
        "roles": list(account.user.roles),
        "networks": list(account.networks),
        "made_by": account.made_by.username,
        "made_at": instant(account.made_at),
        "secrets": [
            {
                "made_at": instant(secret.made_at),
                "ends_at": instant(secret.ends_at),
                "last_used_at": instant(secret.last_used_at),
            }
            for secret in sorted(account.secrets.all(), key=lambda one: one.pk)
        ],
        "ended_at": instant(account.ended_at),
        "end_reason": account.end_reason,
    }
