"""A log that grows in a test: with a key, a copy outside and a name of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from tir.log import running
from tir.log.models import Log

ORIGIN = "tir.example/log"
Grow = Callable[[], Log]


@pytest.fixture
def grow(log_grows: None, settings: Any) -> Grow:
    """Give all that is pending its place, and return the log; the first call begins it."""
    settings.TIR_LOG_ORIGIN = ORIGIN

    def step() -> Log:
        grown = running.catch_up()
        assert grown.faults == ()
        return Log.objects.order_by("-pk")[0]

    return step
