"""Plain filters of lists: a query parameter becomes one look-up; a value that no row can have finds nothing."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from api.errors import BodyInvalid
from api.parsing import SENTENCES

MOST_CHARACTERS = 100


def narrowed(rows: "QuerySet[Any]", request: Request, lookups: Mapping[str, str]) -> "QuerySet[Any]":
    """Return `rows` with every filter of the request applied; raise BodyInvalid for a value nobody can mean."""
    for name, lookup in lookups.items():
        value = request.query_params.get(name)
        if value:
            rows = rows.filter(**{lookup: _readable(name, value)})
    return rows


def flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true", "yes")


def _readable(name: str, value: str) -> str:
    if "\x00" in value or len(value) > MOST_CHARACTERS:
        code, sentence = SENTENCES["value_error"]
        raise BodyInvalid([{"field": name, "code": code, "detail": str(sentence)}])
    return value


