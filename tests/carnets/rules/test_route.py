"""Rules about paper and route: each by a test of its own name, with rows where it holds and rows where it does not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from carnets.choices import StopAction
from carnets.itinerary import ItineraryStop
from carnets.rules import DeclaredConsignment
from carnets.rules import route as rules
from tests.carnets.rules.applications import (
    CROSSING,
    DAY,
    SHIRTS,
    TODAY,
    Does,
    application,
    assert_rule,
    stops,
)
from tests.evidence import Route, planned
from tests.world import ROUTE

INSIDE_CHINA = (("CNURC001", "CNHRS001"), ("CNHRS001", "CNURC001"))


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (60, True), (61, False)])
def test_acceptance_date_is_within_the_period(days: int, holds: bool) -> None:
    case = application(acceptance_until=TODAY + days * DAY)

    assert_rule(rules.acceptance_date_is_within_the_period, case, holds=holds)


@pytest.mark.parametrize(
    ("vouchers", "holds"),
    [(4, True), (6, True), (14, True), (20, True), (0, False), (2, False), (8, False), (22, False)],
)
def test_voucher_count_exists(vouchers: int, holds: bool) -> None:
    assert_rule(rules.voucher_count_exists, application(vouchers=vouchers), holds=holds)


@pytest.mark.parametrize(("vouchers", "holds"), [(4, False), (6, False), (14, True)])
def test_vouchers_are_enough(vouchers: int, holds: bool) -> None:
    """The sample route of domain.md 8 takes four pairs: neither 4 nor 6 vouchers do."""
    assert_rule(rules.vouchers_are_enough, application(vouchers=vouchers), holds=holds)


@pytest.mark.parametrize(
    ("route", "holds"),
    [
        (ROUTE, True),
        (INSIDE_CHINA, False),
        ((("KZALA001", "KZHOR001"), ("KZHOR001", "KGBIS001")), False),  # two countries, one union: no TIR
        ((("KZALA001", "KZQZQ001"), ("UZYAL001", "UZYAL001"), ("KZQZQ001", "KZALA001")), True),
    ],
)
def test_a_frontier_is_crossed(route: Route, holds: bool) -> None:
    assert_rule(rules.a_frontier_is_crossed, application(route), holds=holds)


@pytest.mark.parametrize(
    ("route", "holds"),
    [
        (ROUTE, True),
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "KGBIS001")), True),  # one union, one territory
        ((("CNURC001", "KZHOR001"), ("KZHOR001", "KZALA001")), False),
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "UZTAS001")), False),
    ],
)
def test_each_operation_stays_in_one_territory(route: Route, holds: bool) -> None:
    assert_rule(rules.each_operation_stays_in_one_territory, application(route), holds=holds)


@pytest.mark.parametrize(
    ("does", "holds"),
    [
        ((("CNURC001", "load"), *CROSSING, ("KZALA001", "unload")), True),
        ((("CNURC001", "load"), ("CNHRS001", "load"), *CROSSING, ("KZALA001", "unload")), True),
        ((("CNURC001", "load"), *CROSSING, ("KZALA001", "unload"), ("KGBIS001", "unload")), True),
        ((("CNURC001", "load"), *CROSSING, ("KZHOR001", "suspend"), ("KZALA001", "resume"), ("KGBIS001", "unload")),
         True),
        ((("CNHRS001", "exit"), ("KZHOR001", "entry"), ("KZALA001", "unload")), False),  # nothing is loaded first
        ((("CNURC001", "load"), *CROSSING), False),  # nothing is unloaded last
        ((("CNURC001", "load"), ("KZHOR001", "entry"), ("KZALA001", "unload")), False),  # entered without an exit
        ((("CNURC001", "load"), ("CNHRS001", "exit"), ("KZHOR001", "resume"), ("KZALA001", "unload")), False),
        ((("CNURC001", "load"), ("CNHRS001", "suspend"), ("KZHOR001", "entry"), ("KZALA001", "unload")), False),
        ((("CNURC001", "load"), *CROSSING, ("KZHOR001", "entry"), ("KZALA001", "unload")), False),
    ],
)  # fmt: skip
def test_stops_follow_each_other(does: Does, holds: bool) -> None:
    case = application(stops=stops(*does))

    assert_rule(rules.stops_follow_each_other, case, holds=holds)


@pytest.mark.parametrize(
    ("does", "holds"),
    [
        ((("CNURC001", "load"), ("CNHRS001", "load"), *CROSSING, ("KZALA001", "unload")), True),
        ((("CNURC001", "load"), *CROSSING, ("KZALA001", "load"), ("KGBIS001", "unload")), True),
        ((("CNURC001", "load"), *CROSSING, ("KZALA001", "unload"), ("KGBIS001", "load"), ("KZALA001", "unload")),
         False),
    ],
)  # fmt: skip
def test_every_load_is_planned_before_every_unload(does: Does, holds: bool) -> None:
    """Art. 18: every office of departure comes before the first office of destination."""
    case = application(stops=stops(*does))

    assert_rule(rules.every_load_is_planned_before_every_unload, case, holds=holds)


@pytest.mark.parametrize(
    ("route", "holds"),
    [
        (ROUTE, True),
        ((("KZHOR001", "KZQZQ001"), ("UZYAL001", "UZTAS001")), False),  # a frontier post for departure
        ((("CNURC001", "CNURC001"), ("KZHOR001", "KZALA001")), False),  # an inland office for exit
        ((("CNURC001", "CNHRS001"), ("KZALA001", "KZALA001")), False),  # an inland office for entry
        ((("CNURC001", "CNHRS001"), ("KZHOR001", "KZQZQ001")), False),  # a frontier post for destination
        ((("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001")), True),
        ((("CNURC001", "CNHRS001", "unload"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001")), False),
        ((("CNURC001", "CNHRS001", "suspend"), ("CNHRS001", "CNHRS001"), ("KZHOR001", "KZALA001")), True),
    ],
)
def test_offices_are_approved_for_their_roles(route: Route, holds: bool) -> None:
    assert_rule(rules.offices_are_approved_for_their_roles, application(route), holds=holds)


@pytest.mark.parametrize(("unloading_places", "holds"), [(7, True), (8, False)])
def test_departure_and_destination_offices_are_at_most_eight(unloading_places: int, holds: bool) -> None:
    """One office of departure and so many of destination, each with a voucher pair of its own."""
    places = [replace(planned("KZALA001"), code=f"KZALA{number:03}") for number in range(unloading_places)]
    unloads = [ItineraryStop(place, StopAction.UNLOAD) for place in places]

    case = application(stops=[*stops(("CNURC001", "load"), *CROSSING), *unloads], vouchers=20)

    assert rules.departure_and_destination_offices_are_at_most_eight(case) == (
        None if holds else {"field": "stops", "count": 1 + unloading_places, "most": 8}
    )


def test_an_office_where_the_lorry_stops_twice_is_one_of_the_eight() -> None:
    places = [replace(planned("KZALA001"), code=f"KZALA{number:03}") for number in range(7)]
    unloads = [ItineraryStop(place, StopAction.UNLOAD) for place in (*places, places[0])]

    case = application(stops=[*stops(("CNURC001", "load"), *CROSSING), *unloads], vouchers=20)

    assert rules.departure_and_destination_offices_are_at_most_eight(case) is None


@pytest.mark.parametrize(
    ("load", "unload", "holds"),
    [(1, 8, True), (1, 7, False), (2, 8, False), (8, 1, False), (1, 9, False), (0, 8, False), (1, 1, False)],
)
def test_consignments_travel_along_the_route(load: int, unload: int, holds: bool) -> None:
    """The sample route has eight stops: it loads at the first and unloads at the last."""
    whole = DeclaredConsignment(1, 8, (SHIRTS,))
    case = application(consignments=[whole, replace(whole, load=load, unload=unload)])

    assert_rule(rules.consignments_travel_along_the_route, case, holds=holds)


TWO_LOADS = (
    ("CNURC001", "load"),
    ("CNHRS001", "load"),
    *CROSSING,
    ("KZALA001", "unload"),
    ("KGBIS001", "unload"),
)


@pytest.mark.parametrize(
    ("named", "holds"),
    [
        ([(1, 5), (2, 6)], True),
        ([(1, 5), (1, 6), (2, 6)], True),
        ([(1, 5), (1, 6)], False),  # nothing is loaded at the second office
        ([(1, 6), (2, 6)], False),  # nothing is unloaded at the first office of destination
    ],
)
def test_every_load_and_unload_has_goods(named: Sequence[tuple[int, int]], holds: bool) -> None:
    consignments = [DeclaredConsignment(load, unload, (SHIRTS,)) for load, unload in named]

    case = application(stops=stops(*TWO_LOADS), consignments=consignments)

    assert_rule(rules.every_load_and_unload_has_goods, case, holds=holds)
