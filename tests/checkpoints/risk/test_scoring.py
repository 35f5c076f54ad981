"""Points, lanes and lots, each against what was worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from pytest_django import Settings

from checkpoints.choices import Lane
from checkpoints.models import RiskProfile
from checkpoints.posts.postings import officer_of
from checkpoints.recording import scanning
from checkpoints.risk.scoring import (
    Assessment,
    Indicators,
    Weights,
    assess,
    draw,
    lot_of,
    weights_on,
)
from tests.world import HOUR, START, World
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
A_DAY = date(2026, 3, 2)
NOBODY = Weights({}, random_percent=0)
NEVER = Weights(
    {
        "holder_has_flags": 10, "holder_overdue": 20, "past_reservation": 15, "past_claim": 25, "lost_carnets": 15,
        "new_holder": 10, "sensitive_goods": 15, "this_carnet_flagged": 30, "clean_record": -10,
    },
    random_percent=0,
)  # fmt: skip
ALWAYS = replace(NEVER, random_percent=100)


def scored(*given: str, weights: Weights = NEVER, en_route: bool = False) -> Assessment:
    return assess(Indicators(**dict.fromkeys(given, True)), weights, lot="any", is_en_route=en_route)


class TestPoints:
    @pytest.mark.parametrize(
        ("name", "points"),
        [
            ("holder_has_flags", 10),
            ("holder_overdue", 20),
            ("past_reservation", 15),
            ("past_claim", 25),
            ("lost_carnets", 15),
            ("new_holder", 10),
            ("sensitive_goods", 15),
            ("this_carnet_flagged", 30),
        ],
    )
    def test_of_one_indicator_with_the_built_in_weights(self, db: None, name: str, points: int) -> None:
        built_in = replace(weights_on(A_DAY), random_percent=0)

        assert scored(name, weights=built_in) == Assessment(Lane.GREEN, points, (name,))

    def test_add_up_and_name_their_reasons_in_order(self) -> None:
        found = scored("this_carnet_flagged", "holder_overdue")

        assert found == Assessment(Lane.YELLOW, 50, ("holder_overdue", "this_carnet_flagged"))

    def test_are_taken_off_for_a_clean_record(self) -> None:
        assert scored("past_claim", "clean_record").points == 15

    def test_never_fall_below_nothing(self) -> None:
        assert scored("clean_record") == Assessment(Lane.GREEN, 0, ("clean_record",))

    def test_never_rise_above_a_hundred(self) -> None:
        everything = [name for name in NEVER.points if name != "clean_record"]  # 140 points

        assert scored(*everything).points == 100

    def test_of_what_a_profile_does_not_weigh_are_none_and_no_reason(self) -> None:
        assert scored("past_claim", "new_holder", weights=replace(NOBODY, points={"new_holder": 5})) == (
            Assessment(Lane.GREEN, 5, ("new_holder",))
        )


class TestLanes:
    @pytest.mark.parametrize(
        ("points", "lane"),
        [(0, "green"), (30, "green"), (31, "yellow"), (70, "yellow"), (71, "red"), (100, "red")],
    )
    def test_begin_at_their_points(self, points: int, lane: str) -> None:
        weights = replace(NOBODY, points={"past_claim": points})

        assert scored("past_claim", weights=weights).lane == lane

    def test_begin_where_the_profile_says(self) -> None:
        weights = Weights({"past_claim": 20}, yellow_from=10, red_from=20, random_percent=0)

        assert scored("past_claim", weights=weights).lane == "red"
        assert scored("past_claim", weights=replace(weights, red_from=21)).lane == "yellow"


class TestThePickByLot:
    def test_is_an_examination_at_departure_and_destination(self) -> None:
        assert scored(weights=ALWAYS) == Assessment(Lane.RED, 0, ("random",))

    def test_is_no_examination_en_route(self) -> None:
        assert scored(weights=ALWAYS, en_route=True) == Assessment(Lane.YELLOW, 0, ("random",))

    def test_leaves_a_lane_that_points_have_made_red(self) -> None:
        bad = ("holder_overdue", "past_claim", "this_carnet_flagged")  # 75 points

        for en_route in (False, True):
            assert scored(*bad, weights=ALWAYS, en_route=en_route) == Assessment(Lane.RED, 75, bad)

    def test_is_named_beside_the_other_reasons(self) -> None:
        assert scored("past_claim", weights=ALWAYS).reasons == ("past_claim", "random")

    def test_hits_the_share_of_the_profile(self) -> None:
        weights = replace(NOBODY, random_percent=3)
        lanes = [assess(Indicators(), weights, lot=f"lot {n}", is_en_route=False).lane for n in range(20_000)]

        assert 500 <= lanes.count(Lane.RED) <= 700  # 600 are expected, and four deviations of 24

    def test_is_below_the_share_and_not_at_it(self) -> None:
        lot = next(lot for lot in map(str, range(10_000)) if draw(lot) == 3)

        def lane(percent: int) -> str:
            weights = replace(NOBODY, random_percent=percent)
            return assess(Indicators(), weights, lot=lot, is_en_route=False).lane

        assert (lane(3), lane(4)) == ("green", "red")

    def test_draws_every_number_from_nothing_to_ninety_nine(self) -> None:
        assert {draw(f"lot {n}") for n in range(3_000)} == set(range(100))

    def test_is_the_same_for_a_second_scan_of_the_day_and_another_elsewhere(self) -> None:
        lots = {
            lot_of(*one)
            for one in [
                ("XC99000001", "CNURC001", A_DAY),
                ("XC99000001", "CNURC001", A_DAY + DAY),
                ("XC99000001", "KZALA001", A_DAY),
                ("XC99000002", "CNURC001", A_DAY),
            ]
        }

        assert len(lots) == 4
        assert draw("one lot") == draw("one lot")

    def test_cannot_be_foretold_without_the_secret(self, settings: Settings) -> None:
        def drawn(secret: str) -> list[int]:
            settings.TIR_DRAW_SECRET = secret
            return [draw(f"lot {n}") for n in range(200)]

        ours, theirs, again = drawn("ours"), drawn("a guess"), drawn("ours")

        assert ours == again
        assert sum(one == other for one, other in zip(ours, theirs, strict=True)) < 20  # two are expected

    def test_is_explained_afterwards(self, db: None, capsys: pytest.CaptureFixture[str]) -> None:
        RiskProfile.objects.create(name="All", points={}, random_percent=100, valid_from=A_DAY)
        RiskProfile.objects.create(name="None", points={}, random_percent=0, valid_from=A_DAY + DAY)
        drawn = [draw(lot_of("XC99000001", "CNURC001", day)) for day in (A_DAY, A_DAY + DAY)]

        for day in ("2026-03-02", "2026-03-03"):
            call_command("explain_draw", "XC99000001", "CNURC001", day)

        assert capsys.readouterr().out.splitlines() == [
            f"XC99000001 at CNURC001 on 2026-03-02: {drawn[0]} was drawn, picked (below 100 is).",
            f"XC99000001 at CNURC001 on 2026-03-03: {drawn[1]} was drawn, not picked (below 0 is).",
        ]


class TestTheProfileInForce:
    @pytest.fixture
    def march(self, db: None) -> RiskProfile:
        return RiskProfile.objects.create(
            name="March", points={"new_holder": 7}, yellow_from=5, red_from=6, random_percent=1,
            valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "is_in_force"),
        [("2026-02-28", False), ("2026-03-01", True), ("2026-03-31", True), ("2026-04-01", False)],
    )
    def test_holds_from_its_first_day_to_the_one_before_its_end(
        self, march: RiskProfile, day: str, is_in_force: bool
    ) -> None:
        found = weights_on(date.fromisoformat(day))

        assert (found == Weights({"new_holder": 7}, 5, 6, 1)) is is_in_force

    def test_is_the_youngest_of_several(self, march: RiskProfile) -> None:
        RiskProfile.objects.create(name="Week", points={"new_holder": 9}, valid_from=date(2026, 3, 10))

        assert weights_on(date(2026, 3, 9)).points == {"new_holder": 7}
        assert weights_on(date(2026, 3, 10)).points == {"new_holder": 9}

    def test_is_the_built_in_one_where_none_is(self, db: None) -> None:
        found = weights_on(A_DAY)

        assert (found.yellow_from, found.red_from, found.random_percent) == (31, 71, 3)
        assert found.points == NEVER.points


class TestAScan:
    """What an office is told, when every lorry is picked."""

    @pytest.mark.parametrize(
        ("office", "upto", "lane"),
        [
            ("CNURC001", 0, "red"),  # departure
            ("CNHRS001", 1, "yellow"),  # exit
            ("KZHOR001", 2, "yellow"),  # entry
            ("TJDYU001", 7, "red"),  # destination
            ("KZALA001", 4, "yellow"),  # every page of the territory is stamped: it is on its way
        ],
    )
    def test_picks_for_examination_only_at_the_ends(
        self, world: World, office: str, upto: int, lane: str
    ) -> None:
        RiskProfile.objects.create(name="All", points={}, random_percent=100, valid_from=A_DAY)
        Kept.forget_all()
        carnet = world.issue()
        since = world.travel(carnet, upto=upto) if upto else START
        at = since + HOUR

        found = scanning.scan(
            number=carnet.number, officer=officer_of(world.officers[office].pk), occurred_at=at, at=at
        )

        assert found.assessment == Assessment(Lane(lane), 0, ("random",))
