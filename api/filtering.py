"""Filters of lists: one row says the parameter's name, its look-up, what it may hold, and how it is documented.

A value nobody can mean, and a parameter no call knows, is a 400 that names it: a misspelt filter never passes for
"everything", nor for "nothing found".
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import PydanticCustomError
from rest_framework.request import Request

from api.errors import BodyInvalid
from api.parsing import fault_of_kind, field_invalid, instant_or_day, text_fault, unknown_fields

MOST_CHARACTERS = 100
Row = TypeVar("Row", bound=Model)


def _as_typed(value: str) -> Any:
    return value


def as_number(value: str) -> str:
    """A carnet number as people type it: blanks and small letters do not matter."""
    return "".join(value.split()).upper()


def as_code(value: str) -> str:
    return value.upper()


def moment(name: str, of_day: time) -> Callable[[str], datetime]:
    """Return how an instant is read from a parameter; a bare day stands for its begin or its end, in UTC."""

    def read(value: str) -> datetime:
        try:
            found = instant_or_day(value.replace(" ", "+"))  # a plus sign that nobody escaped
        except PydanticCustomError as invalid:
            raise field_invalid(name, invalid.type) from None
        return found if isinstance(found, datetime) else datetime.combine(found, of_day, tzinfo=UTC)

    return read


def in_list(value: str) -> list[str]:
    """For a column that holds several: rows that have this one among them."""
    return [value]


def plate_in_list(value: str) -> list[str]:
    return [value.upper()]


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list."""

    name: str
    lookup: str
    says: str
    choices: Sequence[str] = ()
    read: Callable[[str], Any] = _as_typed

    @property
    def parameter(self) -> OpenApiParameter:
        """Return the parameter as the OpenAPI document has it."""
        return OpenApiParameter(self.name, str, enum=list(self.choices) or None, description=self.says)

    def value(self, request: Request) -> str:
        """Return what the request asks for, blank for nothing; raise BodyInvalid for what no row can have."""
        value = request.query_params.get(self.name, "")
        if kind := text_fault(value) or ("blank" if value.isspace() else ""):
            raise field_invalid(self.name, kind)
        if len(value) > MOST_CHARACTERS:
            raise field_invalid(self.name, "string_too_long", max_length=MOST_CHARACTERS)
        if value and self.choices and value not in self.choices:
            raise field_invalid(self.name, "literal_error", expected=", ".join(self.choices))
        return value


def narrowed(rows: "QuerySet[Row]", request: Request, filters: Iterable[Filter]) -> "QuerySet[Row]":
    """Return `rows` with every filter of the request applied."""
    for item in filters:
        if value := item.value(request):
            rows = rows.filter(**{item.lookup: item.read(value)})
    return rows


def ensure_known(request: Request, known: Collection[str]) -> None:
    """Raise BodyInvalid for query parameters that this call does not know, and for those given twice."""
    asked = request.query_params
    if unknown := [name for name in asked if name not in known]:
        raise unknown_fields(unknown)
    if twice := [name for name in asked if len(asked.getlist(name)) > 1]:
        raise BodyInvalid([fault_of_kind(name, "repeated", {}) for name in twice])


def instant_asked(request: Request, name: str) -> datetime | None:
    """Return an instant from the query, None where it is left out. Raises BodyInvalid for anything but an instant."""
    value = request.query_params.get(name)
    if value is None:
        return None
    try:
        said = instant_or_day(value)
    except ValueError:
        said = None
    if not isinstance(said, datetime):
        raise field_invalid(name, "datetime_parsing")
    return said
