"""Statements that PostgreSQL reads and plans once a connection and not once a call: for a stamp that was half its time.

psycopg2 prepares nothing by itself. Behind a pooler in transaction mode the next statement may reach another server
process, so there (`DATABASE_IS_POOLED`) every statement is sent whole.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

# By the driver's connection, for a new one knows nothing; PostgreSQL forgets them itself when a connection ends.
_names: "WeakKeyDictionary[Any, dict[str, str]]" = WeakKeyDictionary()


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what a statement with a `%s` for each parameter finds; their types are what it compares them with."""
    with connection.cursor() as cursor:
        cursor.execute(call(cursor, statement, len(parameters)), parameters)
        return list(cursor.fetchall())


def call(cursor: CursorWrapper, statement: str, parameters: int) -> str:
    """Return what to send in place of `statement`, with as many `%s`; it is prepared now if it was not yet."""
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        return statement
    known = _names.setdefault(connection.connection, {})
    name = known.get(statement)
    if name is None:
        name = f"tir_{len(known)}"
        numbered = statement % tuple(f"${number}" for number in range(1, parameters + 1))
        with connection.wrap_database_errors:
            cursor.cursor.execute(f"PREPARE {name} AS {numbered}")
        known[statement] = name
    return f"EXECUTE {name} ({', '.join(['%s'] * parameters)})"
