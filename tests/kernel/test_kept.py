"""Reference data kept in a process: read once in a while, and anew when someone says so."""

import pytest

from tir.kernel import kept
from tir.kernel.kept import Kept, kept_for


class Register:
    """What is kept in these tests: it counts how often it was read."""

    def __init__(self) -> None:
        self.content: list[str] = ["CNURC001"]
        self.reads = 0

    def read(self) -> list[str]:
        self.reads += 1
        return list(self.content)


class StopWatch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> StopWatch:
    stop_watch = StopWatch()
    monkeypatch.setattr(kept, "monotonic", stop_watch)
    return stop_watch


@pytest.fixture(autouse=True)
def kept_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests keep is not kept after them."""
    monkeypatch.setattr(Kept, "_all", list(Kept._all))


class TestKept:
    def test_is_read_once_until_its_time_is_over(self, watch: StopWatch) -> None:
        register = Register()
        offices = Kept(register.read, seconds=60)
        assert register.reads == 0

        assert offices() is offices()
        register.content = ["KZHOR001"]
        watch.seconds += 59.9
        assert offices() == ["CNURC001"]
        assert register.reads == 1

        watch.seconds += 0.1
        assert offices() == ["KZHOR001"]
        assert register.reads == 2

    def test_begins_its_time_anew_with_every_reading(self, watch: StopWatch) -> None:
        register = Register()
        offices = Kept(register.read, seconds=60)

        for later in (0, 100, 59, 1, 59):
            watch.seconds += later
            offices()

        assert register.reads == 3

    def test_counts_from_the_end_of_a_slow_reading(self, watch: StopWatch) -> None:
        register = Register()

        def slow() -> list[str]:
            watch.seconds += 120
            return register.read()

        offices = Kept(slow, seconds=60)
        assert offices() is offices()
        assert register.reads == 1

    def test_may_be_empty(self, watch: StopWatch) -> None:
        register = Register()
        register.content = []
        offices = Kept(register.read, seconds=60)

        assert [offices(), offices()] == [[], []]
        assert register.reads == 1

    def test_is_read_again_after_a_reading_that_failed(self, watch: StopWatch) -> None:
        register, failures = Register(), [OSError("no database")]

        def read() -> list[str]:
            if failures:
                raise failures.pop()
            return register.read()

        offices = Kept(read, seconds=60)
        with pytest.raises(OSError, match="no database"):
            offices()

        assert offices() == ["CNURC001"]


class TestForgetting:
    def test_one_leaves_the_others(self, watch: StopWatch) -> None:
        register, other = Register(), Register()
        offices, maxima = Kept(register.read, seconds=60), Kept(other.read, seconds=60)
        offices(), maxima()

        register.content = other.content = ["KZHOR001"]
        offices.forget()

        assert offices() == ["KZHOR001"]
        assert maxima() == ["CNURC001"]

    def test_all_reaches_everything_ever_kept(self, watch: StopWatch) -> None:
        registers = [Register(), Register()]
        everything = [kept_for(60)(registers[0].read), Kept(registers[1].read, seconds=60)]
        for _ in range(2):
            assert [each() for each in everything] == [["CNURC001"]] * 2
        assert [register.reads for register in registers] == [1, 1]

        Kept.forget_all()

        assert [each() for each in everything] == [["CNURC001"]] * 2
        assert [register.reads for register in registers] == [2, 2]


class TestKeptFor:
    def test_keeps_what_a_function_returns(self, watch: StopWatch) -> None:
        register = Register()

        @kept_for(seconds=5)
        def offices() -> list[str]:
            return register.read()

        assert offices() is offices()
        watch.seconds += 5
        assert offices() == ["CNURC001"]
        assert register.reads == 2
