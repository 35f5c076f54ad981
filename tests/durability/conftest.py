"""Servers that a test may kill: a PostgreSQL cluster and a broker of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laptop.conftest import postgres_in, state_in
from tir.laptop.places import State
from tir.laptop.postgres import Postgres
from tir.laptop.processes import ServerAccount
from tir.laptop.valkey import Valkey


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with state_in(tmp_path) as state:
        yield state


@pytest.fixture
def cluster(state: State) -> Iterator[Postgres]:
    """A PostgreSQL cluster of this test's own, started."""
    with postgres_in(state) as server:
        server.start()
        yield server


@pytest.fixture
def broker(state: State) -> Iterator[Valkey]:
    """A broker of this test's own, started."""
    server = Valkey(state, ServerAccount.unprivileged())
    server.start()
    yield server
    server.stop()
