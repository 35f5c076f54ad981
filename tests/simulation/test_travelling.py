"""Clean journeys: plausible in time and speed, whatever their shape."""

from datetime import timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings

from carnets.choices import StopAction
from checkpoints.reference import tables
from checkpoints.simulation.shapes import Shape
from checkpoints.simulation.travelling import LATEST_HOURS, told_late
from tests.simulation.drawn import REGION, clean, corridors, seeds

few = settings(max_examples=40)
HOUR = timedelta(hours=1)
SUSPENDED = {StopAction.SUSPEND}  # a train may be faster


class TestTravel:
    @few
    @given(corridors, seeds)
    def test_stamps_every_page_in_order(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        standing = [journey.on(page) for page in range(1, journey.pages + 1)]
        assert all(one.after < other.after for one, other in pairwise(standing))

    @few
    @given(corridors, seeds)
    def test_keeps_every_time_limit(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for pair in journey.pairs:
            assert journey.on(pair.pages[1]).after < journey.limit(pair.sequence)

    @few
    @given(corridors, seeds)
    def test_drives_no_faster_than_a_lorry(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for page in range(1, journey.pages):
            start, end = journey.on(page), journey.on(page + 1)
            hours = (end.after - start.after) / HOUR
            assert REGION.roads.km(start.office, end.office) / hours < 42 or journey.does(page) in SUSPENDED

    @few
    @given(corridors, seeds)
    def test_is_accepted_in_time(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        assert journey.on(1).after < timedelta(days=journey.acceptance_days)

    @few
    @given(corridors, seeds)
    def test_suspends_before_a_ferry_and_nowhere_else(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed, Shape())

        ferries = [2 * operation.sequence for operation in corridor.operations if operation.suspension_after]
        assert [stamp.page for stamp in journey.stamps if stamp.is_suspension] == ferries


class TestToldLate:
    @few
    @given(corridors, seeds)
    def test_lets_enrolled_phones_send_within_what_every_territory_allows(
        self, corridor: tables.Corridor, seed: int
    ) -> None:
        journey = told_late(clean(corridor, seed, Shape()), Random(seed))

        late = [stamp for stamp in journey.stamps if stamp.is_offline]
        assert 1 <= len(late) <= 4
        for stamp in late:
            assert stamp.is_enrolled
            assert 2 * HOUR <= stamp.made - stamp.after <= LATEST_HOURS * HOUR
