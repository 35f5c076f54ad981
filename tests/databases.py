"""Databases of the tests: migrated once as the owner, then cloned for every run and every worker, which connect as web.

What is cloned is named after everything that migrations run and grant, so a changed migration makes a new one. Cleaning
and attacks go over a connection of their own, as the administrator; no process that a test starts is given his address.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from api.scope import walls
from tir import roles
from tir.kernel import privileges, triggers
from tir.laptop.addresses import address, without_others
from tir.laptop.postgres import wheel_binaries
from tir.log import migrating

Cursor = psycopg2.extensions.cursor

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


@contextmanager
def clone(name: str, *, of: str | None = None) -> Iterator[None]:
    """Give a clone of the migrated database, or of another, to this run; drop it in the end. It acknowledges before the
    disk has: no test switches its machine off. The tests of durability that kill PostgreSQL have a cluster of their
    own, as it is shipped."""
    origin = of or template()
    with server() as cursor:
        _run(
            cursor, "DROP DATABASE IF EXISTS {}", name
        )  # of a run that was killed; one that still runs keeps its own
        _run(cursor, f"CREATE DATABASE {{}} OWNER {roles.OWNER} TEMPLATE {origin}", name)
        _run(cursor, "ALTER DATABASE {} SET synchronous_commit = off", name)
    with connected(address_of(name, "OWNER")) as cursor:
        for statement in privileges.for_database(name):
            cursor.execute(statement)
    yield
    with server() as cursor:
        _run(cursor, "DROP DATABASE {} WITH (FORCE)", name)


def copy_to(administrator: str) -> None:
    """Make the empty database of another server like the migrated one, in much less time than migrating it takes."""
    name = f"test_tir_copied_{os.getpid()}"
    database = urlsplit(administrator).path.lstrip("/")
    with clone(name):
        dumping = subprocess.Popen(
            [str(wheel_binaries() / "pg_dump"), address_of(name, "ADMIN")], stdout=subprocess.PIPE
        )
        subprocess.run(
            [str(wheel_binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", administrator],
            stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        assert dumping.wait() == 0
    with connected(administrator) as cursor:
        roles.hand_over(cursor, database)
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(roles.OWNER)))
        for statement in privileges.for_database(database):
            cursor.execute(statement)


@contextmanager
def empty_one(name: str) -> Iterator[None]:
    """Make a database of the owner's in which nothing was made yet, and drop it in the end."""
    with server() as cursor:
        _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run(cursor, f"CREATE DATABASE {{}} OWNER {roles.OWNER}", name)
        yield
        _run(cursor, "DROP DATABASE {} WITH (FORCE)", name)


def address_of(name: str, role: str = "") -> str:
    """Return the DATABASE_URL of another database on the server of the tests: web's, or that of a role."""
    of_role = address(role) if role else os.environ["DATABASE_URL"]
    return urlunsplit(urlsplit(of_role)._replace(path=f"/{name}"))


def environment_of(name: str, role: str = "") -> dict[str, str]:
    """Return the environment of a process on that database: as web, or as a role, and with no other address."""
    return {**without_others(os.environ), "DATABASE_URL": address_of(name, role)}


def migrate(name: str, *to: str, **changes: str) -> None:
    """Migrate a database as its owner, all the way or to where `to` says."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", *to, "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={**environment_of(name, "OWNER"), **changes},
        check=True,
    )


@contextmanager
def administering() -> Iterator[Cursor]:
    """A transaction of the administrator's in the database of this run, committed at the end: a superuser, whom
    `session_replication_role = replica` frees from triggers and foreign keys."""
    with closing(psycopg2.connect(address_of(connection.settings_dict["NAME"], "ADMIN"))) as administrator:
        with administrator, administrator.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
            yield cursor


@contextmanager
def trying(role: str = "") -> Iterator[Cursor]:
    """A transaction of web, or of another role, in the database of this run; it leaves nothing behind."""
    with closing(psycopg2.connect(address_of(connection.settings_dict["NAME"], role))) as own:
        yield own.cursor()
        own.rollback()


def _make(cursor: Cursor, name: str) -> None:
    """Migrate under another name: what stopped half way is never taken for a template."""
    unfinished = f"{PREFIX}unfinished"
    _run(cursor, "DROP DATABASE IF EXISTS {}", unfinished)
    _run(cursor, f"CREATE DATABASE {{}} OWNER {roles.OWNER}", unfinished)
    migrate(unfinished, SANDBOX="0")
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (unfinished, name))))


def _run(cursor: Cursor, statement: str, name: str) -> None:
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _fingerprint() -> str:
    found = sha256()
    for path in _what_migrations_run():
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _what_migrations_run() -> Iterator[Path]:
    yield from (Path(module.__file__) for module in (roles, privileges, triggers, migrating, walls))
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("migrations/*.py"))
        yield from sorted(Path(app.path).glob("functions/*.sql"))


def server() -> AbstractContextManager[Cursor]:
    """The administrator's connection to no database of ours. Its end gives the lock back."""
    return connected(address_of("postgres", "ADMIN"))


@contextmanager
def connected(to: str) -> Iterator[Cursor]:
    """A connection of its own, outside transactions: CREATE DATABASE wants that."""
    with closing(psycopg2.connect(to)) as own:
        own.autocommit = True
        yield own.cursor()
