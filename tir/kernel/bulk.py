"""Writing many rows in one statement, by column name: how one stamp and five hundred take the same path.

Django's own bulk_update builds a CASE per column and value; PostgreSQL joins a VALUES list far faster.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values

Row = Sequence[Any]


def insert_rows(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Insert rows whose values stand in the order of `columns` (field names)."""
    rows = list(rows)
    if rows:
        _execute(_insert_statement(model, columns), rows, _template(model, columns))


def update_rows(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Update rows by primary key: each row is the key, then the values in the order of `columns`."""
    rows = list(rows)
    if rows:
        _execute(_update_statement(model, columns), rows, _template(model, ("pk", *columns)))


def _execute(statement: str, rows: list[Row], template: str) -> None:
    with connection.cursor() as cursor:
        execute_values(cursor, statement, rows, template=template, page_size=len(rows))


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _template(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """One typed placeholder a column: a VALUES list alone would guess text for every null."""
    types = (
        _field(model, name).rel_db_type(connection)
        if _field(model, name).is_relation
        else _field(model, name).cast_db_type(connection)
        for name in columns
    )
    return "(" + ", ".join(f"%s::{db_type}" for db_type in types) + ")"


@lru_cache(maxsize=64)
def _insert_statement(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = ", ".join(_field(model, name).column for name in columns)
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES %s"  # noqa: S608  (names come from models)


@lru_cache(maxsize=64)
def _update_statement(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = [_field(model, name).column for name in columns]
    key = _field(model, "pk").column
    assignments = ", ".join(f"{name} = given.{name}" for name in names)
    listed = ", ".join([key, *names])
    return (
        f"UPDATE {model._meta.db_table} AS kept SET {assignments}"  # noqa: S608
        f" FROM (VALUES %s) AS given ({listed}) WHERE kept.{key} = given.{key}"
    )
