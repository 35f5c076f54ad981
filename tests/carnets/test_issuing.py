"""Issuing a carnet and taking it out of circulation: the carnet and its reservation move together, or not at all."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from carnets import issuing
from carnets.choices import StopAction
from carnets.models import Carnet, CarnetEvent
from carnets.rules import DeclaredGoods, DeclaredVehicle
from carnets.transitions import TransitionNotAllowed
from guarantees import exposure
from guarantees.ceilings import set_ceiling
from guarantees.models import LiabilityEntry
from tests.world import HOUR, START, World

DAY = timedelta(days=1)
WHOLE_SUM = Decimal(100_000)  # the guarantee's amount for one carnet


def reserved(world: World) -> Decimal:
    world.guarantee.refresh_from_db()
    return world.guarantee.exposure


def entries(carnet: Carnet) -> list[tuple[str, str, Decimal]]:
    rows = LiabilityEntry.objects.filter(carnet_number=carnet.number, page=None).order_by("id")
    return list(rows.values_list("kind", "cause", "amount"))


def history(carnet: Carnet) -> list[tuple[str, str]]:
    return list(CarnetEvent.objects.filter(carnet=carnet).order_by("id").values_list("verb", "reason"))


class TestIssue:
    def test_reserves_the_sum_and_writes_the_history(self, world: World) -> None:
        carnet = world.issue()

        assert (carnet.status, carnet.is_reserved, carnet.amount) == ("issued", True, WHOLE_SUM)
        assert reserved(world) == WHOLE_SUM
        assert entries(carnet) == [("reserved", "issued", WHOLE_SUM)]
        assert history(carnet) == [("issue", "")]

    def test_writes_down_the_plan_the_units_and_the_goods(self, world: World) -> None:
        goods = [
            DeclaredGoods("Shirts", 400, "CT", Decimal(8000), "620520"),
            DeclaredGoods("Hangers", 20, "CT", Decimal("200.5"), "392690"),
        ]

        carnet = world.issue(goods=goods, containers=["CSQU3054383"])

        assert [stop.does for stop in carnet.stops.order_by("position")] == [
            StopAction.LOAD, StopAction.EXIT, StopAction.ENTRY, StopAction.EXIT,
            StopAction.ENTRY, StopAction.EXIT, StopAction.ENTRY, StopAction.UNLOAD,
        ]  # fmt: skip
        planned = carnet.operations.order_by("sequence").values_list(
            "planned_start", "planned_end", "country"
        )
        assert list(planned) == [
            ("CNURC001", "CNHRS001", "CN"),
            ("KZHOR001", "KZQZQ001", "KZ"),
            ("UZYAL001", "UZSYA001", "UZ"),
            ("TJDUS001", "TJDYU001", "TJ"),
        ]
        assert (carnet.packages, carnet.plates, carnet.territories) == (
            420,
            ["01KZ123ABC"],
            ["CN", "EAEU", "UZ", "TJ"],
        )
        assert [line.gross_mass_kg for line in carnet.goods.order_by("position")] == [8000, Decimal("200.5")]
        assert [each.number for each in carnet.containers.all()] == ["CSQU3054383"]

    def test_counts_no_packages_where_all_is_bulk(self, world: World) -> None:
        assert (
            world.issue(goods=[DeclaredGoods("Wheat", None, "VR", Decimal(20_000), "100199")]).packages
            is None
        )

    @pytest.mark.parametrize(
        ("is_heavy_or_bulky", "until"), [(False, START.date() + 100 * DAY), (True, None)]
    )
    def test_holds_approval_to_the_first_certificate_that_ends(
        self, world: World, is_heavy_or_bulky: bool, until: date | None
    ) -> None:
        vehicles = [
            DeclaredVehicle(plate, "KZ", "1543-5645", START.date() + days * DAY)
            for plate, days in (("01KZ123ABC", 400), ("02KZ456DEF", 100))
        ]

        carnet = world.issue(vehicles=vehicles, is_heavy_or_bulky=is_heavy_or_bulky)

        assert carnet.approval_until == until

    def test_refused_by_rules_names_each_and_writes_nothing(self, world: World) -> None:
        broken = {"vouchers": 4, "acceptance_until": START.date() + 300 * DAY}

        with pytest.raises(issuing.IssueRefused) as refused:
            world.issue(**broken)

        codes = [finding.code for finding in refused.value.findings]
        assert codes == ["acceptance_date_out_of_range", "too_few_vouchers"]
        assert refused.value.error_code == codes[0]
        assert (Carnet.objects.count(), reserved(world), LiabilityEntry.objects.count()) == (0, 0, 0)
        assert world.issue().pk

    def test_refused_by_the_ceiling_writes_nothing(self, world: World) -> None:
        set_ceiling(guarantee_id=world.guarantee.pk, ceiling=WHOLE_SUM, valid_from=START.date(), at=START)
        first = world.issue()

        with pytest.raises(exposure.GuaranteeCeilingExceeded):
            world.issue()

        assert list(Carnet.objects.all()) == [first]
        assert reserved(world) == WHOLE_SUM


class TestInvalidation:
    def test_lets_the_reservation_go(self, world: World) -> None:
        carnet = world.issue()

        issuing.invalidate(number=carnet.number, reason="Not needed.", by=world.staff["CN"], at=START + HOUR)

        carnet.refresh_from_db()
        assert (carnet.status, carnet.control, carnet.is_reserved) == ("invalidated", "invalidated", False)
        assert (carnet.control_reason, carnet.control_at) == ("Not needed.", START + HOUR)
        assert reserved(world) == 0
        assert entries(carnet)[-1] == ("released", "invalidated", -WHOLE_SUM)
        assert history(carnet)[-1] == ("invalidate", "Not needed.")

    def test_is_for_an_unused_carnet_alone(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=1)

        with pytest.raises(TransitionNotAllowed):
            issuing.invalidate(number=carnet.number, reason="", by=world.staff["CN"], at=START + DAY)
        assert reserved(world) == WHOLE_SUM


class TestExpiry:
    def test_lets_the_reservation_go_and_nobody_decided_it(self, world: World) -> None:
        carnet = world.issue()

        issuing.expire(number=carnet.number, at=START + 60 * DAY)

        carnet.refresh_from_db()
        assert (carnet.status, carnet.is_reserved) == ("expired", False)
        assert entries(carnet)[-1] == ("released", "expired", -WHOLE_SUM)
        assert CarnetEvent.objects.get(carnet=carnet, verb="expire").by is None


class TestALostCarnet:
    @pytest.mark.parametrize(("is_stolen", "control"), [(False, "lost"), (True, "stolen")])
    def test_keeps_its_reservation_for_it_may_turn_up(
        self, world: World, is_stolen: bool, control: str
    ) -> None:
        carnet = world.issue()

        issuing.report_lost(
            number=carnet.number, reason="Gone.", by=world.staff["CN"], at=START, is_stolen=is_stolen
        )

        carnet.refresh_from_db()
        assert (carnet.status, carnet.control, carnet.is_reserved) == (control, control, True)
        assert reserved(world) == WHOLE_SUM

    @pytest.mark.parametrize(("upto", "status"), [(0, "issued"), (2, "in_transit"), (8, "terminated")])
    def test_that_was_found_is_what_its_stamps_make_of_it(self, world: World, upto: int, status: str) -> None:
        carnet = world.issue()
        at = world.travel(carnet, upto=upto) if upto else START
        issuing.report_lost(number=carnet.number, reason="Gone.", by=world.staff["CN"], at=at)

        issuing.report_found(number=carnet.number, reason="Behind the seat.", by=world.staff["CN"], at=at)

        carnet.refresh_from_db()
        assert (carnet.status, carnet.control, carnet.control_at) == (status, "", None)
        assert history(carnet)[-1] == ("report_found", "Behind the seat.")

    def test_is_found_after_it_was_lost_alone(self, world: World) -> None:
        carnet = world.issue()

        with pytest.raises(TransitionNotAllowed):
            issuing.report_found(number=carnet.number, reason="Here.", by=world.staff["CN"], at=START)


class TestAReservation:
    def test_is_let_go_once(self, world: World) -> None:
        carnet = world.issue()

        for _time in range(2):
            issuing.release_reservation(carnet, START, cause="invalidated")

        assert reserved(world) == 0
        assert [kind for kind, _cause, _amount in entries(carnet)] == ["reserved", "released"]

    def test_of_a_carnet_issued_elsewhere_is_none_of_ours(self, world: World) -> None:
        carnet = world.issue()
        elsewhere = Carnet(number=carnet.number, is_reserved=True, guarantee_id=None, amount=WHOLE_SUM)

        issuing.release_reservation(elsewhere, START, cause="expired")

        assert reserved(world) == WHOLE_SUM


def test_countries_are_those_of_the_offices_once(world: World) -> None:
    application = world.application()
    doubled = replace(application, stops=[*application.stops, *application.stops])

    assert issuing._countries(doubled) == ["CN", "KZ", "UZ", "TJ"]
