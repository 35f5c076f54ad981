"""One planned TIR transport: who certifies what, where, and when, counted from the issue of its carnet. Pure.

A journey is made clean (`Planner.clean`) and spoilt afterwards (`faults`); it is placed in time last of all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from checkpoints.reference import tables
from checkpoints.simulation.loads import Load

NOT_PLACED = datetime(2000, 1, 1, tzinfo=UTC)
# Flagged, and no obstacle to discharge: what art. 10 and 28 compare is not touched by them.
FOR_INFORMATION = frozenset({"wrong_office", "impossible_speed", "occurred_before_issue"})
SUSPENSION_CLOCK = timedelta(days=30)
JUST_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PlannedStamp:
    """One certification. `after` is when the officer says it was made, `made` when it reached the server."""

    page: int
    office: str
    after: timedelta
    made: timedelta
    name: str = "first"  # tells several stamps on one page apart
    is_offline: bool = False
    seals_intact: bool | None = None
    seals_found: tuple[str, ...] | None = None
    seals_affixed: tuple[str, ...] | None = None
    packages: int | None = None
    reservation: str = ""
    registration_no: str = ""
    time_limit: timedelta | None = None
    vehicles: tuple[str, ...] | None = None
    is_suspension: bool = False
    cancels: str = ""  # the name of the stamp on the same page that this one takes back
    cancel_reason: str = ""

    def moved(self, by: timedelta) -> "PlannedStamp":
        limit = None if self.time_limit is None else self.time_limit + by
        return replace(self, after=self.after + by, made=self.made + by, time_limit=limit)


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One certified report (art. 25)."""

    office: str
    after: timedelta
    kind: str
    description: str
    seals_broken: tuple[str, ...] = ()
    seals_affixed: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What reconciliation must say, on which page."""

    code: str
    page: int

    @property
    def bars_discharge(self) -> bool:
        return self.code not in FOR_INFORMATION


@dataclass(frozen=True, slots=True)
class Journey:
    """A transport as planned; `stamps` in the order of the pages, those of one page in the order of their making."""

    corridor: tables.Corridor
    load: Load
    acceptance_days: int
    approval_days: int
    stamps: tuple[PlannedStamp, ...]
    graces: tuple[timedelta, ...]  # by operation: the territory's tolerance (art. 39)
    default_limits: tuple[timedelta, ...]  # by operation: when box 20 is left blank
    reports: tuple[PlannedReport, ...] = ()
    lost_after: timedelta | None = None
    fault: str | None = None
    expect: tuple[Expectation, ...] = ()
    due_after: timedelta = timedelta(0)  # when the last expectation comes due by the passing of time alone
    issued_at: datetime = NOT_PLACED

    @property
    def operations(self) -> int:
        return len(self.corridor.operations)

    @property
    def pages(self) -> int:
        return 2 * self.operations

    @property
    def settled_after(self) -> timedelta:
        """Return when all evidence has reached the server and everything expected is due."""
        evidence = [stamp.made for stamp in self.stamps] + [report.after for report in self.reports]
        return max(*evidence, self.due_after) + JUST_AFTER

    def on(self, page: int) -> PlannedStamp:
        return next(stamp for stamp in self.stamps if stamp.page == page)

    def limit(self, operation: int) -> timedelta:
        """Return when this started operation must be over."""
        start = self.on(2 * operation - 1)
        return start.time_limit or start.after + self.default_limits[operation - 1]

    def changed(
        self, which: Callable[[PlannedStamp], bool], how: Callable[[PlannedStamp], PlannedStamp]
    ) -> "Journey":
        return replace(self, stamps=tuple(how(stamp) if which(stamp) else stamp for stamp in self.stamps))

    def with_page(self, page: int, **changes: Any) -> "Journey":
        return self.changed(lambda stamp: stamp.page == page, lambda stamp: replace(stamp, **changes))

    def with_pages_from(self, page: int, **changes: Any) -> "Journey":
        return self.changed(lambda stamp: stamp.page >= page, lambda stamp: replace(stamp, **changes))

    def delayed_from(self, page: int, by: timedelta) -> "Journey":
        return self.changed(lambda stamp: stamp.page >= page, lambda stamp: stamp.moved(by))

    def without(self, *pages: int) -> "Journey":
        return replace(self, stamps=tuple(stamp for stamp in self.stamps if stamp.page not in pages))

    def also(self, *stamps: PlannedStamp) -> "Journey":
        return replace(self, stamps=tuple(sorted((*self.stamps, *stamps), key=lambda stamp: stamp.page)))

    def expecting(self, *expected: tuple[str, int]) -> "Journey":
        return replace(self, expect=tuple(Expectation(code, page) for code, page in expected))

    def placed(self, issued_at: datetime) -> "Journey":
        return replace(self, issued_at=issued_at)

    def discharged(self, *, until: datetime) -> int:
        """Return how many operations reconciliation must discharge of what reached the server by `until`."""
        known = self._pages_known(until)
        barred = {(expected.page + 1) // 2 for expected in self.expect if expected.bars_discharge}
        return sum(
            {2 * sequence - 1, 2 * sequence} <= known and sequence not in barred
            for sequence in range(1, self.operations + 1)
        )

    def comes_due(self, *, until: datetime) -> Iterator[tuple[Expectation, datetime]]:
        """Yield what will have to be flagged later if this journey, still under way at `until`, never goes on."""
        known = self._pages_known(until)
        latest = max(known, default=0)
        if self.expect or latest in (0, self.pages):
            return
        if latest % 2:
            operation = (latest + 1) // 2
            overdue_after = self.limit(operation) + self.graces[operation - 1]
            yield Expectation("overdue", latest + 1), self.issued_at + overdue_after
        elif self.on(latest).is_suspension:
            resumed_by = self.on(latest).after + SUSPENSION_CLOCK
            yield Expectation("suspended_too_long", latest + 1), self.issued_at + resumed_by

    def _pages_known(self, until: datetime) -> set[int]:
        return {stamp.page for stamp in self.stamps if self.issued_at + stamp.made <= until}


def between(one: PlannedStamp, other: PlannedStamp, share: float) -> timedelta:
    """Return an instant on the way from one stamp to the other, to the minute."""
    gap = (other.after - one.after) / timedelta(minutes=1)
    return one.after + timedelta(minutes=round(gap * share))
