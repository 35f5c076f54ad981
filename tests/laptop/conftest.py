import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import Account
from tir.laptop.valkey import Valkey

PASSWORD = "a password: with / and @"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state directory of this test's own; what the servers kept elsewhere goes with it."""
    state = State(tmp_path / "state")
    yield state
    if state.recall("home"):
        shutil.rmtree(state.recall("home"))


@pytest.fixture
def postgres(state: State) -> Iterator[Postgres]:
    server = Postgres(state, Account.unprivileged(), PASSWORD)
    yield server
    server.stop()


@pytest.fixture
def valkey(state: State) -> Iterator[Valkey]:
    server = Valkey(state, Account.unprivileged())
    yield server
    server.stop()
