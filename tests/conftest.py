"""What every test shares: a quick password hash, hypothesis without a stop-watch, and transactions that really commit.

A test that needs other connections (threads, processes, a live server, on_commit) uses pytest-django's own
`transactional_db`, `live_server` or `django_db(transaction=True)`; `world` then commits too.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from xdist.scheduler import LoadScopeScheduling

from api.counting import counters
from tests import databases
from tests.growing import grow  # noqa: F401  (a fixture)
from tests.world import World, build
from tir import roles
from tir.kernel import privileges
from tir.kernel.kept import Kept
from tir.kernel.sandbox import Kind, kind
from tir.keys import make_log_key
from tir.laptop.addresses import address

MADE_BY_MIGRATIONS = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "guarantees_clockrule",
    "kernel_installation",
}

# A landing draws the same examples every time; new ones are searched for at night, by seed (see script/night).
hypothesis_settings.register_profile("default", deadline=None, derandomize=True)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile(
    "night", deadline=None, derandomize=False, print_blob=True, max_examples=1_000
)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default")
)

ALONE = (
    "tests/durability/",
    "tests/laptop/",
    "tests/browser/",
)  # each starts servers or a browser of its own


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker one file at a time, and all that starts servers of its own to one worker, one after another."""

    def _split_scope(self, nodeid: str) -> str:
        return "alone" if nodeid.startswith(ALONE) else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # the order is that of collecting: see below
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest in one piece; else the random order stays."""
    items.sort(key=lambda item: not item.nodeid.startswith(ALONE))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Connect as web to a clone for this run, or for this worker of it. Django would make the database, and migrate it,
    by the connection of the tests, which rightly may not."""
    name = connection.creation._get_test_db_name()
    with databases.clone(name):
        connection.settings_dict["NAME"] = name
        with django_db_blocker.unblock():
            kind()  # read once in a process: no test shall count that statement among its own
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="module")
def as_worker(django_db_setup: None) -> Iterator[None]:
    """Connect as the worker in a file about its work, which web may not do: folding, rebuilding. Before the file's
    first transaction, hence for the whole of it."""
    yield from connected_as("WORKER")


@pytest.fixture(scope="module")
def as_administrator(django_db_setup: None) -> Iterator[None]:
    """Connect as a superuser in a file about what an insider may do to the log, and about the log's own work."""
    yield from connected_as("ADMIN")


def connected_as(role: str) -> Iterator[None]:
    connection.close()
    other, ours = urlsplit(address(role)), connection.settings_dict
    web = {name: ours[name] for name in ("USER", "PASSWORD")}
    ours |= {"USER": other.username, "PASSWORD": unquote(other.password or "")}
    yield
    connection.close()
    ours |= web


@pytest.fixture(autouse=True)
def moved_clock() -> Iterator[None]:
    """No test may mind the hour: with TEST_CLOCK (an instant, as ISO 8601) every test begins then. See script/night."""
    moved = os.environ.get("TEST_CLOCK")
    with time_machine.travel(datetime.fromisoformat(moved), tick=True) if moved else nullcontext():
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose, and no test is about its slowness."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_reference_data() -> None:
    """Registers kept in memory belong to the world of one test."""
    Kept.forget_all()


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """No test spends what another one, or the server beside it, may ask for in a minute."""
    counters.count_alone()


@pytest.fixture(autouse=True)
def fresh_language() -> None:
    """A request leaves its reader's language to the thread, where the next request would choose anew."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture
def sandbox(db: None) -> Iterator[None]:
    """This installation as one for trying out, which a database can become in a test alone."""
    declared_anew(Kind.DEMO)
    yield
    declared_anew(Kind.REAL)


@pytest.fixture
def training(db: None) -> Iterator[None]:
    """This installation as one for training."""
    declared_anew(Kind.TRAINING)
    yield
    declared_anew(Kind.REAL)


def declared_anew(said: Kind) -> None:
    """Change what the database says of itself: as the administrator and a replica, because its law forbids that."""
    with databases.administering() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE kernel_installation SET is_sandbox = %s, is_training = %s",
            [said == Kind.DEMO, said == Kind.TRAINING],
        )
    kind.cache_clear()
    kind()


@pytest.fixture
def log_grows(db: None, tmp_path: Path, settings: Settings) -> Iterator[None]:
    """A log that this test can let grow: it may do for its length what in life the log's own process alone may; the key
    and what is kept outside are its own."""
    settings.TIR_LOG_KEY = make_log_key(tmp_path / "log-key.pem")
    settings.TIR_LOG_HEADS = tmp_path / "heads"
    settings.TIR_LOG_ORIGIN = ""
    tables = ", ".join([*privileges.OF_THE_LOG, "log_administrativeact"])
    with databases.administering() as cursor:
        cursor.execute(f"GRANT INSERT, UPDATE, DELETE ON {tables} TO {roles.WEB}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {roles.WEB}")
    yield
    with databases.connected(databases.address_of(connection.settings_dict["NAME"], "OWNER")) as cursor:
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {tables} FROM {roles.WEB}")
        for statement in privileges.for_tables(cursor):
            cursor.execute(statement)


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture(autouse=True, scope="session")
def append_only_laws_allow_a_clean_end() -> Iterator[None]:
    """After a test that committed, remove its rows our way: the ledgers would rightly refuse Django's TRUNCATE."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: empty_database())
        yield


def empty_database() -> None:
    """Remove every row but those that migrations put there, as the administrator. As a replica a session fires no
    trigger, so neither the append-only law nor a foreign key stands in the way."""
    with databases.administering() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [table for (table,) in cursor.fetchall() if table not in MADE_BY_MIGRATIONS]
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {table}" for table in tables))
        cursor.execute("DELETE FROM guarantees_clockrule WHERE territory_id IS NOT NULL")
