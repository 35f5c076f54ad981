"""A database of its own for a bench run, on the server that DATABASE_URL names; dropped again at the end.

What is measured connects as in production: the web server as web, this process as the worker. The administrator makes the
database and fills it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2

from tir.laptop.addresses import address

NAME = "tir_bench"
ADMINISTRATOR, SEQUENCER = address("ADMIN"), address("LOG")  # before DATABASE_URL names the bench's own


@contextmanager
def bench_database() -> Iterator[str]:
    """Create and migrate an empty database, point the environment at it, and drop it in the end."""
    given = os.environ["DATABASE_URL"]
    server = _here(ADMINISTRATOR, "postgres")
    _run(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME} OWNER tir_owner")
    owner, worker = _here(address("OWNER")), _here(address("WORKER"))
    os.environ["DATABASE_URL"] = _here(given)
    try:
        _migrate(owner)
        _connect(worker)
        yield os.environ["DATABASE_URL"]
    finally:
        os.environ["DATABASE_URL"] = given
        _run(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


@contextmanager
def administering() -> Iterator["psycopg2.extensions.cursor"]:
    """The administrator's connection to it, outside transactions."""
    with closing(psycopg2.connect(_here(ADMINISTRATOR))) as connection:
        connection.autocommit = True
        yield connection.cursor()


def _migrate(owner: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": owner}, check=True)


def _connect(to: str) -> None:
    """Let this process work as the worker."""
    import django
    from django.db import connections

    django.setup()
    arguments = connection_arguments(to)
    connections["default"].settings_dict |= {
        "NAME": NAME,
        "USER": arguments["user"],
        "PASSWORD": arguments["password"],
    }


def sequencers() -> str:
    """Return where the log's own process connects to it."""
    return _here(SEQUENCER)


def _here(url: str, name: str = NAME) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _run(url: str, *statements: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


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
