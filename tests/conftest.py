"""What every test shares: a quick password hash, hypothesis without a stop-watch, and transactions that really commit.

A test that needs other connections (threads, processes, on_commit) asks for `real_commits`; with it, `world` commits
too. Afterwards every row is removed behind the append-only triggers, which would rightly refuse Django's own flush.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

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
def real_commits(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test commit, on any number of connections, and leave the database as the migrations made it."""
    with django_db_blocker.unblock():
        yield
        empty_database()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """A small world in the test's own transaction, or committed for a test that also uses `real_commits`."""
    request.getfixturevalue("real_commits" if "real_commits" in request.fixturenames else "db")
    return build()


def empty_database() -> None:
    """Remove every row but those that migrations put there. As a replica a session fires no trigger, so neither the
    append-only law nor a foreign key stands in the way, and no table is locked for longer than an instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - MADE_BY_MIGRATIONS
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables)))
        cursor.execute("DELETE FROM guarantees_clockrule WHERE territory_id IS NOT NULL")
