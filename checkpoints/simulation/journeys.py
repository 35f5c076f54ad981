"""One planned TIR transport: who certifies what, where, and when, counted from the issue of its carnet. Pure.

A journey is made clean (`travelling`) and spoilt afterwards (`faults`); it is placed in time last of all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from carnets.choices import PackagesBasis, StopAction
from carnets.itinerary import legs_of
from checkpoints.choices import ControlKind, ControlResult, DrawnBy, RefusalReason
from checkpoints.reference import tables
from checkpoints.simulation.calls import LEAVES, Call, Pair
from checkpoints.simulation.freight import Freight
from checkpoints.simulation.shapes import Shape

NOT_PLACED = datetime(2000, 1, 1, tzinfo=UTC)
# Flagged, and no obstacle to discharge: what art. 10 and 28 compare is not touched by them.
FOR_INFORMATION = frozenset(
    {"wrong_office", "wrong_country_seq", "not_planned", "spelt_differently", "late", "suspended_too_long"}
)
# Found at a No. 1, and held against the operation before: it happened between the two.
IN_THE_GAP = frozenset({"seal_mismatch", "seal_broken_no_pv", "vehicle_changed"})
QUIET_TIME = timedelta(hours=24)  # after an exit, while the next entry is not on record
BATCHED_FOR = timedelta(hours=8)  # at most so long a stamp waits for its batch (see `driving`)
SUSPENSION_CLOCK = timedelta(days=30)
JUST_AFTER = timedelta(hours=1)
Seals = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedStamp:
    """One certification. `after` is when the officer says it was made, `made` when it reached the server."""

    page: int
    office: str
    after: timedelta
    made: timedelta
    name: str = "first"  # tells several stamps on one page apart
    is_offline: bool = False
    is_enrolled: bool = True  # what was offline came from the office's enrolled device
    seals_there: Seals = ()  # what really hangs on the lorry when it arrives, whatever is said
    packages_there: int | None = None  # what box 26 should say; nothing where nothing can be counted
    seals_intact: bool | None = None
    seals_found: Seals | None = None
    seals_affixed: Seals | None = None
    seals_removed: Seals | None = None
    packages: int | None = None
    packages_basis: PackagesBasis = PackagesBasis.COUNTED
    packages_presented: int | None = None
    mass_kg: int | None = None
    reservation: str = ""
    registration_no: str = ""
    time_limit: timedelta | None = None
    vehicles: tuple[str, ...] | None = None
    containers: tuple[str, ...] | None = None
    goes_on: bool = False
    ends_here: bool = False
    is_suspension: bool = False
    is_unplanned: bool = False
    cancels: str = ""  # the name of the stamp on the same page that this one takes back
    cancel_reason: str = ""

    def moved(self, by: timedelta) -> "PlannedStamp":
        limit = None if self.time_limit is None else self.time_limit + by
        return replace(self, after=self.after + by, made=self.made + by, time_limit=limit)


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One certified report (art. 25) about what happened before `page` was stamped; entered by an office, at once or
    later."""

    page: int
    office: str
    after: timedelta
    kind: str
    description: str
    seals_broken: Seals = ()
    seals_affixed: Seals = ()
    vehicles: tuple[str, ...] = ()
    packages: int | None = None
    drawn_by: DrawnBy = DrawnBy.CUSTOMS
    entered: timedelta | None = None

    @property
    def made(self) -> timedelta:
        return self.after if self.entered is None else self.entered


@dataclass(frozen=True, slots=True)
class PlannedControl:
    """One control on the way, before `page` was stamped."""

    page: int
    office: str
    after: timedelta
    kind: ControlKind = ControlKind.EXAMINATION
    result: ControlResult = ControlResult.SATISFACTORY
    against: int | None = None
    seals_removed: Seals = ()
    seals_affixed: Seals = ()
    packages: int | None = None

    @property
    def made(self) -> timedelta:
        return self.after


@dataclass(frozen=True, slots=True)
class PlannedRefusal:
    """An office does not start the operation of a page."""

    page: int
    office: str
    after: timedelta
    reason: RefusalReason = RefusalReason.DOCUMENTS_MISSING

    @property
    def made(self) -> timedelta:
        return self.after


Happening = PlannedReport | PlannedControl | PlannedRefusal


@dataclass(frozen=True, slots=True)
class Expectation:
    """What reconciliation must say, on which page, once that evidence is on record."""

    code: str
    page: int
    bars: bool = True
    since: timedelta | None = None  # nothing: it belongs to a fault, all of whose evidence is on record

    @property
    def bars_discharge(self) -> bool:
        return self.bars and self.code not in FOR_INFORMATION

    @property
    def operation(self) -> int:
        """The operation that it bars."""
        is_before = self.code in IN_THE_GAP and self.page % 2 == 1 and self.page > 1
        return (self.page + 1) // 2 - is_before


