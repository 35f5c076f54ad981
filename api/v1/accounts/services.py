"""Service accounts: opened, listed, restricted, rotated, ended."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

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
from api.parsing import COUNTRY, Body, Text, parse
from api.permissions import OF_PROGRAMS
from api.scope.services import service_account_for, service_accounts_for
from checkpoints.staff.programs import NewProgram, open_program
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden
from tir.signin import services
from tir.signin.models import ServiceAccount

TAG = "accounts"
LONGEST_OVERLAP = 30 * 24  # hours


class ServiceAccountBody(Body):
    """Country or association are those of whoever opens it where neither is said; only who administers others may say
    another."""

    name: Annotated[str, Text(150, 3)]
    purpose: Annotated[str, Text(200, 1)]
    roles: Annotated[list[Literal["association", "customs_hq", "secretariat", "system"]], Field(min_length=1)]
    networks: Annotated[list[Annotated[str, Text(43, 3)]], Field(max_length=50)] = []
    country: Annotated[str, Field(pattern=COUNTRY)] | None = None
    association: Annotated[str, Field(pattern=r"^[0-9]{3}$")] | None = None


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

    allow: ClassVar = {"GET": OF_PROGRAMS, "POST": OF_PROGRAMS}
    pagination = LatestMade

    def found(self, request: Request) -> Any:
        return service_accounts_for(caller(request), at=now())

    def present(self, rows: list[ServiceAccount], request: Request) -> list[dict[str, Any]]:
        return [_present(account) for account in rows]

    @documented(
        "Open a service account",
        operation="open_service_account",
        body=ServiceAccountBody,
        answers={201: ServiceAccountSecretOut},
        problems=(409, 422),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Open an account for a program. Its secret stands in this answer, and is never shown again."""
        ensure_person(request)
        body, by, at = parse(ServiceAccountBody, request), caller(request), now()
        new = NewProgram(
            body.name, body.purpose, body.roles, body.networks, body.country or "", body.association or ""
        )
        account, secret = open_program(new=new, by=by, at=at)
        return Response({**_present(account), "client_secret": secret}, status=status.HTTP_201_CREATED)


def ensure_person(request: Request) -> None:
    """Raise Forbidden for a program: what programs there are, people say."""
    if is_of_program(request.auth):
        raise Forbidden(_("A program opens and changes no account. Sign in as yourself."))


@documented_act(
    "Rotate a service account's secret",
    operation="rotate_service_account",
    answer=ServiceAccountSecretOut,
    problems=(404, 409),
    tag=TAG,
)
class Rotate(ActEndpoint):
    """A new secret; those before it go on for the overlap, so that programs can be changed over."""

    allow: ClassVar = {"POST": OF_PROGRAMS}
    body = RotateBody

    def act(self, request: Request, body: RotateBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id, at=now())
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

    allow: ClassVar = {"POST": OF_PROGRAMS}
    body = NetworksBody

    def act(self, request: Request, body: NetworksBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id, at=now())
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

    allow: ClassVar = {"POST": OF_PROGRAMS}
    body = EndBody

    def act(self, request: Request, body: EndBody, *, client_id: str) -> Any:
        ensure_person(request)
        account = service_account_for(caller(request), client_id, at=now())
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
