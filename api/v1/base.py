"""What every endpoint shares: a table of who may call it, and nothing else."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.pagination import NewestFirst
from api.permissions import Roles


class Endpoint(APIView):
    """A view that says in `allow` which roles may use which method; a method not named is denied."""

    allow: ClassVar[Mapping[str, Roles]] = {}


class ListEndpoint(Endpoint):
    """A list read by cursor: `found` gives the rows the caller may see, `present` one row as JSON."""

    pagination: ClassVar[type[CursorPagination]] = NewestFirst

    def found(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        paginator = self.pagination()
        page = paginator.paginate_queryset(self.found(request), request, view=self)
        return paginator.get_paginated_response(self.present(list(page or []), request))
