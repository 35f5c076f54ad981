"""One SELECT over many rows, all its answers."""

from typing import Any

from django.db import connection

# Enough to group the keys of the largest association in memory. In the same round trip, so in the same transaction.
ROOM = "SET LOCAL work_mem = '64MB';"


def select_rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(ROOM + statement, parameters)
        return list(cursor.fetchall())
