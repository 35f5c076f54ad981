"""A lorry at an office, an operation between two such calls, and when it begins and ends. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from carnets.choices import StopAction
from carnets.itinerary import HANDLES_GOODS

LEAVES = frozenset({StopAction.EXIT, StopAction.SUSPEND})


@dataclass(frozen=True, slots=True)
class Call:
    """A visit to an office; `planned` is the index of the planned stop that it stands for, nothing on a detour."""

    office: str
    does: StopAction
    planned: int | None = None
    ends_here: bool = False
    goes_on: bool = False

    @property
    def handles_goods(self) -> bool:
        return self.does in HANDLES_GOODS


@dataclass(frozen=True, slots=True)
class Pair:
    """One TIR operation as it was driven, on the pages of its number."""

    sequence: int
    start: Call
    end: Call
    is_unplanned: bool  # the plan has another territory on these pages, or nothing

    @property
    def pages(self) -> tuple[int, int]:
        return 2 * self.sequence - 1, 2 * self.sequence


@dataclass(frozen=True, slots=True)
class Timed:
    """When the two pages of a pair are stamped, and the time limit set, if any."""

    pair: Pair
    starts: timedelta
    ends: timedelta
    limit: timedelta | None
