"""Stamps that are missing, late, out of order, one too many, or dated by a wrong clock. Pure."""

from dataclasses import replace
from random import Random

from checkpoints.reference import tables
from checkpoints.simulation.faults.registry import by_ferry, fault
from checkpoints.simulation.journeys import JUST_AFTER, SUSPENSION_CLOCK, Journey
from checkpoints.simulation.travelling import Region, minutes

FLYING_KMH = 200.0  # no lorry does
WORTH_A_SPEED_KM = 150.0


@fault()
def missing_stamp(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An intermediate page is never stamped."""
    page = rng.randint(2, journey.pages - 1)
    return journey.without(page).expecting(("missing_stamp", page))


@fault()
def overdue(journey: Journey, _region: Region, _rng: Random) -> Journey:
    """The lorry never arrives, or nobody says so: the time limit and the tolerance pass."""
    due = journey.limit(journey.operations) + journey.graces[-1] + JUST_AFTER
    journey = journey.without(journey.pages).expecting(("overdue", journey.pages))
    return replace(journey, due_after=due)


@fault()
def out_of_order(journey: Journey, _region: Region, rng: Random) -> Journey:
    """A page is dated before the one it follows; the stamp itself is made when it should be."""
    page = rng.choice([page for page in range(2, journey.pages + 1) if not _resumes(journey, page)])
    early = journey.on(page - 1).after - minutes(rng.uniform(0.4, 1.6))
    return journey.with_page(page, after=early, time_limit=None).expecting(("out_of_order", page))


@fault()
def late(journey: Journey, _region: Region, rng: Random) -> Journey:
    """An operation ends after its time limit and the tolerance for minor delays (art. 39)."""
    operation = rng.randint(1, journey.operations)
    latest = journey.limit(operation) + journey.graces[operation - 1]
    delay = latest + minutes(rng.uniform(2, 60)) - journey.on(2 * operation).after
    return journey.delayed_from(2 * operation, delay).expecting(("late", 2 * operation))


@fault()
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


@fault()
def impossible_speed(journey: Journey, region: Region, rng: Random) -> Journey:
    """The clock of an office of exit or destination runs far behind: the lorry seems to have flown."""
    far = [
        operation for operation in journey.corridor.operations if _km(operation, region) >= WORTH_A_SPEED_KM
    ]
    operation = rng.choice(far)
    page, flight = 2 * operation.sequence, minutes(_km(operation, region) / FLYING_KMH)
    start = journey.on(page - 1).after
    return journey.with_page(page, after=start + flight).expecting(("impossible_speed", page))


@fault()
def occurred_before_issue(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The clock of the office of departure runs behind: it accepts the carnet before anybody had issued it."""
    early = -minutes(rng.uniform(1, 20))
    return journey.with_page(1, after=early).expecting(("occurred_before_issue", 1))


@fault(by_ferry)
def suspended_too_long(journey: Journey, _region: Region, rng: Random) -> Journey:
    """The lorry waits for its ferry beyond the clock, or is never seen again on the other side."""
    suspended = next(stamp for stamp in journey.stamps if stamp.is_suspension)
    page = suspended.page + 1
    journey = journey.expecting(("suspended_too_long", page))
    if rng.random() < 0.5:  # noqa: PLR2004
        return journey.delayed_from(page, SUSPENSION_CLOCK + minutes(rng.uniform(12, 200)))
    gone = journey.without(*range(page, journey.pages + 1))
    return replace(gone, due_after=suspended.after + SUSPENSION_CLOCK + JUST_AFTER)


def _resumes(journey: Journey, page: int) -> bool:
    return journey.on(page - 1).is_suspension


def _km(operation: tables.Operation, region: Region) -> float:
    return region.roads.km(operation.start_office, operation.end_office)
