"""Databases of the tests: migrated once, then cloned for every run and every worker.

The clone is Django's own `TEST["TEMPLATE"]`; what it is cloned from is named after everything that migrations run, so a
changed migration makes a new one, and what a run's own migrations add comes on top.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.apps import apps
from django.conf import settings
from psycopg2 import sql

PREFIX = "test_tir_migrated_"
ONE_AT_A_TIME = (
    8_301_972  # an advisory lock of the server: workers and checkouts make no template side by side
)


def template() -> str:
    """Return the name of a database on this server to which every migration was applied; make it when there is none."""
    name = PREFIX + _fingerprint()
    with server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        known = {row[0] for row in cursor.fetchall()}
        if name not in known:
            for stale in known:
                _run(cursor, "DROP DATABASE {}", stale)
            _make(cursor, name)
    return name


def commit_without_waiting(name: str) -> None:
    """Let a database of the tests acknowledge before the disk has: no test switches its machine off. The tests of
    durability that kill PostgreSQL have a cluster of their own, as it is shipped."""
    with server() as cursor:
        _run(cursor, "ALTER DATABASE {} SET synchronous_commit = off", name)


def address_of(name: str) -> str:
    """Return the DATABASE_URL of another database on the server of the tests."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _make(cursor: "psycopg2.extensions.cursor", name: str) -> None:
    """Migrate under another name: what stopped half way is never taken for a template."""
    unfinished = f"{PREFIX}unfinished"
    _run(cursor, "DROP DATABASE IF EXISTS {}", unfinished)
    _run(cursor, "CREATE DATABASE {}", unfinished)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address_of(unfinished), "SANDBOX": "0"},
        check=True,
    )
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (unfinished, name))))


def _run(cursor: "psycopg2.extensions.cursor", statement: str, name: str) -> None:
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _fingerprint() -> str:
    found = sha256()
    for path in _what_migrations_run():
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _what_migrations_run() -> Iterator[Path]:
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("migrations/*.py"))
        yield from sorted(Path(app.path).glob("functions/*.sql"))


@contextmanager
def server() -> Iterator["psycopg2.extensions.cursor"]:
    """A connection of its own, outside transactions: CREATE DATABASE wants that. Its end gives the lock back."""
    with closing(psycopg2.connect(address_of("postgres"))) as connection:
        connection.autocommit = True
        yield connection.cursor()
