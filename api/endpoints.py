"""What every endpoint shares: a table of who may call it; and the two shapes most of them have, a list and an act."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import extend_schema_view
from pydantic import BaseModel
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filtering import Filter, ensure_known, narrowed
from api.limits import BUDGETS, charge, ensure_left
from api.openapi import CURSOR, documented, page_of
from api.pagination import NewestFirst
from api.parsing import Body, parse
from api.permissions import EVERYONE, Roles
from api.scope import walls
from api.scope.reader import reader_of

MOST_BYTES = 5_000_000
MOST_WITH_PHOTOS = 10_000_000  # six photos of 1 MB, in base64


class Endpoint(APIView):
    """A view that says in `allow` which roles may use which method; a method not named is denied."""

    allow: ClassVar[Mapping[str, Roles]] = {}
    most_bytes: ClassVar[int] = MOST_BYTES  # of a body: `api.bodies` reads no more
    cost: ClassVar[str] = ""  # what `api.limits` counts it as
    is_bounded: ClassVar[bool] = True  # what is read, is read as in `api.scope.walls`
    began: float | None = None  # when its work began, where that is counted

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask who calls and whether they may; then refuse query parameters that the description does not name."""
        super().initial(request, *args, **kwargs)
        handler = getattr(self, str(request.method).lower(), None)
        if (known := getattr(handler, "query", None)) is not None:
            ensure_known(request, known)
        is_read = request.method in ("GET", "HEAD")
        if is_read and handler is not None and self.is_bounded and request.user.is_authenticated:
            setattr(self, str(request.method).lower(), partial(_behind_the_wall, handler))
        if self.cost in BUDGETS:
            ensure_left(self.cost, str(request.user.pk))
            self.began = time.perf_counter()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache on the way, nor a shared browser, keep what was meant for one caller."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if not self.allow.get("GET", frozenset()) >= EVERYONE:
            answer.headers.setdefault("Cache-Control", "private, no-store")
        if self.began is not None:
            charge(self.cost, str(request.user.pk), time.perf_counter() - self.began)
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer what may be done here: the Allow header, and nothing else."""
        return HttpResponse(status=status.HTTP_204_NO_CONTENT)


def _behind_the_wall(read: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
    """Read in the name of who asks; a long answer is read while it is sent, so that goes on behind the wall."""
    reader = reader_of(request)
    with walls.within(reader):
        answer = read(request, *args, **kwargs)
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = walls.through(reader, answer.streaming_content)  # type: ignore[arg-type]
    return answer


class ListEndpoint(Endpoint):
    """A list read by cursor: `found` gives the rows the caller may see, `filters` narrow them, `present` one row as
    JSON."""

    pagination: ClassVar[type[NewestFirst]] = NewestFirst
    filters: ClassVar[Sequence[Filter]] = ()

    def found(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        pages = self.pagination()
        page = pages.page(narrowed(self.found(request), request, self.filters), request)
        return pages.answer(self.present(page, request))


class ActEndpoint(Endpoint):
    """One act at an address of its own: the body is read as `body`, and `act(request, body, **named)` makes the domain
    call and returns the answer's JSON; `named` is what the address names."""

    body: ClassVar[type[Body]]
    status: ClassVar[int] = status.HTTP_200_OK

    def act(self, *asked: Any, **named: Any) -> Any:
        raise NotImplementedError

    def post(self, request: Request, **named: Any) -> Response:
        return Response(self.act(request, parse(self.body, request), **named), status=self.status)


Listing = TypeVar("Listing", bound=type[ListEndpoint])
Act = TypeVar("Act", bound=type[ActEndpoint])


def documented_list(
    summary: str, *, operation: str, rows: type[BaseModel], also: Sequence[Filter] = (), tag: str
) -> Callable[[Listing], Listing]:
    """Describe the reading of a list by cursor, with the filters that its class names, and those it applies itself."""

    def described(endpoint: Listing) -> Listing:
        get = documented(
            summary,
            operation=operation,
            answers={200: page_of(rows)},
            parameters=(*CURSOR, *(item.parameter for item in (*endpoint.filters, *also))),
            tag=tag,
        )
        return extend_schema_view(get=get)(endpoint)

    return described


def documented_act(
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
