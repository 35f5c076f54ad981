import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tir import roles
from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import ServerAccount
from tir.laptop.secrets import ADMINISTRATOR
from tir.laptop.valkey import Valkey

PASSWORD = "a password: with / and @"
PASSWORDS = {role: f"{role}: {PASSWORD}" for role in (ADMINISTRATOR, *roles.ROLES)}


@contextmanager
def state_in(directory: Path) -> Iterator[State]:
    state = State(directory / "state")
    yield state
    if state.recall("home"):
        shutil.rmtree(state.recall("home"))


@contextmanager
def postgres_in(state: State) -> Iterator[Postgres]:
    server = Postgres(state, ServerAccount.unprivileged(), PASSWORDS)
    yield server
    server.stop()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state directory of this test's own; what the servers kept elsewhere goes with it."""
    with state_in(tmp_path) as state:
        yield state


@pytest.fixture
def postgres(state: State) -> Iterator[Postgres]:
    """A server that is not there yet, and is gone after the test."""
    with postgres_in(state) as server:
        yield server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server for the tests that only look at one."""
    with state_in(tmp_path_factory.mktemp("running")) as state, postgres_in(state) as server:
        server.start()
        yield server


@pytest.fixture
def valkey(state: State) -> Iterator[Valkey]:
    server = Valkey(state, ServerAccount.unprivileged())
    yield server
    server.stop()
