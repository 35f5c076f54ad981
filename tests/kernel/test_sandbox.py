"""What a database says it is for: written once, by the first migration, and said wherever somebody may look."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings as installed
from django.core.management import call_command
from django.db import connection
from django.test import Client
from psycopg2.errors import RaiseException
from pytest_django import Settings

from tests import databases
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import User
from tir.kernel.models import Installation
from tir.kernel.sandbox import check_not_a_sandbox, is_sandbox, kind


@pytest.fixture
def reader() -> Reader:
    """Return a browser in which the user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def empty(django_db_setup: None) -> Iterator[str]:
    """The name of a database in which nothing was made yet."""
    name = f"{connection.settings_dict['NAME']}_empty"
    with databases.empty_one(name):
        yield name


def manage(database: str, *command: str, sandbox: str = "") -> "subprocess.CompletedProcess[str]":
    """Run manage.py on that database as its owner, with SANDBOX set or without it."""
    environment = {**databases.environment_of(database, "OWNER"), "SANDBOX": sandbox}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=installed.BASE_DIR, env=environment, text=True,
        capture_output=True, check=False,
    )  # fmt: skip


def said_by(database: str) -> list[bool]:
    connected = psycopg2.connect(databases.address_of(database))
    try:
        cursor = connected.cursor()
        cursor.execute("SELECT is_sandbox FROM kernel_installation")
        return [row[0] for row in cursor.fetchall()]
    finally:
        connected.close()


def test_a_sandbox_stays_one_without_the_variable(empty: str) -> None:
    assert manage(empty, "migrate", "kernel", "--verbosity", "0", sandbox="1").returncode == 0
    assert manage(empty, "migrate", "kernel", "--verbosity", "0").returncode == 0

    assert said_by(empty) == [True]
    deployed = manage(empty, "check", "--deploy")
    assert deployed.returncode == 1
    assert "(tir.E001) This installation is a sandbox." in deployed.stderr


def test_a_real_one_never_becomes_a_sandbox(empty: str) -> None:
    assert manage(empty, "migrate", "kernel", "--verbosity", "0").returncode == 0

    again = manage(empty, "migrate", "kernel", "--verbosity", "0", sandbox="1")

    assert again.returncode == 1
    assert "made for real work and never becomes another" in again.stderr
    assert said_by(empty) == [False]


def test_only_a_sandbox_may_not_be_deployed(db: None, settings: Settings) -> None:
    assert check_not_a_sandbox(None) == []

    settings.SANDBOX = True
    assert [found.id for found in check_not_a_sandbox(None)] == ["tir.E001"]


def test_what_it_says_is_said_once_and_for_ever(db: None) -> None:
    assert Installation.objects.get().is_sandbox is False
    for statement in ("UPDATE kernel_installation SET is_sandbox = true", "DELETE FROM kernel_installation"):
        with databases.trying("OWNER") as owner, pytest.raises(RaiseException):
            owner.execute(statement)


def test_it_is_read_once_in_a_process(sandbox: None, django_assert_num_queries: object) -> None:
    kind.cache_clear()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [is_sandbox(), is_sandbox()] == [True, True]


class TestIsSaid:
    def test_by_the_answer_about_health(self, db: None, client: Client) -> None:
        assert client.get("/healthz/ready").json()["sandbox"] is False

    def test_by_the_answer_about_health_of_a_sandbox(self, sandbox: None, client: Client) -> None:
        assert client.get("/healthz/ready").json()["sandbox"] is True

    def test_on_every_page(self, sandbox: None, world: World, reader: Reader, client: Client) -> None:
        for answer in (reader(world.staff["CN"]).get("/console/holders/"), client.get("/console/sign-in/")):
            assert "Sandbox: nothing here is real" in answer.content.decode()

    def test_on_no_page_of_a_real_one(self, world: World, reader: Reader, client: Client) -> None:
        for answer in (reader(world.staff["CN"]).get("/console/holders/"), client.get("/console/sign-in/")):
            assert "Sandbox" not in answer.content.decode()

    def test_to_the_phone(self, sandbox: None, world: World, reader: Reader) -> None:
        assert reader(world.officers["CNURC001"]).get("/api/v1/post/bundle/").json()["sandbox"] is True

    def test_not_to_the_phone_of_a_real_one(self, world: World, reader: Reader) -> None:
        assert reader(world.officers["CNURC001"]).get("/api/v1/post/bundle/").json()["sandbox"] is False

    def test_on_the_card_of_the_sample_accounts(self, sandbox: None, tmp_path: Path) -> None:
        call_command("seed", "--card", str(tmp_path / "demo.json"))

        assert json.loads((tmp_path / "demo.json").read_text())["sandbox"] is True
