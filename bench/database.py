"""A database of its own for a bench run, on the server that DATABASE_URL names; dropped again at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2

NAME = "tir_bench"


@contextmanager
def bench_database() -> Iterator[str]:
    """Create and migrate an empty database, point the environment at it, and drop it in the end."""
    given = os.environ["DATABASE_URL"]
    parts = urlsplit(given)
    _admin(given, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{NAME}"))
    try:
        _migrate()
        yield os.environ["DATABASE_URL"]
    finally:
        os.environ["DATABASE_URL"] = given
        _admin(given, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _admin(url: str, *statements: str) -> None:
    connection = psycopg2.connect(**connection_arguments(url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def connection_arguments(url: str) -> dict[str, object]:
    """Return a database URL as libpq's own parameters."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": parts.path.lstrip("/"),
    }
