"""Lists are read in pages by cursor: nothing is counted, and rows added meanwhile shift nothing."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from api.parsing import field_invalid


class NewestFirst(CursorPagination):
    """The latest row first. A cursor that was not taken from an answer of ours is a 400, whatever it holds."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    ordering: Any = "-id"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.model: type[Model] = queryset.model
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        """Return how many rows the caller wants, at most `max_page_size`."""
        name = str(self.page_size_query_param)
        try:
            asked = int(request.query_params.get(name, self.page_size))
        except ValueError:
            raise field_invalid(name, "int_type") from None
        if asked < 1:
            raise field_invalid(name, "greater_than_equal", ge=1)
        return min(asked, self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                self._ensure_position(cursor.position)
        except (NotFound, ValueError, ValidationError):
            raise field_invalid("cursor", "cursor_invalid") from None
        return cursor

    def _ensure_position(self, position: object) -> None:
        """Raise ValueError or ValidationError for a position that the ordering column cannot have."""
        column = (self.ordering if isinstance(self.ordering, str) else self.ordering[0]).lstrip("-")
        value = self.model._meta.get_field(column).to_python(position)  # type: ignore[union-attr]
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a position in time has its offset")


class ByKey(NewestFirst):
    """For registers: in the order of their own key."""

    ordering = "id"


class LatestRecorded(NewestFirst):
    """For the ledger, whose keys are made by devices and say nothing about time."""

    ordering = ("-recorded_at", "-sequence", "-id")
