"""Carnets brought back: recorded once, compared with the record, and asked about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carnets import issuing
from carnets.annex10 import returns
from carnets.models import Carnet, CarnetReturn
from carnets.transitions import TransitionNotAllowed
from guarantees.models import Association
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

    def test_ends_the_transport(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=4)

        bring_back(world, carnet)

        statuses = carnet.operations.order_by("sequence").values_list("status", flat=True)
        assert list(statuses) == ["terminated", "terminated", "unused", "unused"]

    def test_is_received_on_the_day_of_the_association(self, world: World) -> None:
        carnet = world.issue()
        Association.objects.filter(pk=carnet.association_id).update(time_zone="Asia/Shanghai")

        recorded = returns.record_return(
            number=carnet.number, counterfoils=[], reason="", by=world.staff["CN"],
            at=datetime(2026, 3, 31, 17, 0, tzinfo=UTC),
        )  # fmt: skip

        assert str(recorded.returned_on) == "2026-04-01"

    def test_is_on_record_with_who_took_it(self, world: World) -> None:
        carnet = world.issue()

        bring_back(world, carnet)

        event = carnet.events.last()
        assert event is not None
        assert (event.verb, event.by, event.reason) == ("return", world.staff["CN"], "Journey over.")

    def test_of_a_lost_carnet_waits_until_it_is_found(self, world: World) -> None:
        carnet = world.issue()
        issuing.report_lost(number=carnet.number, reason="Gone.", by=world.staff["CN"], at=LATER)
        with pytest.raises(TransitionNotAllowed):
            bring_back(world, carnet)

        issuing.report_found(number=carnet.number, reason="In the cab.", by=world.staff["CN"], at=LATER)
        bring_back(world, carnet)

        carnet.refresh_from_db()
        assert (carnet.status, carnet.control, carnet.is_reserved) == ("returned", "", False)

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

    @pytest.mark.parametrize(
        ("said", "differs"),
        [("2026-03-04", True), ("2026-03-05", True), ("2026-03-06", False), ("2026-03-07", True)],
    )
    def test_of_the_day_are_by_the_office_s_own_clock(self, world: World, said: str, differs: bool) -> None:
        """Certified on 5 March at 20:30 UTC, which is half past one on the 6th at Dushanbe."""
        carnet = world.issue()
        world.travel(carnet, but={8: {"at": datetime(2026, 3, 5, 20, 30, tzinfo=UTC)}})

        assert bool(bring_back(world, carnet, {"page": 8, "on": said}).differences) is differs

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
