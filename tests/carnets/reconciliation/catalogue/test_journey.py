"""What the catalogue finds about the order of the pages and about time, through stamps and the job."""

from datetime import timedelta
from typing import Any

import pytest

from carnets.models import Carnet
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import record_stamp
from tests.carnets.reconciliation.catalogue.finding import DAY, LATER, MINUTE, SECOND, assert_found, travelled
from tests.world import HOUR, START, World, flagged, in_order, reconcile

LOADS_TWICE = (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))


@pytest.mark.parametrize(
    ("not_stamped", "is_found"), [({3}, True), ({3, 4}, True), (set(), False), ({4}, False), ({7, 8}, False)]
)
def test_missing_stamp_at_start(world: World, not_stamped: set[int], is_found: bool) -> None:
    carnet = travelled(world, dict.fromkeys(not_stamped))

    assert_found(carnet, "missing_stamp", 3, is_found=is_found)
    assert ("missing_stamp", 7) not in flagged(carnet)  # nothing later is known: it may still be on the way


@pytest.mark.parametrize(
    ("not_stamped", "is_found"), [({4}, True), ({3, 4}, True), (set(), False), ({3}, False), ({8}, False)]
)
def test_missing_stamp_at_termination(world: World, not_stamped: set[int], is_found: bool) -> None:
    carnet = travelled(world, dict.fromkeys(not_stamped))

    assert_found(carnet, "missing_stamp", 4, is_found=is_found)
    assert ("missing_stamp", 8) not in flagged(carnet)


@pytest.mark.parametrize(
    ("after_tolerance", "upto", "is_found"),
    [(SECOND, 3, True), (timedelta(0), 3, False), (SECOND, 4, False), (DAY, 3, True)],
)
def test_overdue_at_termination(world: World, after_tolerance: timedelta, upto: int, is_found: bool) -> None:
    carnet = world.issue()
    world.travel(carnet, upto=upto)
    time_limit = carnet.operations.get(sequence=2).time_limit_at
    assert time_limit == START + 31 * HOUR + 10 * DAY

    reconcile(time_limit + DAY + after_tolerance)

    assert_found(carnet, "overdue", 4, is_found=is_found)


@pytest.mark.parametrize(("hour", "is_found"), [(20, True), (21, False), (22, False)])
def test_out_of_order_at_start(world: World, hour: int, is_found: bool) -> None:
    carnet = travelled(world, {3: {"at": START + hour * HOUR}})  # page 2 was stamped at hour 21

    assert_found(carnet, "out_of_order", 3, is_found=is_found)


@pytest.mark.parametrize(("hour", "is_found"), [(30, True), (31, False), (40, False)])
def test_out_of_order_at_termination(world: World, hour: int, is_found: bool) -> None:
    carnet = travelled(world, {4: {"at": START + hour * HOUR}})  # page 3 was stamped at hour 31

    assert_found(carnet, "out_of_order", 4, is_found=is_found)


def with_rival(world: World, page: int) -> Carnet:
    """A carnet with a second stamp on that page, from offline."""
    carnet = world.issue()
    world.travel(carnet)
    world.stamp(carnet, page, START + 80 * HOUR, is_offline=True)
    reconcile(LATER)
    return carnet


@pytest.mark.parametrize(("rival", "is_found"), [(3, True), (4, False), (5, False)])
def test_duplicate_at_start(world: World, rival: int, is_found: bool) -> None:
    carnet = with_rival(world, rival)

    assert_found(carnet, "duplicate", 3, is_found=is_found)


@pytest.mark.parametrize(("rival", "is_found"), [(4, True), (3, False), (6, False)])
def test_duplicate_at_termination(world: World, rival: int, is_found: bool) -> None:
    carnet = with_rival(world, rival)

    assert_found(carnet, "duplicate", 4, is_found=is_found)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [({}, False), ({"ends_here": True, "goes_on": True}, True), ({"goes_on": True}, False)],
)
def test_load_after_unload_at_start(world: World, said: dict[str, Any], is_found: bool) -> None:
    """Part is unloaded where more should be loaded, and then more is loaded (art. 18)."""
    carnet = world.issue(LOADS_TWICE)
    world.travel(carnet, but={2: said}, is_offline=True)

    reconcile(LATER)

    assert_found(carnet, "load_after_unload", 3, is_found=is_found)


@pytest.mark.parametrize(
    ("but", "is_found"),
    [
        ({4: {"office": "KZHOR001"}}, True),
        ({}, False),
        ({4: {"office": "KZHOR001"}, 5: {"office": "UZGIS001"}}, False),  # no crossing is known for this one
        ({4: {"office": "KZHOR001", "is_suspension": True}}, False),  # art. 26: it came another way
        ({4: None}, False),
    ],
)
def test_wrong_country_seq_at_start(world: World, but: dict[int, Any], is_found: bool) -> None:
    assert_found(travelled(world, but), "wrong_country_seq", 5, is_found=is_found)


@pytest.mark.parametrize(("hours", "is_found"), [(6, True), (8, False)])
def test_impossible_speed_at_start(world: World, hours: int, is_found: bool) -> None:
    """Left at Horgos at hour 21 and entered, it is said, at the other end of Kazakhstan."""
    carnet = travelled(world, {3: {"office": "KZQZQ001", "at": START + (21 + hours) * HOUR}})

    assert_found(carnet, "impossible_speed", 3, is_found=is_found)


