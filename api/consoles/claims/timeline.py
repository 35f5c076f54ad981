"""The clocks of a claim as a picture: one bar a clock on a common scale of months, and where today is.

Positions are figures of an SVG, not styles: the pages' policy allows no style in a page. The same dates stand in a
table beside it, for who cannot see the picture.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from api.consoles.claims.statuses import CLOCK_NAMES, STANDING_TONES
from guarantees.clocks import Window

WIDTH, LEFT, RIGHT = 1000, 10, 990  # of the drawing, in its own units
ROW, TOP = 44, 34
MARGIN = timedelta(days=30)
At = Callable[[date], float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One clock: where its window stands, and what it is called."""

    name: "str | Promise"
    tone: str
    x: float
    width: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning of a year on the scale."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    years: tuple[Mark, ...]
    today: float
    height: float


def timeline(windows: Mapping[str, Window], *, today: date) -> Timeline:
    """Lay the windows out; one without a last day runs to the edge."""
    days = [day for window in windows.values() for day in (window.earliest, window.latest) if day]
    first, last = min([*days, today]) - MARGIN, max([*days, today]) + MARGIN
    scale = (RIGHT - LEFT) / (last - first).days

    def at(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    bars = tuple(_bar(name, window, at, index, today) for index, (name, window) in enumerate(windows.items()))
    return Timeline(bars, tuple(_years(first, last, at)), at(today), TOP + ROW * len(bars) + 8)


def _bar(name: str, window: Window, at: At, index: int, today: date) -> Bar:
    start = at(window.earliest) if window.earliest else LEFT
    end = at(window.latest) if window.latest else RIGHT
    y = TOP + ROW * index
    return Bar(
        CLOCK_NAMES[name],
        STANDING_TONES[window.answer(today)],
        start,
        max(4.0, round(end - start, 1)),
        y + 20,
        y + 14,
    )


def _years(first: date, last: date, at: At) -> Iterator[Mark]:
    for year in range(first.year + 1, last.year + 1):
        yield Mark(at(date(year, 1, 1)), str(year))
