"""When a lorry is where: forward all the way, at its own pace, with time limits that leave something to spare."""

from datetime import timedelta
from random import Random
from statistics import mean

from hypothesis import given, settings

from carnets.choices import StopAction
from checkpoints.reference import tables
from checkpoints.simulation.calls import Timed
from checkpoints.simulation.planning import Order, plan
from checkpoints.simulation.shapes import Shape
from checkpoints.simulation.stops import pairs_of, planned_calls
from checkpoints.simulation.timing import dwell, timed
from tests.simulation.conftest import UNTIL
from tests.simulation.drawn import REGION, corridors, seeds

HOUR = timedelta(hours=1)


def times(corridor: tables.Corridor, seed: int) -> list[Timed]:
    calls = planned_calls(corridor, Shape(), REGION.roads, Random(seed))
    return list(timed(pairs_of(calls, calls, REGION.roads), REGION.roads, Random(seed)))


class TestTimed:
    @settings(max_examples=40)
    @given(corridors, seeds)
    def test_runs_forward(self, corridor: tables.Corridor, seed: int) -> None:
        instants = [at for each in times(corridor, seed) for at in (each.starts, each.ends)]

        assert instants == sorted(set(instants))
        assert instants[0] >= 2 * HOUR

    @settings(max_examples=40)
    @given(corridors, seeds)
    def test_leaves_four_days_beyond_the_slowest_drive(self, corridor: tables.Corridor, seed: int) -> None:
        for each in times(corridor, seed):
            if each.limit is not None:
                km = REGION.roads.km(each.pair.start.office, each.pair.end.office)
                assert each.limit - each.starts >= timedelta(days=4) + km * 1.3 / 23 * HOUR
                assert each.limit > each.ends

    def test_sets_a_limit_mostly_and_not_always(self) -> None:
        set_at = [each.limit is not None for seed in range(40) for each in times(tables.corridors()[0], seed)]

        assert 0.5 < mean(set_at) < 0.9

    def test_crosses_in_sixty_hours_at_most(self) -> None:
        rng = Random(1)
        hours = [dwell(rng) for _ in range(2_000)]

        assert 8 < mean(hours) < 12
        assert max(hours) == 60

    def test_waits_about_ten_hours_at_a_border(self) -> None:
        waits = [
            (journey.on(page + 1).after - journey.on(page).after) / HOUR / 0.55
            for journey in plan(Order(400, 1, UNTIL, 0))
            for page in range(2, journey.pages, 2)
            if journey.does(page) is StopAction.EXIT and journey.is_prompt
        ]

        assert 9 < mean(waits) < 11
        assert max(waits) > 40
