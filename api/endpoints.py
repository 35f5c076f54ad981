"""What every endpoint shares: a table of who may call it; and the two shapes most of them have, a list and an act."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view
from pydantic import BaseModel
from rest_framework import status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filtering import Filter, narrowed
from api.openapi import documented
from api.pagination import NewestFirst
from api.parsing import Body, parse
from api.permissions import EVERYONE, Roles


class Endpoint(APIView):
    """A view that says in `allow` which roles may use which method; a method not named is denied."""

    allow: ClassVar[Mapping[str, Roles]] = {}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache on the way, nor a shared browser, keep what was meant for one caller."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if not self.allow.get("GET", frozenset()) >= EVERYONE:
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer what may be done here: the Allow header, and nothing else."""
        return HttpResponse(status=status.HTTP_204_NO_CONTENT)


class ListEndpoint(Endpoint):
    """A list read by cursor: `found` gives the rows the caller may see, `filters` narrow them, `present` one row as
    JSON."""

    pagination: ClassVar[type[CursorPagination]] = NewestFirst
    filters: ClassVar[Sequence[Filter]] = ()

    def found(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        paginator = self.pagination()
        rows = narrowed(self.found(request), request, self.filters)
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(self.present(list(page or []), request))


class ActEndpoint(Endpoint):
    """One act at an address of its own: the body is read as `body`, and `act(request, body, **named)` makes the domain
    call and returns the answer's JSON; `named` is what the address names."""

    body: ClassVar[type[Body]]
    status: ClassVar[int] = status.HTTP_200_OK

    def act(self, *asked: Any, **named: Any) -> Any:
        raise NotImplementedError

    def post(self, request: Request, **named: Any) -> Response:
        return Response(self.act(request, parse(self.body, request), **named), status=self.status)


Act = TypeVar("Act", bound=type[ActEndpoint])


def acting(
    summary: str, *, operation: str, answer: type[BaseModel], problems: tuple[int, ...] = (), tag: str
) -> Callable[[Act], Act]:
    """Describe the call of an act, with the body and the status that its class says."""

    def described(act: Act) -> Act:
        post = documented(
            summary,
            operation=operation,
            body=act.body,
            answers={act.status: answer},
            problems=problems,
            tag=tag,
        )
        return extend_schema_view(post=post)(act)

    return described
