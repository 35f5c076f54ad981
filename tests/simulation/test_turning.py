"""Turned back at a frontier: refused, taken back, tried again, and everything after it later."""

from itertools import pairwise

import pytest

from checkpoints.simulation.journeys import Journey, PlannedRefusal
from checkpoints.simulation.shapes import Road, Shape
from tests.simulation.drawn import REGION, clean

SEEDS = range(12)


def turned(seed: int) -> tuple[Journey, PlannedRefusal]:
    journey = clean("demo", seed, Shape(road=Road.TURNED_BACK))
    [refusal] = journey.happenings
    assert isinstance(refusal, PlannedRefusal)
    return journey, refusal


@pytest.mark.parametrize("seed", SEEDS)
class TestTurnedBack:
    def test_has_an_exit_that_its_office_takes_back(self, seed: int) -> None:
        journey, refusal = turned(seed)

        first, cancelling, again = (each for each in journey.stamps if each.page == refusal.page - 1)
        assert (cancelling.cancels, cancelling.office) == (first.name, first.office)
        assert first.after < refusal.after < cancelling.after < again.after

    def test_goes_on_by_a_frontier_that_is_there(self, seed: int) -> None:
        journey, refusal = turned(seed)

        left, entered = journey.on(refusal.page - 1).office, journey.on(refusal.page).office
        assert entered in REGION.roads.partners[left]

    def test_comes_later_to_every_office_after_it(self, seed: int) -> None:
        journey, _refusal = turned(seed)

        standing = [journey.on(page) for page in range(1, journey.pages + 1)]
        assert all(one.after < other.after for one, other in pairwise(standing))
