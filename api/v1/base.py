"""What every endpoint shares: a table of who may call it, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filtering import Filter, narrowed
from api.pagination import NewestFirst
from api.permissions import EVERYONE, Roles
from tir.accounts.models import User


def caller(request: Request) -> User:
    """Return who is signed in; `allow` has let nobody else in."""
    return cast(User, request.user)


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
