"""Other roads than planned: each a road that is there, and only where it is."""

from random import Random

import pytest

from carnets.choices import StopAction
from checkpoints.simulation.deviations import DEVIATIONS, driven
from checkpoints.simulation.shapes import Road, Shape
from checkpoints.simulation.stops import planned_calls
from tests.simulation.drawn import BY_CODE, CORRIDORS, REGION

ROADS = REGION.roads


@pytest.mark.parametrize("road", DEVIATIONS)
@pytest.mark.parametrize("corridor", CORRIDORS, ids=lambda corridor: corridor.code)
class TestEveryDeviation:
    def test_crosses_frontiers_where_two_offices_face_each_other(self, road: Road, corridor: object) -> None:
        planned = planned_calls(corridor, Shape(), ROADS, Random(1))  # type: ignore[arg-type]
        calls, came_to = driven(planned, road, ROADS, Random(1))

        assert came_to in (road, Road.AS_PLANNED)
        assert (calls == planned) is (came_to is Road.AS_PLANNED)
        for one, other in zip(calls, calls[1:], strict=False):
            if one.does is StopAction.EXIT:
                assert other.does is StopAction.ENTRY
                assert other.office in ROADS.partners[one.office]


def road_of(corridor: str, road: Road) -> list[str]:
    planned = planned_calls(BY_CODE[corridor], Shape(), ROADS, Random(1))
    calls, came_to = driven(planned, road, ROADS, Random(1))
    assert came_to is road
    return [ROADS.offices[call.office].territory for call in calls]


class TestSampleRoute:
    """Urumqi – Dushanbe, planned by China, the Eurasian union, Uzbekistan and Tajikistan."""

    def test_may_lead_through_one_country_more(self) -> None:
        assert set(road_of("demo", Road.ONE_COUNTRY_MORE)) > {"CN", "EAEU", "UZ", "TJ"}

    def test_may_leave_one_country_out(self) -> None:
        assert set(road_of("demo", Road.ONE_COUNTRY_LESS)) < {"CN", "EAEU", "UZ", "TJ"}

    def test_may_end_in_a_country_before(self) -> None:
        assert road_of("demo", Road.ENDS_ELSEWHERE)[-1] in {"EAEU", "UZ"}

    def test_may_end_at_another_office_or_go_on_to_one(self) -> None:
        assert road_of("demo", Road.ENDS_AT_ANOTHER_OFFICE)[-1] == "TJ"
        assert road_of("demo", Road.GOES_ON)[-2:] == ["TJ", "TJ"]
