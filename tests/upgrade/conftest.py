from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laptop.conftest import state_in
from tir.laptop.places import State


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with state_in(tmp_path) as state:
        yield state
