"""Carnets brought back: recorded once, compared with the record, and asked about."""

from datetime import timedelta
from typing import Any

import pytest

from carnets.annex10 import returns
from carnets.models import Carnet, CarnetReturn
from carnets.transitions import TransitionNotAllowed
from tests.world import START, World

LATER = START + timedelta(days=20)


def bring_back(world: World, carnet: Carnet, *counterfoils: dict[str, Any]) -> CarnetReturn:
    return returns.record_return(
        number=carnet.number,
        counterfoils=counterfoils,
        reason="Journey over.",
        by=world.staff["CN"],
        at=LATER,
    )


@pytest.fixture
def arrived(world: World) -> Carnet:
    """A carnet terminated at its destination on page 8 (5 March, 420 packages), but never stamped on page 6."""
    carnet = world.issue()
    world.travel(carnet, but={6: None})
    return carnet


class TestReturn:
    def test_happens_once(self, world: World, arrived: Carnet) -> None:
        bring_back(world, arrived)

        with pytest.raises(TransitionNotAllowed):
            bring_back(world, arrived)

    def test_of_an_unused_carnet_lets_its_reservation_go(self, world: World) -> None:
        carnet = world.issue()

        bring_back(world, carnet)

        world.guarantee.refresh_from_db()
        assert world.guarantee.exposure == 0

    def test_refuses_one_page_twice(self, world: World, arrived: Carnet) -> None:
        with pytest.raises(returns.CounterfoilTwice) as refused:
            bring_back(world, arrived, {"page": 2}, {"page": 8}, {"page": 2})

        assert refused.value.field == "counterfoils.2.page"


class TestDifferences:
    @pytest.mark.parametrize(
        ("said", "fields"),
        [
            ({"office": "TJDUS001"}, ["office"]),
            ({"packages": 419}, ["packages"]),
            ({"with_reservation": True}, ["with_reservation"]),
            ({"on": "2026-03-20"}, ["on"]),
            ({"packages": 1, "on": "2026-01-01"}, ["packages", "on"]),
        ],
    )
    def test_name_the_fields_that_differ(
        self, world: World, arrived: Carnet, said: dict[str, Any], fields: list[str]
    ) -> None:
        recorded = bring_back(world, arrived, {"page": 8, **said})

        assert recorded.differences == [{"page": 8, "reason": "discrepancy", "fields": fields}]

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"office": "TJDYU001", "packages": 420, "with_reservation": False},
            {"on": "2026-03-05"},
            {"on": None},
        ],
    )
    def test_are_none_where_the_counterfoil_agrees_or_is_silent(
        self, world: World, arrived: Carnet, said: dict[str, Any]
    ) -> None:
        assert bring_back(world, arrived, {"page": 8, **said}).differences == []

    def test_of_the_day_leave_room_for_the_time_zone(self, world: World, arrived: Carnet) -> None:
        at = arrived.operations.get(sequence=4).terminated_at
        assert at is not None
        days = [str((at + timedelta(days=days)).date()) for days in (-2, -1, 0, 1, 2)]

        operations = {8: arrived.operations.get(sequence=4)}
        differing = [bool(returns.differences_of(operations, [{"page": 8, "on": day}])) for day in days]

        assert differing == [True, False, False, False, True]

    def test_say_that_nothing_was_recorded(self, world: World, arrived: Carnet) -> None:
        recorded = bring_back(world, arrived, {"page": 6, "packages": 420})

        assert recorded.differences == [{"page": 6, "reason": "missing"}]

    def test_leave_pages_out_that_bear_no_termination(self, world: World, arrived: Carnet) -> None:
        assert bring_back(world, arrived, {"page": 7}, {"page": 12}).differences == []


class TestRequest:
    def test_goes_to_the_office_that_recorded_the_termination(self, world: World, arrived: Carnet) -> None:
        bring_back(world, arrived, {"page": 8, "office": "TJDUS001"})

        request = arrived.reconciliation_requests.get()
        assert (request.country, request.office, request.reason, request.source) == (
            "TJ", "TJDYU001", "discrepancy", "transmission",
        )  # fmt: skip
        assert request.recorded["office"] == "TJDYU001"
        assert [event.verb for event in request.events.all()] == ["open"]

    @pytest.mark.parametrize(
        ("named", "asked"), [("UZGIS001", "UZGIS001"), ("KZHOR001", "UZSYA001"), (None, "UZSYA001")]
    )
    def test_goes_to_the_office_on_the_counterfoil_or_as_planned(
        self, world: World, arrived: Carnet, named: str | None, asked: str
    ) -> None:
        bring_back(world, arrived, {"page": 6, "office": named})

        request = arrived.reconciliation_requests.get()
        assert (request.office, request.reason, request.source) == (asked, "missing", "carnet")
        assert request.recorded == {}

    def test_is_made_for_each_difference(self, world: World, arrived: Carnet) -> None:
        bring_back(world, arrived, {"page": 6}, {"page": 8, "packages": 1}, {"page": 4, "packages": 420})

        assert sorted(arrived.reconciliation_requests.values_list("page", flat=True)) == [6, 8]
