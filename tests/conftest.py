"""What every test shares: a quick password hash, hypothesis without a stop-watch, and transactions that really commit.

A test that needs other connections (threads, processes, a live server, on_commit) uses pytest-django's own
`transactional_db`, `live_server` or `django_db(transaction=True)`; `world` then commits too.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from xdist.scheduler import LoadScopeScheduling

from tests import databases
from tests.growing import grow  # noqa: F401  (a fixture)
from tests.world import World, build
from tir.kernel.kept import Kept
from tir.kernel.sandbox import is_sandbox

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
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Clone the database of this run, or of this worker of it, instead of migrating one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = databases.template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    databases.commit_without_waiting(connection.settings_dict["NAME"])
    connection.close()  # it was opened before, and would wait
    with django_db_blocker.unblock():
        is_sandbox()  # read once in a process: no test shall count that statement among its own


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
def fresh_language() -> None:
    """A request leaves its reader's language to the thread, where the next request would choose anew."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture
def sandbox(db: None) -> Iterator[None]:
    """This installation as one for trying out, which a database can become in a test alone."""
    declared_anew(is_sandbox_now=True)
    yield
    declared_anew(is_sandbox_now=False)


def declared_anew(*, is_sandbox_now: bool) -> None:
    """Change what the database says of itself: as a replica, because its law forbids that."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE kernel_installation SET is_sandbox = %s", [is_sandbox_now])
        cursor.execute("SET LOCAL session_replication_role = origin")
    is_sandbox.cache_clear()
    is_sandbox()


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
    """Remove every row but those that migrations put there. As a replica a session fires no trigger, so neither the
    append-only law nor a foreign key stands in the way."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - MADE_BY_MIGRATIONS
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '10s'")
        cursor.execute(
            ";".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables))
        )
        cursor.execute("DELETE FROM guarantees_clockrule WHERE territory_id IS NOT NULL")
