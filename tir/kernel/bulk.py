"""Writing many rows by column name, and to several tables in one round trip: one stamp and five hundred take the
same path, and a post's request waits for the network between us and PostgreSQL once, not once a table.

Django's own bulk_update builds a CASE per column and value; PostgreSQL joins a VALUES list far faster.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

from tir.kernel.prepared import prepared_call

Row = Sequence[Any]


class Writes:
    """Inserts and updates, collected in order and sent together by `send`, inside the caller's transaction."""

    def __init__(self) -> None:
        self._statements: list[tuple[str, str, str, list[Row]]] = []

    def insert(self, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Add rows whose values stand in the order of `columns` (field names)."""
        if rows := list(rows):
            head, plain = _insert_statement(model, columns)
            self._statements.append(("", head, plain, rows))

    def update(self, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Update rows by primary key: each row is the key, then the values in the order of `columns`."""
        if rows := list(rows):
            tail, head, typed = _update_statement(model, columns)
            self._statements.append((tail, head, typed, rows))

    def send(self) -> None:
        """Execute everything in one round trip."""
        if not self._statements:
            return
        with connection.cursor() as cursor:
            everything: Any = b";\n".join(_filled(cursor, *statement) for statement in self._statements)
            cursor.execute(everything)
        self._statements.clear()


def _filled(cursor: Any, tail: str, head: str, template: str, rows: list[Row]) -> bytes:
    """Return the statement with its values: a single row, which most stamps write, by a prepared statement."""
    if len(rows) == 1:
        filled: bytes = cursor.mogrify(prepared_call(cursor, head + template + tail, len(rows[0])), rows[0])
        return filled
    return head.encode() + b", ".join(cursor.mogrify(template, row) for row in rows) + tail.encode()


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _insert_statement(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, str]:
    """Return the head and the template of a row; the table's own columns give the values their types."""
    names = ", ".join(str(_field(model, name).column) for name in columns)
    template = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES ", template  # noqa: S608  (names come from models)


@lru_cache(maxsize=256)
def _update_statement(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, str, str]:
    """Return tail, head and the template of a row, typed: a VALUES list alone would guess text for every null."""
    named = [_field(model, name) for name in ("pk", *columns)]
    key, *names = (str(field.column) for field in named)
    assignments = ", ".join(f"{name} = given.{name}" for name in names)
    head = f"UPDATE {model._meta.db_table} AS kept SET {assignments} FROM (VALUES "  # noqa: S608
    tail = f") AS given ({', '.join([key, *names])}) WHERE kept.{key} = given.{key}"
    return tail, head, "(" + ", ".join(f"%s::{_type_of(field)}" for field in named) + ")"


def _type_of(field: "models.Field[Any, Any]") -> str:
    db_type = field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)
    return str(db_type)
