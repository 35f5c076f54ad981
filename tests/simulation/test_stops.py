"""The stops of a plan and the pairs of a road: lawful whatever is drawn."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnets.choices import StopAction
from carnets.itinerary import legs_of
from carnets.vouchers import MOST_OPERATIONS
from checkpoints.reference import tables
from checkpoints.simulation.calls import Call
from checkpoints.simulation.shapes import Road, Shape
from checkpoints.simulation.stops import planned_calls
from tests.simulation.drawn import BY_CODE, REGION, clean, corridors, seeds

shapes = st.builds(Shape, loads=st.integers(1, 4), unloads=st.integers(1, 6))
ROADS = REGION.roads


def calls(corridor: tables.Corridor, shape: Shape, seed: int) -> tuple[Call, ...]:
    return planned_calls(corridor, shape, ROADS, Random(seed))


class TestPlannedCalls:
    @settings(max_examples=150)
    @given(corridors, shapes, seeds)
    def test_obey_the_convention(self, corridor: tables.Corridor, shape: Shape, seed: int) -> None:
        planned = calls(corridor, shape, seed)

        does = [call.does for call in planned]
        assert (does[0], does[-1]) == (StopAction.LOAD, StopAction.UNLOAD)
        last_load = max(i for i, each in enumerate(does) if each is StopAction.LOAD)
        assert last_load < does.index(StopAction.UNLOAD), "every load before every unload (art. 18)"
        handled = [call.office for call in planned if call.handles_goods]
        assert len(handled) == len(set(handled)) <= 8
        legs = legs_of(planned)
        assert len(legs) <= MOST_OPERATIONS
        for start, end in legs:
            assert ROADS.offices[start.office].territory == ROADS.offices[end.office].territory

    def test_have_as_many_offices_as_asked_for(self) -> None:
        planned = calls(BY_CODE["demo"], Shape(loads=3, unloads=2), 1)

        does = [call.does for call in planned]
        assert does.count(StopAction.LOAD) == 3
        assert does.count(StopAction.UNLOAD) == 2

    def test_suspend_and_resume_inside_one_territory(self) -> None:
        does = [call.does for call in calls(BY_CODE["istanbul-warsaw-rail"], Shape(), 1)]

        assert does == ["load", "exit", "entry", "suspend", "resume", "unload"]


class TestPairs:
    def test_are_as_planned_on_the_planned_road(self) -> None:
        journey = clean("demo", 1, Shape(loads=2, unloads=2))

        assert [pair.is_unplanned for pair in journey.pairs] == [False] * journey.legs

    @pytest.mark.parametrize("seed", range(5))
    def test_go_on_numbering_after_a_detour(self, seed: int) -> None:
        journey = clean("demo", seed, Shape(road=Road.ONE_COUNTRY_MORE))

        assert [pair.sequence for pair in journey.pairs] == [1, 2, 3, 4, 5]
        assert [pair.is_unplanned for pair in journey.pairs][-1] is True
