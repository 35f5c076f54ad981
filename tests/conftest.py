"""What every test shares: a quick password hash, hypothesis without a stop-watch, and transactions that really commit.

A test that needs other connections (threads, processes, a live server, on_commit) uses pytest-django's own
`transactional_db`, `live_server` or `django_db(transaction=True)`; `world` then commits too.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from tests.world import World, build
from tir.kernel.kept import Kept

MADE_BY_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission", "guarantees_clockrule"}

hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose, and no test is about its slowness."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_reference_data() -> None:
    """Registers kept in memory belong to the world of one test."""
    Kept.forget_all()


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
