"""The present instant is aware, in UTC, and the only hour there is."""

from datetime import UTC, datetime, timedelta, timezone

import time_machine

from tir.kernel.clock import now

ALMATY = timezone(timedelta(hours=5))


class TestNow:
    def test_is_the_instant_of_the_system_clock_in_utc(self) -> None:
        """As anybody writes the instant: the zone of the reader, or of the server, does not shift it."""
        with time_machine.travel(datetime(2026, 3, 2, 1, 30, 0, 250_000, tzinfo=ALMATY), tick=False):
            read = now()

        assert read == datetime(2026, 3, 1, 20, 30, 0, 250_000, tzinfo=UTC)
        assert (read.day, read.hour) == (1, 20)
        assert read.tzinfo is UTC

    def test_is_read_at_every_call(self) -> None:
        with time_machine.travel(datetime(2026, 3, 2, 6, tzinfo=UTC), tick=False) as clock:
            first = now()
            clock.shift(timedelta(minutes=5))
            assert now() - first == timedelta(minutes=5)
