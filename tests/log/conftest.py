"""Every test of the log has one of its own, in a directory of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.logs import log_in


@pytest.fixture
def heads(tmp_path: Path) -> Iterator[Path]:
    """Where the copies of the latest checkpoints are kept."""
    with log_in(tmp_path) as directory:
        yield directory