@pytest.mark.parametrize(("hours", "is_found"), [(6, True), (8, False)])
def test_impossible_speed_at_termination(world: World, hours: int, is_found: bool) -> None:
    carnet = travelled(world, {4: {"at": START + (31 + hours) * HOUR}})

    assert_found(carnet, "impossible_speed", 4, is_found=is_found)


AHEAD = [(11 * MINUTE, True), (10 * MINUTE, False)]


@pytest.mark.parametrize(("ahead", "is_found"), AHEAD)
def test_occurred_in_future_at_start(world: World, ahead: timedelta, is_found: bool) -> None:
    carnet = world.issue()
    now = START + 2 * HOUR
    world.stamp(carnet, 1, now + ahead, now=now, is_offline=True)

    reconcile(now)

    assert_found(carnet, "occurred_in_future", 1, is_found=is_found)
    reconcile(now + ahead)
    assert_found(carnet, "occurred_in_future", 1, is_found=False)


@pytest.mark.parametrize(("ahead", "is_found"), AHEAD)
def test_occurred_in_future_at_termination(world: World, ahead: timedelta, is_found: bool) -> None:
    carnet = world.issue()
    now = START + 20 * HOUR
    world.travel(carnet, upto=1)
    world.stamp(carnet, 2, now + ahead, now=now, is_offline=True)

    reconcile(now)

    assert_found(carnet, "occurred_in_future", 2, is_found=is_found)


BEFORE_ISSUE = [(11 * MINUTE, True), (10 * MINUTE, False)]


@pytest.mark.parametrize(("before", "is_found"), BEFORE_ISSUE)
def test_occurred_before_issue_at_start(world: World, before: timedelta, is_found: bool) -> None:
    carnet = travelled(world, {1: {"at": START - before, "now": START + HOUR}})

    assert_found(carnet, "occurred_before_issue", 1, is_found=is_found)


@pytest.mark.parametrize(("before", "is_found"), BEFORE_ISSUE)
def test_occurred_before_issue_at_termination(world: World, before: timedelta, is_found: bool) -> None:
    carnet = travelled(world, {2: {"at": START - before, "now": START + HOUR}})

    assert_found(carnet, "occurred_before_issue", 2, is_found=is_found)


LATE = [(3 * DAY, True, False), (3 * DAY + SECOND, True, True), (MINUTE, False, True)]


def told(world: World, page: int, after: timedelta, is_known: bool) -> Carnet:
    """A carnet up to that page, which is told from offline so much later, by a device that is enrolled or not."""
    carnet = world.issue()
    world.travel(carnet, upto=page - 1)
    at = START + (1 + 10 * page) * HOUR
    office = "KZHOR001" if page == 3 else "KZQZQ001"
    officer = world.officer(office) if is_known else officer_of(world.officers[office].pk)
    said = world.request(carnet, page, at, is_offline=True, **in_order(carnet, page))
    record_stamp(request=said, officer=officer, at=at + after)
    reconcile(at + 4 * DAY)
    return carnet


@pytest.mark.parametrize(("after", "is_known", "is_found"), LATE)
def test_recorded_late_at_start(world: World, after: timedelta, is_known: bool, is_found: bool) -> None:
    assert_found(told(world, 3, after, is_known), "recorded_late", 3, is_found=is_found)


@pytest.mark.parametrize(("after", "is_known", "is_found"), LATE)
def test_recorded_late_at_termination(world: World, after: timedelta, is_known: bool, is_found: bool) -> None:
    assert_found(told(world, 4, after, is_known), "recorded_late", 4, is_found=is_found)


@pytest.mark.parametrize(("after_limit", "is_found"), [(DAY + SECOND, True), (DAY, False), (HOUR, False)])
def test_late_at_termination(world: World, after_limit: timedelta, is_found: bool) -> None:
    """Art. 39: a minor delay is tolerated."""
    limit = START + 35 * HOUR
    carnet = world.issue()
    world.travel(carnet, upto=4, but={3: {"time_limit_at": limit}, 4: {"at": limit + after_limit}})

    reconcile(LATER)

    assert_found(carnet, "late", 4, is_found=is_found)


class TestLate:
    def test_is_nothing_where_the_office_set_no_limit(self, world: World) -> None:
        """Art. 20: customs “may fix” one. The territory's own days are a clock of its enquiries, no limit."""
        carnet = world.issue()
        world.travel(carnet, upto=4, but={4: {"at": START + 31 * HOUR + 17 * DAY}})

        reconcile(START + 20 * DAY)

        assert ("late", 4) not in flagged(carnet)


@pytest.mark.parametrize(
    ("reconciled", "resumed", "is_found"),
    [
        (30 * DAY, None, False),
        (30 * DAY + SECOND, None, True),
        (60 * DAY, 30 * DAY, False),
        (60 * DAY, 31 * DAY, True),
    ],
)
def test_suspended_too_long_at_termination(
    world: World, reconciled: timedelta, resumed: timedelta | None, is_found: bool
) -> None:
    carnet = world.issue()
    suspended_at = world.travel(carnet, upto=4, but={4: {"is_suspension": True}})
    if resumed:
        world.stamp(carnet, 5, suspended_at + resumed)

    reconcile(suspended_at + reconciled)

    assert_found(carnet, "suspended_too_long", 4, is_found=is_found)
