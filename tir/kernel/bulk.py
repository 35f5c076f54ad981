"""Writing many rows by column name, and to several tables in one round trip: one stamp and five hundred take the
same path, and a post's request waits for the network between us and PostgreSQL once, not once a table.

Django's own bulk_update builds a CASE per column and value; PostgreSQL joins given rows far faster.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from json import JSONEncoder
from typing import Any

from django.db import connection, models
from psycopg2.extras import Json

from tir.kernel.prepared import prepared_call

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """How one row is written, with a `%s` for each value, and how many are, that come as one JSON document: PostgreSQL
    reads it faster than as many values in SQL, and Python writes it faster."""

    columns: tuple[str, ...]
    one: str
    many: str


class Writes:
    """Inserts and updates, collected in order and sent together by `send`, inside the caller's transaction."""

    def __init__(self) -> None:
        self._statements: list[tuple[_Statement, list[Row]]] = []

    def insert(self, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Add rows whose values stand in the order of `columns` (field names). A column of which no row says anything
        is left out: it is null then, for no column of ours has a default in the database."""
        if rows := list(rows):
            said = _said(rows)
            statement = _insert_statement(model, tuple(compress(columns, said)))
            self._statements.append((statement, [tuple(compress(row, said)) for row in rows]))

    def update(self, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Update rows by primary key: each row is the key, then the values in the order of `columns`."""
        if rows := list(rows):
            self._statements.append((_update_statement(model, columns), rows))

    def send(self) -> None:
        """Execute everything in one round trip."""
        if not self._statements:
            return
        with connection.cursor() as cursor:
            planned: dict[str, str] = {}
            everything: Any = b";\n".join(_filled(cursor, planned, *each) for each in self._statements)
            cursor.execute(everything)
        self._statements.clear()


def _said(rows: list[Row]) -> list[bool]:
    if len(rows) == 1:
        return [value is not None for value in rows[0]]
    return [any(value is not None for value in column) for column in zip(*rows, strict=True)]


def _filled(cursor: Any, planned: dict[str, str], statement: _Statement, rows: list[Row]) -> bytes:
    """Return the call of the prepared statement with its values.

    It is planned once in one sending: planning anew would forget the plan that a call not yet sent names.
    """
    if len(rows) == 1:
        text, values = statement.one, rows[0]
    else:
        text = statement.many
        values = [_as_json([dict(zip(statement.columns, row, strict=True)) for row in rows])]
    if text not in planned:
        planned[text] = prepared_call(cursor, text, len(values))
    filled: bytes = cursor.mogrify(planned[text], values)
    return filled


def _plain(value: Any) -> Any:
    """Return what JSON has no type for as PostgreSQL reads it from a text."""
    if isinstance(value, Json):
        return value.adapted
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    return str(value)  # instants, days, amounts, UUIDs


_as_json = JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":")).encode


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _insert_statement(model: type[models.Model], columns: tuple[str, ...]) -> _Statement:
    """Return the statement for rows of these columns; the table's own columns give the values their types."""
    fields = [_field(model, name) for name in columns]
    named = tuple(str(field.column) for field in fields)
    names = ", ".join(named)
    head = f"INSERT INTO {model._meta.db_table} ({names})"
    return _Statement(
        named,
        f"{head} VALUES ({', '.join(['%s'] * len(named))})",
        f"{head} SELECT {names} FROM {_given(fields)}",  # noqa: S608  (names come from models)
    )


@lru_cache(maxsize=256)
def _update_statement(model: type[models.Model], columns: tuple[str, ...]) -> _Statement:
    """Return the statement for rows of the key and these columns, typed: a VALUES list alone would guess text for every
    null."""
    fields = [_field(model, name) for name in ("pk", *columns)]
    named = key, *others = tuple(str(field.column) for field in fields)
    assignments = ", ".join(f"{name} = given.{name}" for name in others)
    head = f"UPDATE {model._meta.db_table} AS kept SET {assignments} FROM"  # noqa: S608  (names come from models)
    typed = ", ".join(f"%s::{_type_of(field)}" for field in fields)
    tail = f"WHERE kept.{key} = given.{key}"
    return _Statement(
        named,
        f"{head} (VALUES ({typed})) AS given ({', '.join(named)}) {tail}",
        f"{head} {_given(fields)} {tail}",
    )


def _given(fields: "Sequence[models.Field[Any, Any]]") -> str:
    """Return the rows of a document as a table."""
    columns = ", ".join(f"{field.column} {_type_of(field)}" for field in fields)
    return f"json_to_recordset(%s::json) AS given ({columns})"


def _type_of(field: "models.Field[Any, Any]") -> str:
    db_type = field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)
    return str(db_type)
