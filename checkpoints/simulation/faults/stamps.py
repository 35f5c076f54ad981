"""Stamps that are missing, late, out of order, one too many, or dated by a wrong clock. Pure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from carnets.choices import OfficeRole, StopAction
from checkpoints.choices import ControlKind, ControlResult
from checkpoints.simulation.calls import Pair
from checkpoints.simulation.faults.registry import (
    across_a_frontier,
    by_ferry,
    complication,
    planted_fault,
    unexplained,
)
from checkpoints.simulation.journeys import JUST_AFTER, SUSPENSION_CLOCK, Journey, PlannedControl
from checkpoints.simulation.region import Region, minutes

FLYING_KMH = 200.0  # no lorry does
WORTH_A_SPEED_KM = 150.0
CLOCK_RUNS_BEHIND_BY = timedelta(hours=48)  # at most


@planted_fault(across_a_frontier)
def missing_stamp(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An intermediate page is never stamped; one that tells which seal came off would be missed twice."""
    page = rng.choice([page for page in journey.frontier_pages if not journey.on(page).seals_removed])
    return journey.without(page).expecting(("missing_stamp", page))


@planted_fault()
def overdue(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """The lorry never arrives, or nobody says so: the time limit and the tolerance pass."""
    due = journey.limit(len(journey.pairs)) + journey.graces[-1] + JUST_AFTER
    journey = journey.without(journey.pages).expecting(("overdue", journey.pages))
    return replace(journey, due_after=due)


@planted_fault(lambda journey, _region: bool(_next_to_another(journey)))
def out_of_order(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A page is dated before the one it follows; the stamp itself is made when it should be."""
    page = rng.choice(_next_to_another(journey))
    early = journey.on(page - 1).after - minutes(rng.uniform(0.4, 1.6))
    journey = _misdated(journey, page, early).with_page(page, time_limit=None)
    return journey.expecting(("out_of_order", page))


@complication(lambda journey, _region: bool(_with_limit(journey)))
def late(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An operation ends after the time limit set and the tolerance for minor delays (art. 39): flagged, and no bar."""
    operation = rng.choice(_with_limit(journey))
    latest = journey.limit(operation) + journey.graces[operation - 1]
    delay = latest + minutes(rng.uniform(2, 60)) - journey.on(2 * operation).after
    return journey.delayed_from(2 * operation, delay).expecting(("late", 2 * operation))


def _with_limit(journey: Journey) -> list[int]:
    return [pair.sequence for pair in journey.pairs if journey.on(2 * pair.sequence - 1).time_limit]


@planted_fault()
def duplicate(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A second officer stamps the same page an hour later on a phone without network."""
    page = rng.randint(1, journey.pages)
    first = journey.on(page)
    after = first.after + minutes(rng.uniform(0.5, 3))
    second = replace(
        first,
        name="second",
        after=after,
        made=after + minutes(rng.uniform(6, 48)),
        is_offline=True,
        registration_no=f"{first.office[:2]}/{rng.randint(10_000, 999_999)}",
    )
    return journey.also(second).expecting(("duplicate", page))


def has_a_long_way(journey: Journey, region: Region) -> bool:
    return bool(_long_ways(journey, region))


@planted_fault(has_a_long_way)
def impossible_speed(journey: Journey, region: Region, rng: Random) -> Journey:
    """The clock of an office of exit or destination runs far behind: the lorry seems to have flown."""
    pair = rng.choice(_long_ways(journey, region))
    page, flight = pair.pages[1], minutes(_km(pair, region) / FLYING_KMH)
    start = journey.on(page - 1).after
    return _misdated(journey, page, start + flight).expecting(("impossible_speed", page))


@planted_fault()
def occurred_before_issue(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The clock of the office of departure runs behind: it accepts the carnet before anybody had issued it."""
    early = -minutes(rng.uniform(1, 20))
    return _misdated(journey, 1, early).expecting(("occurred_before_issue", 1))


@complication(by_ferry)
def suspended_too_long(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The lorry waits for its ferry beyond the clock, or is never seen again on the other side."""
    suspended = next(stamp for stamp in journey.stamps if stamp.is_suspension)
    page = suspended.page + 1
    journey = journey.expecting(("suspended_too_long", suspended.page))
    if rng.random() < 0.5:  # noqa: PLR2004
        return journey.delayed_from(page, SUSPENSION_CLOCK + minutes(rng.uniform(12, 200)))
    gone = journey.without(*range(page, journey.pages + 1))
    return replace(
        gone,
        happenings=tuple(each for each in journey.happenings if each.page < page),
        due_after=suspended.after + SUSPENSION_CLOCK + JUST_AFTER,
    )


@planted_fault()
def control_discrepancy(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A control on the way finds that what an office certified is not so."""
    against = rng.randint(1, journey.pages - 1)
    before, after = journey.on(against), journey.on(against + 1)
    control = PlannedControl(
        page=against + 1,
        office=after.office,
        after=before.after + (after.after - before.after) / 2,
        kind=ControlKind.XRAY,
        result=ControlResult.DISCREPANCY,
        against=against,
    )
    return journey.when(control).expecting(("control_discrepancy", against + against % 2))


@planted_fault(lambda journey, region: bool(_inner_loads(journey, region)))
def load_after_unload(journey: Journey, region: Region, rng: Random) -> Journey:
    """An office says that the transport ends there, and then loads more and lets it go on (art. 18)."""
    pair = rng.choice(_inner_loads(journey, region))
    page = pair.pages[1]
    journey = journey.with_page(page, ends_here=True)
    journey = journey.changed(
        lambda stamp: stamp.page > page and stamp.page % 2 == 1,  # online they would start nothing any more
        lambda stamp: replace(stamp, is_offline=True, made=stamp.made + minutes(3)),
    )
    return journey.expecting(("load_after_unload", page + 1))


def _inner_loads(journey: Journey, region: Region) -> list[Pair]:
    """Return the pair that ends where goods are loaded last, if that office could end the transport too."""
    inner = [pair for pair in journey.pairs if pair.end.does is StopAction.LOAD]
    return [
        pair for pair in inner[-1:] if OfficeRole.DESTINATION in region.roads.offices[pair.end.office].roles
    ]


def _misdated(journey: Journey, page: int, after: timedelta) -> Journey:
    """Date a page by a clock that runs behind, though not by so much that its stamp would count as recorded late."""
    made = min(journey.on(page).made, after + CLOCK_RUNS_BEHIND_BY)
    notes = (replace(note, since=made) if note.page == page else note for note in journey.notes)
    return replace(journey.with_page(page, after=after, made=made), notes=tuple(notes))


def _next_to_another(journey: Journey) -> list[int]:
    """Return the frontier pages that follow another one without a ferry or a control in between: a page dated before a
    control would not know what that did to the seals."""
    return [page for page in unexplained(journey) if not journey.on(page - 1).is_suspension]


def _long_ways(journey: Journey, region: Region) -> list[Pair]:
    """Return the pairs long enough to tell a speed, without a control on the way (see `_next_to_another`)."""
    touched = {happening.page for happening in journey.happenings}
    return [
        pair
        for pair in journey.pairs
        if _km(pair, region) >= WORTH_A_SPEED_KM and pair.pages[1] not in touched
    ]


def _km(pair: Pair, region: Region) -> float:
    return region.roads.km(pair.start.office, pair.end.office)
