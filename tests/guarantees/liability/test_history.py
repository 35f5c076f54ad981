"""Exposure over time: the end of each month before, with the ceilings of its day, and the moment itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from guarantees.ceilings import set_ceiling
from guarantees.liability import folding
from guarantees.liability.choices import Side
from guarantees.liability.figures import Total, figures
from guarantees.liability.history import history, sums_of_ceilings
from guarantees.liability.moments import Moment, View
from tests.world import LONG_AGO, START, World

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

DAY = timedelta(days=1)
IN_MAY = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def view(world: World, at: datetime = IN_MAY) -> View:
    return View(world.associations["CN"], "EUR", Moment(at, is_now=True))


def points(world: World) -> list[tuple[date, int]]:
    seen = view(world)
    now = {side: found.total for side, found in figures(seen).items()}
    return [(point.on, point.total.count) for point in history(seen, now=now, months=3)[Side.ISSUED]]


def test_is_what_was_reserved_at_the_end_of_each_month(world: World) -> None:
    """One on 2 March, two more on 10 April; the queue counts as much as what is folded."""
    world.issue()
    for _number in range(2):
        world.issue(at=datetime(2026, 4, 10, tzinfo=UTC), acceptance_until=date(2026, 5, 1))
    expected = [
        (date(2026, 2, 28), 0),
        (date(2026, 3, 31), 1),
        (date(2026, 4, 30), 3),
        (date(2026, 5, 20), 3),
    ]

    assert points(world) == expected
    folding.fold_all()
    assert points(world) == expected


def test_has_the_ceiling_that_was_in_force_on_the_day(world: World) -> None:
    first = date(2026, 4, 15)
    set_ceiling(guarantee_id=world.guarantee.pk, ceiling=Decimal(300_000), valid_from=first, at=START)

    seen = history(view(world), now={side: Total() for side in Side}, months=2)[Side.ISSUED]

    assert [(point.on, point.ceiling) for point in seen] == [
        (date(2026, 3, 31), 10_000_000),
        (date(2026, 4, 30), 300_000),
        (date(2026, 5, 20), 300_000),
    ]


def test_sums_the_ceilings_of_every_guarantee_in_force(world: World) -> None:
    days = [LONG_AGO - DAY, LONG_AGO, START.date()]

    assert sums_of_ceilings(view(world), days) == {days[0]: 0, days[1]: 10_000_000, days[2]: 10_000_000}
