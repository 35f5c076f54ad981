"""Every test of the log has one of its own, in a directory of its own, and is done as the administrator: what the log's
own process may, and what it may not, is tried in `tests/laws/test_privileges.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.logs import log_in


@pytest.fixture(scope="module", autouse=True)
def administrator(as_administrator: None) -> None:
    """Whoever may do anything lets the log grow, and attacks it."""


@pytest.fixture
def heads(tmp_path: Path) -> Iterator[Path]:
    """Where the copies of the latest checkpoints are kept."""
    with log_in(tmp_path) as directory:
        yield directory
