"""Writing many rows by column name, and to several tables in one round trip: one stamp and five hundred take the
same path, and a post's request waits for the network between us and PostgreSQL once, not once a table.

Django's own bulk_update builds a CASE per column and value; PostgreSQL joins a VALUES list far faster.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress
from typing import Any

from django.db import connection, models

from tir.kernel.prepared import prepared_call

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """What stands before and after the rows, and the template of one: the first says the types, the others follow."""

    head: str
    template: str
    plain: str
    tail: str = ""


class Writes:
    """Inserts and updates, collected in order and sent together by `send`, inside the caller's transaction."""

    def __init__(self) -> None:
        self._statements: list[tuple[_Statement, list[Row]]] = []

    def insert(self, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Add rows whose values stand in the order of `columns` (field names). A column of which no row says anything
        is left out: it is null then, for no column of ours has a default in the database."""
        if rows := list(rows):
            said = [any(value is not None for value in column) for column in zip(*rows, strict=True)]
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
            everything: Any = b";\n".join(_filled(cursor, *statement) for statement in self._statements)
            cursor.execute(everything)
        self._statements.clear()


def _filled(cursor: Any, statement: _Statement, rows: list[Row]) -> bytes:
    """Return the statement with its values: a single row, which most stamps write, by a prepared statement."""
    if len(rows) == 1:
        whole = statement.head + statement.template + statement.tail
        single: bytes = cursor.mogrify(prepared_call(cursor, whole, len(rows[0])), rows[0])
        return single
    templates = ", ".join([statement.template, *[statement.plain] * (len(rows) - 1)])
    filled: bytes = cursor.mogrify(
        statement.head + templates + statement.tail, list(chain.from_iterable(rows))
    )
    return filled


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _insert_statement(model: type[models.Model], columns: tuple[str, ...]) -> _Statement:
    """Return the statement for rows of these columns; the table's own columns give the values their types."""
    names = ", ".join(str(_field(model, name).column) for name in columns)
    plain = _row(["%s"] * len(columns))
    return _Statement(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ", plain, plain)  # noqa: S608  (from models)


@lru_cache(maxsize=256)
def _update_statement(model: type[models.Model], columns: tuple[str, ...]) -> _Statement:
    """Return the statement for rows of the key and these columns, typed: a VALUES list alone would guess text for every
    null."""
    named = [_field(model, name) for name in ("pk", *columns)]
    key, *names = (str(field.column) for field in named)
    assignments = ", ".join(f"{name} = given.{name}" for name in names)
    head = f"UPDATE {model._meta.db_table} AS kept SET {assignments} FROM (VALUES "  # noqa: S608
    tail = f") AS given ({', '.join([key, *names])}) WHERE kept.{key} = given.{key}"
    return _Statement(
        head, _row([f"%s::{_type_of(field)}" for field in named]), _row(["%s"] * len(named)), tail
    )


def _row(values: Iterable[str]) -> str:
    return f"({', '.join(values)})"


def _type_of(field: "models.Field[Any, Any]") -> str:
    db_type = field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)
    return str(db_type)
