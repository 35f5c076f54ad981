"""A journey as a value: what is known of it when, what comes due, what is discharged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checkpoints.simulation.journeys import Expectation, Journey, PlannedStamp
from checkpoints.simulation.shapes import Road, Shape
from tests.simulation.conftest import UNTIL
from tests.simulation.drawn import clean

HOUR = timedelta(hours=1)


class TestJourney:
    @pytest.fixture
    def journey(self) -> Journey:
        return clean("istanbul-almaty", 1, Shape()).placed(UNTIL - timedelta(days=100))

    def known_up_to(self, journey: Journey, page: int) -> Journey:
        """Place the journey so that this page is the latest one on record."""
        return journey.placed(UNTIL - journey.on(page).made)

    def test_is_discharged_whole_when_nothing_is_wrong(self, journey: Journey) -> None:
        assert journey.discharged(until=UNTIL) == journey.operations
        assert journey.unused(until=UNTIL) == 0

    def test_counts_only_operations_with_both_records(self, journey: Journey) -> None:
        assert self.known_up_to(journey, 3).discharged(until=UNTIL) == 1
        assert self.known_up_to(journey, 3).operations_known(until=UNTIL) == 4

    def test_keeps_a_barred_operation_open(self, journey: Journey) -> None:
        flagged = replace(journey, expect=(Expectation("pkg_short", 4), Expectation("late", 8)))

        assert flagged.discharged(until=UNTIL) == journey.operations - 1

    def test_comes_due_where_it_was_last_seen(self, journey: Journey) -> None:
        started = self.known_up_to(journey, 3)

        [(expected, at)] = started.comes_due(until=UNTIL)
        assert expected == Expectation("overdue", 4)
        assert at == started.issued_at + started.limit(2) + started.graces[1]

    def test_comes_due_when_its_ferry_never_arrives(self, journey: Journey) -> None:
        [(expected, at)] = self.known_up_to(journey, 6).comes_due(until=UNTIL)

        assert expected == Expectation("suspended_too_long", 6)
        assert at == UNTIL + timedelta(days=30)

    @pytest.mark.parametrize("page", [2, 4, 8])
    def test_never_comes_due_between_two_operations(self, journey: Journey, page: int) -> None:
        assert list(self.known_up_to(journey, page).comes_due(until=UNTIL)) == []

    @pytest.mark.parametrize(("page", "operation"), [(3, 1), (4, 2), (1, 1)])
    def test_holds_a_broken_seal_at_an_entry_against_the_operation_before(
        self, page: int, operation: int
    ) -> None:
        assert Expectation("seal_mismatch", page).operation == operation
        assert Expectation("duplicate", page).operation == (page + 1) // 2

    def test_waits_for_the_entry_after_an_exit_but_not_for_ever(self, journey: Journey) -> None:
        left = self.known_up_to(journey, 2)

        assert left.discharged(until=UNTIL) == 0
        following = left.issued_at + left.on(3).made
        assert left.discharged(until=following) == 1

    def test_leaves_unused_what_lies_behind_an_early_end(self) -> None:
        journey = clean("demo", 1, Shape(road=Road.ENDS_ELSEWHERE)).placed(UNTIL - timedelta(days=100))

        assert journey.shape.road is Road.ENDS_ELSEWHERE
        assert journey.operations == 4
        assert journey.unused(until=UNTIL) == 4 - len(journey.pairs) > 0
        assert journey.discharged(until=UNTIL) == len(journey.pairs)

    def test_moves_a_stamp_with_its_time_limit(self) -> None:
        stamp = PlannedStamp(1, "CNURM001", HOUR, HOUR, time_limit=10 * HOUR)

        assert stamp.moved(HOUR) == PlannedStamp(1, "CNURM001", 2 * HOUR, 2 * HOUR, time_limit=11 * HOUR)
