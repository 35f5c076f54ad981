"""Rules about the journey: each by a test of its own name, on plain facts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from carnets.projection.evidence import Certification, Facing
from checkpoints.judging import journey
from checkpoints.judging.book import NEEDS_CONFIRMING
from tests.checkpoints.judging.cases import (
    DAY,
    MINUTE,
    PRACTICES,
    TODAY,
    assert_rule,
    case,
    days,
    judged,
    office,
)
from tests.evidence import Route, certify, changed, clean, office_facts, plan_of, territory_id, when
from tests.world import HOUR, LONG_AGO, ROUTE, TWO_UNLOADS

SECOND = timedelta(seconds=1)
LOADS_TWICE = (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001"))
LOADS_AFTER_UNLOAD = (
    ("CNURC001", "CNHRS001", "unload"), ("CNHRS001", "CNURC001", "load"), ("CNURC001", "CNHRS001"),
    ("KZHOR001", "KZALA001"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "by", "stamped", "holds"),
    [
        (3, "KZHOR001", clean(2), True),
        (3, "KGBIS001", clean(2), True),  # one union, one territory
        (3, "CNHRS001", clean(2), False),
        (4, "KZQZQ001", clean(3), True),
        (4, "UZYAL001", clean(3), False),
        (
            4,
            "UZGIS001",
            [*clean(2), certify(3, office="UZYAL001")],
            True,
        ),  # the pair is whose No. 1 stamped it
        (4, "KZQZQ001", [*clean(2), certify(3, office="UZYAL001")], False),
        (9, "CNURC001", clean(8), False),  # beyond the plan
    ],
)
def test_page_is_planned_for_the_territory(
    page: int, by: str, stamped: Sequence[Certification], holds: bool
) -> None:
    this = case(page, by=by, before=stamped)

    finding = judged(journey.page_is_planned_for_the_territory, this)

    assert (finding is None) is holds
    if finding:  # beyond the plan nothing is planned: the sentence says so with a dash
        assert finding.code == NEEDS_CONFIRMING
        assert not set("{}") & set(finding.detail)


@pytest.mark.parametrize(
    ("page", "before", "holds"),
    [
        (9, clean(8), False),
        (9, clean(7), True),  # its end is not on record
        (9, [*clean(7), certify(8, goes_on=True)], True),  # part goes on
        (8, clean(7), True),
        (5, [*clean(3), certify(4, ends_here=True)], False),
        (6, [*clean(3), certify(4, ends_here=True)], True),  # what is presented at a No. 2 goes on record
        (5, [*clean(3), certify(4, ends_here=True, goes_on=True)], True),
        (
            5,
            [*clean(3), certify(4, office=office_facts("KZQZQ001", approved_to=TODAY), ends_here=True)],
            True,
        ),
        (5, [*clean(3), certify(4, when(6), ends_here=True)], True),  # it ended only later than this start
    ],
)
def test_transport_has_not_ended(page: int, before: Sequence[Certification], holds: bool) -> None:
    assert_rule(journey.transport_has_not_ended, case(page, before=before), holds=holds)


@pytest.mark.parametrize(
    ("route", "page", "before", "holds"),
    [
        (LOADS_TWICE, 3, clean(2, LOADS_TWICE), True),
        (LOADS_AFTER_UNLOAD, 5, clean(4, LOADS_AFTER_UNLOAD), False),
        (LOADS_AFTER_UNLOAD, 5, clean(1, LOADS_AFTER_UNLOAD), True),  # nothing was unloaded on record
        (TWO_UNLOADS, 5, clean(4, TWO_UNLOADS), True),  # a start where part was unloaded is no load
    ],
)
def test_goods_are_loaded_before_any_is_unloaded(
    route: Route, page: int, before: Sequence[Certification], holds: bool
) -> None:
    this = case(page, route=route, before=before)

    assert_rule(journey.goods_are_loaded_before_any_is_unloaded, this, holds=holds)


@pytest.mark.parametrize(
    ("limit", "holds"),
    [
        (None, True),
        (timedelta(0), True),
        (90 * DAY, True),
        (-SECOND, False),
        (90 * DAY + SECOND, False),  # the longest that the territory's practice allows
    ],
)
def test_time_limit_can_be_meant(limit: timedelta | None, holds: bool) -> None:
    until = None if limit is None else when(3) + limit

    assert_rule(journey.time_limit_can_be_meant, case(3, said=certify(3, time_limit_at=until)), holds=holds)


@pytest.mark.parametrize(
    ("page", "stamped", "holds"),
    [
        (1, [], True),
        (2, [1], True),
        (2, [], False),
        (5, [1, 2, 4], False),
        (
            5,
            [1, 2],
            False,
        ),  # entered where nothing faces the office it left by: somebody's stamps are missing
        (8, [1, 2, 3, 4, 5, 6, 7], True),
    ],
)
def test_earlier_pages_are_stamped(page: int, stamped: list[int], holds: bool) -> None:
    this = case(page, before=[certify(each) for each in stamped])

    assert_rule(journey.earlier_pages_are_stamped, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "at", "before", "holds"),
    [
        (4, when(4), clean(3), True),
        (4, when(3) - HOUR, clean(3), False),
        (3, when(3), [certify(4)], True),
        (3, when(5), [certify(4)], False),
        (4, when(3), clean(3), True),
    ],
)
def test_pages_follow_the_journey(page: int, at: datetime, before: list[Certification], holds: bool) -> None:
    assert_rule(journey.pages_follow_the_journey, case(page, at=at, before=before), holds=holds)


def faces_no_longer(code: str, partner: str) -> Any:
    """The office when its crossing was closed long ago."""
    return office(code, faces=(Facing(partner, LONG_AGO, LONG_AGO + DAY),))


@pytest.mark.parametrize(
    ("page", "by", "left_by", "holds"),
    [
        (3, "KZHOR001", certify(2), True),
        (5, "UZYAL001", certify(4), True),
        (5, "UZYAL001", certify(4, office="KZHOR001"), False),
        (5, faces_no_longer("UZYAL001", "KZQZQ001"), certify(4, office="KZHOR001"), True),
        (5, "UZGIS001", certify(4, office="KZHOR001"), True),  # no crossing is known for this office
        (
            5,
            "UZYAL001",
            certify(4, office="KZHOR001", is_suspension=True),
            True,
        ),  # art. 26: it came another way
        (6, "UZYAL001", certify(4, office="KZHOR001"), True),
        (1, "CNURC001", certify(2), True),
    ],
)
def test_entry_faces_the_last_exit(page: int, by: Any, left_by: Certification, holds: bool) -> None:
    assert_rule(journey.entry_faces_the_last_exit, case(page, by=by, before=[left_by]), holds=holds)


@pytest.mark.parametrize(
    ("page", "limit", "at", "holds"),
    [
        (2, when(1) + 48 * HOUR, when(1) + 72 * HOUR, True),  # art. 39: a day's grace
        (2, when(1) + 48 * HOUR, when(1) + 72 * HOUR + MINUTE, False),
        (2, None, when(1) + 100 * DAY, True),  # art. 20: the office “may fix” a limit, and fixed none
        (3, when(1) + 48 * HOUR, when(1) + 300 * HOUR, True),
    ],
)
def test_time_limit_is_kept(page: int, limit: datetime | None, at: datetime, holds: bool) -> None:
    before = changed({1: {"time_limit_at": limit}}, upto=page - 1)

    assert_rule(journey.time_limit_is_kept, case(page, at=at, before=before), holds=holds)


@pytest.mark.parametrize(("hours", "holds"), [(54, True), (55, False)])
def test_time_limit_is_kept_by_the_tolerance_of_the_territory(hours: int, holds: bool) -> None:
    """China leaves six hours after its limit of 48, where others leave a day."""
    strict = {**PRACTICES, territory_id("CN"): replace(PRACTICES[territory_id("CN")], grace_hours=6)}
    before = [certify(1, time_limit_at=when(1) + 48 * HOUR)]
    this = case(2, at=when(1) + hours * HOUR, before=before, plan=plan_of(practices=strict))

    assert_rule(journey.time_limit_is_kept, this, holds=holds)


@pytest.mark.parametrize(("hours", "holds"), [(10, True), (8, True), (7, False)])
def test_distance_can_be_driven_in_the_time(hours: int, holds: bool) -> None:
    """Khorgos to Konysbaeva is a little over 930 km in a straight line."""
    this = case(4, said=certify(4, when(3) + hours * HOUR))

    assert_rule(journey.distance_can_be_driven_in_the_time, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "after", "suspended", "holds"),
    [(5, 30, True, True), (5, 31, True, False), (5, 31, False, True), (6, 31, True, True)],
)
def test_suspension_was_not_too_long(page: int, after: int, suspended: bool, holds: bool) -> None:
    this = case(page, at=when(4) + after * DAY, before=[certify(4, is_suspension=suspended)])

    assert_rule(journey.suspension_was_not_too_long, this, holds=holds)


@pytest.mark.parametrize(("territory", "holds"), [("EAEU", False), ("UZ", True)])
def test_suspension_goes_by_the_clock_of_the_territory_that_was_left(territory: str, holds: bool) -> None:
    """Suspended in Kazakhstan, resumed in Uzbekistan after eleven days; one of the two allows only ten."""
    short = {
        **PRACTICES,
        territory_id(territory): replace(PRACTICES[territory_id("CN")], suspension=days(10)),
    }
    suspended = [certify(4, is_suspension=True)]
    this = case(5, at=when(4) + 11 * DAY, before=suspended, plan=plan_of(practices=short))

    assert_rule(journey.suspension_was_not_too_long, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "refused", "holds"), [(3, {3}, False), (3, set(), True), (3, {5}, True), (4, {3}, True)]
)
def test_start_was_not_refused_before(page: int, refused: set[int], holds: bool) -> None:
    this = case(page, before=[], refused_pages=frozenset(refused))

    assert_rule(journey.start_was_not_refused_before, this, holds=holds)


@pytest.mark.parametrize(
    ("route", "page", "by", "holds"),
    [
        (ROUTE, 3, "KZHOR001", True),
        (ROUTE, 3, "KZQZQ001", False),
        (ROUTE, 8, "TJDYU001", True),
        (ROUTE, 9, "CNURC001", True),  # nothing is planned there
        (TWO_UNLOADS, 4, "KZALA001", True),
    ],
)
def test_office_is_the_one_planned(route: Route, page: int, by: str, holds: bool) -> None:
    this = case(page, by=by, route=route, before=[])

    assert_rule(journey.office_is_the_one_planned, this, holds=holds)
