"""Databases beside that of the run, and whoever may do anything in them.

A clone is a database as it was at one moment: what yesterday's backup is, and where an attack is tried without an end
to clean up.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection

from tests import databases
from tir.kernel.kept import Kept

Statement = Callable[..., list[tuple[Any, ...]]]
_numbers = count()


@contextmanager
def insider(*, fires_triggers: bool = False) -> Iterator[Statement]:
    """Give a function that runs statements with every right there is, past every trigger and foreign key, on the
    database that Django is connected with. The one way in for every test of an insider."""
    role = "origin" if fires_triggers else "replica"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = %s", [role])

        def run(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
            cursor.execute(statement, parameters or None)
            return list(cursor.fetchall()) if cursor.description else []

        try:
            yield run
        finally:
            cursor.execute("SET session_replication_role = origin")


@contextmanager
def clone(of: str) -> Iterator[str]:
    """Make a database like another, to which nobody may be connected, and give its name; it goes at the end."""
    name = f"test_tir_clone_{os.getpid()}_{next(_numbers)}"
    with databases.clone(name, of=of):
        yield name


@contextmanager
def within(name: str) -> Iterator[None]:
    """Have Django work in that database."""
    before = connection.settings_dict["NAME"]
    _connect(name)
    try:
        yield
    finally:
        _connect(before)


def _connect(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    Kept.forget_all()
