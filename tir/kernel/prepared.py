"""Statements that PostgreSQL reads and plans once for many calls: for a stamp that was a third of its work.

psycopg2 prepares nothing by itself. Behind a pooler in transaction mode the next statement may reach another server
process, so there (`DATABASE_IS_POOLED`) every statement is sent whole.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

OFTEN_ENOUGH = 1_024
MOST_PLANS = 256  # a connection; an update of just what changed has as many forms as there are ways to change


@dataclass(slots=True)
class _Plan:
    """A plan made for a small table is wrong for a large one: each is made anew after twice as many calls as the last.
    PostgreSQL itself would wait until it next counts the table's rows."""

    name: str
    call: str  # with a %s for each parameter
    good_for: int
    calls_left: int


# By the driver's connection, for a new one knows nothing; PostgreSQL forgets them itself when a connection ends.
_plans: "WeakKeyDictionary[Any, OrderedDict[str, _Plan]]" = WeakKeyDictionary()
_numbers = count()


def fetch_rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what a statement with a `%s` for each parameter finds; their types are what it compares them with."""
    with connection.cursor() as cursor:
        cursor.execute(prepared_call(cursor, statement, len(parameters)), parameters)
        return list(cursor.fetchall())


def fetch_named_rows(statement: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what `rows` does, each row by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(prepared_call(cursor, statement, len(parameters)), parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def prepared_call(cursor: CursorWrapper, statement: str, parameters: int) -> str:
    """Return what to send in place of `statement`, with as many `%s`; it is prepared now unless it has a good plan."""
    database = cursor.db
    if database.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        return statement
    plans = _plans.get(database.connection)
    if plans is None:
        plans = _plans[database.connection] = OrderedDict()
    plan = plans.get(statement)
    if plan is None or not plan.calls_left:
        plan = _prepare(cursor, statement, parameters, plans)
    plans.move_to_end(statement)
    plan.calls_left -= 1
    return plan.call


def _prepare(
    cursor: CursorWrapper, statement: str, parameters: int, plans: "OrderedDict[str, _Plan]"
) -> _Plan:
    """Plan it in place of its old plan, or of what was longest not called if there are plans enough."""
    old = plans.get(statement)
    left = statement if old else next(iter(plans)) if len(plans) >= MOST_PLANS else None
    name = f"tir_{next(_numbers)}"
    numbered = statement % tuple(f"${number}" for number in range(1, parameters + 1))
    forgotten = f"; DEALLOCATE {plans[left].name}" if left else ""
    with connection.wrap_database_errors:
        cursor.cursor.execute(f"PREPARE {name} AS {numbered}{forgotten}")
    if left:
        del plans[left]
    good_for = min(2 * old.good_for, OFTEN_ENOUGH) if old else 1
    call = f"EXECUTE {name} ({', '.join(['%s'] * parameters)})"
    plan = plans[statement] = _Plan(name, call, good_for, good_for)
    return plan