@dataclass(frozen=True, slots=True)
class Journey:
    """A transport as planned and as driven; `stamps` in the order of the pages, those of one page in the order of their
    making. `notes` are flags that follow from the road or the spelling and bar nothing."""

    corridor: tables.Corridor
    shape: Shape
    planned: tuple[Call, ...]
    pairs: tuple[Pair, ...]
    freight: Freight
    acceptance_days: int
    approval_days: int
    stamps: tuple[PlannedStamp, ...]
    graces: tuple[timedelta, ...]  # by pair: the territory's tolerance (art. 39)
    default_limits: tuple[timedelta, ...]  # by pair: when box 20 is left blank
    happenings: tuple[Happening, ...] = ()
    notes: tuple[Expectation, ...] = ()
    lost_after: timedelta | None = None
    fault: str | None = None
    is_honest: bool = True
    expect: tuple[Expectation, ...] = ()
    due_after: timedelta = timedelta(0)  # when the last expectation comes due by the passing of time alone
    transport: str = ""  # tells the two carnets of one transport from others
    continues: str = ""
    issued_at: datetime = NOT_PLACED

    @property
    def legs(self) -> int:
        """The operations planned."""
        return len(legs_of(self.planned))

    @property
    def operations(self) -> int:
        """The operations that there are in the end: planned, or used beyond the plan."""
        return max(self.legs, len(self.pairs))

    def operations_known(self, *, until: datetime) -> int:
        """Return how many operations are on record: those beyond the plan from their first stamp on."""
        latest = max(self._pages_known(until), default=0)
        return max(self.legs, (latest + 1) // 2)

    @property
    def pages(self) -> int:
        """The pages that are used."""
        return 2 * len(self.pairs)

    @property
    def settled_after(self) -> timedelta:
        """Return when all evidence has reached the server and everything expected is due."""
        evidence = [stamp.made for stamp in self.stamps] + [each.made for each in self.happenings]
        waits = QUIET_TIME + BATCHED_FOR if self._leaves_last() else timedelta(0)
        return max(*evidence, self.due_after) + waits + JUST_AFTER

    def _leaves_last(self) -> bool:
        """Whether an exit is left without the entry that follows it."""
        pages = {stamp.page for stamp in self.stamps}
        return any(self.does(page) in LEAVES and page + 1 not in pages for page in pages)

    @property
    def is_prompt(self) -> bool:
        """Whether every stamp reached the server when it was made, one after the other, and none was taken back."""
        return not any(stamp.is_offline or stamp.cancels for stamp in self.stamps)

    def does(self, page: int) -> StopAction:
        pair = self.pairs[(page - 1) // 2]
        return (pair.start if page % 2 else pair.end).does

    @property
    def frontier_pages(self) -> list[int]:
        """The pages on the way where no goods are handled."""
        handled = {StopAction.LOAD, StopAction.UNLOAD}
        return [page for page in range(2, self.pages) if self.does(page) not in handled]

    def on(self, page: int) -> PlannedStamp:
        """Return the stamp that stands on a page: the last made, as every other one on it was taken back."""
        return [stamp for stamp in self.stamps if stamp.page == page][-1]

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

    def delayed_from(self, page: int, by: timedelta) -> "Journey":
        """Let everything from a page on happen later."""
        moved = self.changed(lambda stamp: stamp.page >= page, lambda stamp: stamp.moved(by))
        return replace(
            moved,
            happenings=tuple(_later(each, by) if each.page >= page else each for each in self.happenings),
            notes=tuple(_noted_later(each, by) if each.page >= page else each for each in self.notes),
        )

    def without(self, *pages: int) -> "Journey":
        """Return the journey without these pages' stamps, and without what would be noted about them."""
        return replace(
            self,
            stamps=tuple(stamp for stamp in self.stamps if stamp.page not in pages),
            notes=tuple(note for note in self.notes if note.page not in pages),
        )

    def also(self, *stamps: PlannedStamp) -> "Journey":
        return replace(self, stamps=tuple(sorted((*self.stamps, *stamps), key=lambda stamp: stamp.page)))

    def when(self, *happenings: Happening) -> "Journey":
        return replace(self, happenings=(*self.happenings, *happenings))

    def expecting(self, *expected: tuple[str, int]) -> "Journey":
        return replace(self, expect=tuple(Expectation(code, page) for code, page in expected))

    def placed(self, issued_at: datetime) -> "Journey":
        return replace(self, issued_at=issued_at)

    def flags(self, *, until: datetime) -> tuple[Expectation, ...]:
        """Return what must be flagged of what reached the server by `until`."""
        noted = (note for note in self.notes if self.issued_at + (note.since or timedelta(0)) <= until)
        return (*self.expect, *noted)

    def discharged(self, *, until: datetime) -> int:
        """Return how many operations reconciliation must discharge of what reached the server by `until`."""
        known = self._pages_known(until)
        barred = {expected.operation for expected in self.expect if expected.bars_discharge}
        return sum(
            set(pair.pages) <= known and pair.sequence not in barred and not self._waits(pair, known, until)
            for pair in self.pairs
        )

    def _waits(self, pair: Pair, known: set[int], until: datetime) -> bool:
        """Whether the next entry is still waited for."""
        if pair.end.does not in LEAVES or any(page % 2 and page > pair.pages[1] for page in known):
            return False
        return self.issued_at + self.on(pair.pages[1]).made + BATCHED_FOR + QUIET_TIME > until

    def unused(self, *, until: datetime) -> int:
        """Return how many planned operations are left unused because the transport ended before."""
        return self.operations - len(self.pairs) if self.pages in self._pages_known(until) else 0

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
            yield Expectation("suspended_too_long", latest), self.issued_at + resumed_by

    def _pages_known(self, until: datetime) -> set[int]:
        return {stamp.page for stamp in self.stamps if self.issued_at + stamp.made <= until}


def _later(happening: Happening, by: timedelta) -> Happening:
    moved = replace(happening, after=happening.after + by)
    if isinstance(moved, PlannedReport) and moved.entered is not None:
        return replace(moved, entered=moved.entered + by)
    return moved


def _noted_later(note: Expectation, by: timedelta) -> Expectation:
    return replace(note, since=None if note.since is None else note.since + by)


def between(one: PlannedStamp, other: PlannedStamp, share: float) -> timedelta:
    """Return an instant on the way from one stamp to the other, to the minute."""
    gap = (other.after - one.after) / timedelta(minutes=1)
    return one.after + timedelta(minutes=round(gap * share))
