"""How far a long job is, on a terminal and in a file."""

from io import StringIO

from django.core.management.base import OutputWrapper

from checkpoints.simulation.progress import Ticker


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def written(stream: StringIO, total: int) -> str:
    ticker = Ticker.on(OutputWrapper(stream))
    for done in range(1, total + 1):
        ticker.tell(f"{done} done", done=done, total=total)
    return stream.getvalue()


class TestTicker:
    def test_writes_a_line_every_tenth_into_a_file(self) -> None:
        assert written(StringIO(), 200).splitlines() == [f"  {done} done" for done in range(20, 201, 20)]

    def test_renews_one_line_on_a_terminal(self) -> None:
        text = written(Terminal(), 20)

        assert text.count("\n") == 1
        assert text.endswith("\r\033[K  20 done\n")
        assert text.count("\r\033[K") == 20

    def test_counts_seconds_from_its_beginning_and_never_none(self) -> None:
        ticker = Ticker.on(OutputWrapper(StringIO()))

        assert ticker.seconds > 0
        ticker.begun -= 60
        assert ticker.seconds >= 60
