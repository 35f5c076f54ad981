"""Lists are read in pages by cursor: nothing is counted, and rows added meanwhile shift nothing.

A cursor names a row by its place in the ordering, which always ends in the row's own key. So two rows never share a
place, and forward and back lead over the same rows, also where all else ties.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.parsing import field_invalid, whole_number

MOST_OF_A_CURSOR = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an ordering, and which way to read from it."""

    key: tuple[Any, ...]
    is_back: bool

    def written(self) -> str:
        """Return the cursor as an address has it."""
        text = json.dumps([int(self.is_back), *map(str, self.key)], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


class NewestFirst:
    """The latest row first. A cursor that was not taken from an answer of ours is a 400, whatever it holds.

    `ordering` runs one way over all its columns, and its last is unique.
    """

    ordering: ClassVar[Sequence[str]] = ("-id",)
    page_size: ClassVar[int] = 50
    max_page_size: ClassVar[int] = 500
    page_size_name: ClassVar[str] = "page_size"

    def __init__(self) -> None:
        self.next: Cursor | None = None
        self.previous: Cursor | None = None
        self.address = ""

    def page(self, rows: QuerySet[Any], request: Request) -> list[Any]:
        """Return the rows of the page that the request asks for, and note what lies before and after. Raises
        BodyInvalid."""
        self.address = request.build_absolute_uri()
        size, cursor = self._size(request), self._cursor(rows.model, request)
        found = list(self._from(rows, cursor)[: size + 1])
        has_more, shown = len(found) > size, found[:size]
        if cursor is not None and cursor.is_back:
            shown.reverse()
            self._note(shown, before=has_more, after=True)
        else:
            self._note(shown, before=cursor is not None, after=has_more)
        return shown

    def answer(self, results: list[Any], **more: Any) -> Response:
        """Return the page with the addresses of those beside it."""
        links = {"next": self.link(self.next), "previous": self.link(self.previous)}
        return Response({**more, **links, "results": results})

    def link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        return str(replace_query_param(self.address, "cursor", cursor.written()))

    def _size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_name)
        return (
            self.page_size
            if asked is None
            else min(whole_number(self.page_size_name, asked), self.max_page_size)
        )

    def _note(self, shown: Sequence[Model], *, before: bool, after: bool) -> None:
        if shown and before:
            self.previous = Cursor(self._key(shown[0]), is_back=True)
        if shown and after:
            self.next = Cursor(self._key(shown[-1]), is_back=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("-") for name in self.ordering)

    def _key(self, row: Model) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.columns)

    def _from(self, rows: QuerySet[Any], cursor: Cursor | None) -> QuerySet[Any]:
        """Return the rows in the order of reading, from the cursor on."""
        ordered = rows.order_by(*self.ordering)
        if cursor is None:
            return ordered
        is_falling = self.ordering[0].startswith("-") is not cursor.is_back
        beyond = self._beyond(cursor.key, "lt" if is_falling else "gt")
        return (ordered.reverse() if cursor.is_back else ordered).filter(beyond)

    def _beyond(self, key: Sequence[Any], comparison: str) -> Q:
        """Return the rows past a place: past its first column, or level there and past the second, and so on.

        The first column bounds them all, so that its index is used.
        """
        columns = self.columns
        found = Q(pk__in=[])
        for index, name in enumerate(columns):
            level = dict(zip(columns[:index], key[:index], strict=True))
            found |= Q(**level, **{f"{name}__{comparison}": key[index]})
        return found & Q(**{f"{columns[0]}__{comparison}e": key[0]})

    def _cursor(self, model: type[Model], request: Request) -> Cursor | None:
        text = request.query_params.get("cursor")
        if text is None:
            return None
        try:
            return self._read(model, text)
        except (ValueError, TypeError, ValidationError, binascii.Error, RecursionError):
            raise field_invalid("cursor", "cursor_invalid") from None

    def _read(self, model: type[Model], text: str) -> Cursor:
        """Return the cursor that a text of ours stands for. Raises ValueError, TypeError or ValidationError."""
        if not text.isascii() or len(text) > MOST_OF_A_CURSOR:
            raise ValueError("no text of ours")
        is_back, *key = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if is_back not in (0, 1) or len(key) != len(self.columns):
            raise ValueError("another ordering's")
        return Cursor(
            tuple(_value(model, name, part) for name, part in zip(self.columns, key, strict=True)),
            bool(is_back),
        )


def _value(model: type[Model], column: str, text: object) -> Any:
    """Return a value that the column can have. Raises ValueError or ValidationError."""
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError("no value of ours")
    value = model._meta.get_field(column).to_python(text)  # type: ignore[union-attr]
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a position in time has its offset")
    return value


class ByKey(NewestFirst):
    """For registers: in the order of their own key."""

    ordering = ("id",)


class LatestRecorded(NewestFirst):
    """For the ledger, whose keys are made by devices and say nothing about time."""

    ordering = ("-recorded_at", "-sequence", "-id")


class LatestEvidence(NewestFirst):
    """For reports and refusals, by when they came on record."""

    ordering = ("-recorded_at", "-id")
