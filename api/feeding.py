"""Feeds: what came on record, read by its index in the log. No clock is asked, and nothing is lost.

A reader keeps `log` and `after` of the answer and sends them next time. See `tir.log.feed`.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_view
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.filtering import Filter
from api.openapi import documented
from api.parsing import field_invalid
from tir.log import feed

_PLACE = re.compile(r"0|[1-9][0-9]{0,17}")
AFTER = Filter(
    "after", "", "How many entries of the log you have read: `after` of the answer before; 0 at first."
)
LOG = Filter("log", "", "The log they are of: `log` of the answer before.")


def place_asked(request: Request, name: str) -> int | None:
    """Return an index or a size of the log from the query, None where it is left out. Raises BodyInvalid."""
    asked: str | None = request.query_params.get(name)
    if asked is None:
        return None
    if not _PLACE.fullmatch(asked):
        raise field_invalid(name, "int_type")
    return int(asked)


class FeedEndpoint(Endpoint):
    """One kind of entries: `found` gives the rows that the caller may see, `present` some as JSON, in their order."""

    kind: ClassVar[str]

    def found(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        raise NotImplementedError

    def get(self, request: Request) -> Response:
        """Answer the next entries; `after` moves on over those that are not the caller's."""
        part = feed.read(self.kind, after=place_asked(request, AFTER.name) or 0, origin=LOG.value(request))
        rows = {str(row.pk): row for row in self.found(request).filter(pk__in=list(part.refs.values()))}
        shown = {index: rows[ref] for index, ref in part.refs.items() if ref in rows}
        said = self.present(list(shown.values()), request)
        results = [{"index": index, **each} for index, each in zip(shown, said, strict=True)]
        place = {"log": part.log, "size": part.size, "after": part.after, "more": part.more}
        return Response({**place, "results": results})


def feed_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return the model of one part of a feed."""
    name = model.__name__.removesuffix("Out")
    row = type(
        f"{name}Entry",
        (model,),
        {
            "__annotations__": {"index": int},
            "__module__": __name__,
            "__doc__": f"{model.__name__}, and its index.",
        },
    )
    return type(
        f"{name}Feed",
        (BaseModel,),
        {
            "__annotations__": {"log": str, "size": int, "after": int, "more": bool, "results": list[row]},  # type: ignore[valid-type]
            "__module__": __name__,
            "__doc__": "Send `log` and `after` next time; at once where there is `more`.",
        },
    )


Feed = TypeVar("Feed", bound=type[FeedEndpoint])


def documented_feed(
    summary: str, *, operation: str, rows: type[BaseModel], also: Sequence[Filter] = (), tag: str
) -> Callable[[Feed], Feed]:
    """Describe the reading of a feed, with the filters that its class applies itself."""

    def described(endpoint: Feed) -> Feed:
        """Return the endpoint with its reading in the schema: where to read on from, which rows, 404 without a log, and
        409 where it began anew."""
        get = documented(
            summary,
            operation=operation,
            answers={200: feed_of(rows)},
            problems=(404, 409),
            parameters=tuple(item.parameter for item in (AFTER, LOG, *also)),
            tag=tag,
        )
        return extend_schema_view(get=get)(endpoint)

    return described
