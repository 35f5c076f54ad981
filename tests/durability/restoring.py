"""The programs behind `script/backup` and `script/restore`, called on a state of the test's own, and what they left."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from tests.durability.site import PROJECT
from tir.laptop import archiving, secrets
from tir.laptop.__main__ import Laptop
from tir.laptop.places import State
from tir.laptop.postgres import Postgres

EACH = 3  # stamps recorded at a time

STAMPING = """
import django, sys
django.setup()
from tests.world import HOUR, START, build
world = build()
for line in sys.stdin:
    for _ in range(int(line)):
        world.travel(world.issue(), upto=1)
    print("stamped", flush=True)
"""


@dataclass(frozen=True)
class Story:
    """A cluster that was killed, what was kept of it, and which stamps were on record when."""

    server: Postgres
    backup: Path
    archive: Path
    instant: datetime
    at_instant: set[str]
    handed_over: set[str]
    at_end: set[str]


def run(program: str, *arguments: str, state: State, **address: str) -> "subprocess.CompletedProcess[str]":
    """Run what `script/backup` or `script/restore` runs, for this state."""
    given = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    return subprocess.run(
        [sys.executable, "-m", f"tir.laptop.{program}", *arguments, "--state", str(state.directory)],
        cwd=PROJECT, env={**given, **address}, text=True, capture_output=True, check=False, timeout=300,
    )  # fmt: skip


def restore(story: Story, state: State, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run("restore", str(story.backup), *arguments, state=state)


def keep(path: Path, name: str, archive: Path) -> int:
    command = [str(archiving.COMMAND), "keep", str(path), name, str(archive)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


@contextmanager
def stamping(server: Postgres) -> Iterator[Any]:
    """Give a function that records some stamps and returns the ids of all on record."""
    with subprocess.Popen(
        [sys.executable, "-c", STAMPING], cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "DATABASE_URL": server.url},
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout

        def stamp() -> set[str]:
            process.stdin.write(f"{EACH}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "stamped\n"
            return stamps(server.administrator_url)

        yield stamp
        process.stdin.close()


@contextmanager
def running(state: State) -> Iterator[Postgres]:
    server = server_of(state)
    server.start()
    yield server
    server.stop()


@contextmanager
def stopped(state: State) -> Iterator[None]:
    """At the end no server runs that this state or a copy under it knows, and their homes are gone."""
    yield
    for known in state.directory.rglob("services.json"):
        one = State(known.parent)
        Postgres(one, Laptop(state.directory).postgres.account, {}).stop()
        if one.directory != state.directory:
            shutil.rmtree(one.recall("home"), ignore_errors=True)


def server_of(state: State) -> Postgres:
    return Laptop(state.directory).postgres


def carry_secrets(story: Story, state: State) -> None:
    for name in ("env", "database.env"):
        shutil.copy2(story.server.state.directory / name, state.directory / name)


def changed_archive(story: Story, archive: Path, *, without: str = "") -> Path:
    """Copy the archive, but for one segment."""
    shutil.copytree(story.archive, archive, ignore=shutil.ignore_patterns(f"{without}.gz"))
    story.server.account.own(archive)
    return archive


def ask(url: str, statement: str) -> Any:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def execute(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)


def stamps(url: str) -> set[str]:
    return set(ask(url, "SELECT coalesce(array_agg(id::text), '{}') FROM checkpoints_stamp"))


def stamps_of_copy(into: Path) -> set[str]:
    return stamps(secrets.read_variables(into / "services.env")["DATABASE_URL"])
