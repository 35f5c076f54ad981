"""Journeys before anything is driven: repeatable, plausible, and each fault where its truth says it is."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkpoints.reference import tables
from checkpoints.simulation.faults import FAULTS, Fault
from checkpoints.simulation.journeys import Expectation, Journey, PlannedStamp
from checkpoints.simulation.planning import WINDOW, Order, plan
from checkpoints.simulation.travelling import Region, travel
from tests.simulation.conftest import UNTIL

few = settings(max_examples=40)
REGION = Region.read()
CORRIDORS = tables.corridors()
HOUR = timedelta(hours=1)
seeds = st.integers(0, 2**32)
corridors = st.sampled_from(CORRIDORS)


def clean(corridor: tables.Corridor, seed: int) -> Journey:
    return travel(corridor, REGION, Random(seed))


class TestPlan:
    def test_is_the_same_for_the_same_seed(self) -> None:
        assert plan(Order(60, 7, UNTIL, 0.5)) == plan(Order(60, 7, UNTIL, 0.5))

    def test_is_another_one_for_another_seed(self) -> None:
        assert plan(Order(60, 7, UNTIL)) != plan(Order(60, 8, UNTIL))

    def test_keeps_the_same_journeys_when_more_are_asked_for(self) -> None:
        few, many = plan(Order(20, 3, UNTIL, 0)), plan(Order(40, 3, UNTIL, 0))

        assert [journey for journey in many if journey in few] == few

    def test_spoils_the_share_asked_for(self) -> None:
        faulty = [journey for journey in plan(Order(500, 1, UNTIL, 0.12)) if journey.fault]

        assert len(faulty) == 60

    def test_has_every_kind_of_fault_as_often_as_the_others(self) -> None:
        kinds = [journey.fault for journey in plan(Order(200, 1, UNTIL, 1))]

        counts = [kinds.count(name) for name in FAULTS]
        assert max(counts) - min(counts) <= 1

    def test_is_in_the_order_of_issue_and_within_the_window(self) -> None:
        issued = [journey.issued_at for journey in plan(Order(300, 1, UNTIL, 0))]

        assert issued == sorted(issued)
        assert UNTIL - WINDOW - timedelta(minutes=1) <= issued[0]
        assert issued[-1] <= UNTIL

    @settings(max_examples=5)
    @given(seeds)
    def test_has_all_evidence_of_a_fault_on_record_by_the_end(self, seed: int) -> None:
        for journey in plan(Order(30, seed, UNTIL, 1)):
            if journey.fault != "still_on_the_way":
                assert journey.issued_at + journey.settled_after <= UNTIL
            else:
                assert (
                    0
                    < len([s for s in journey.stamps if journey.issued_at + s.made <= UNTIL])
                    < journey.pages
                )


class TestTravel:
    @few
    @given(corridors, seeds)
    def test_stamps_every_page_in_order(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        assert [stamp.page for stamp in journey.stamps] == list(range(1, journey.pages + 1))
        assert all(one.after < other.after for one, other in pairwise(journey.stamps))

    @few
    @given(corridors, seeds)
    def test_keeps_every_time_limit(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for operation in range(1, journey.operations + 1):
            assert journey.on(2 * operation).after < journey.limit(operation)

    @few
    @given(corridors, seeds)
    def test_drives_no_faster_than_a_lorry(self, corridor: tables.Corridor, seed: int) -> None:
        journey = clean(corridor, seed)

        for start, end in zip(journey.stamps[::2], journey.stamps[1::2], strict=True):
            hours = (end.after - start.after) / HOUR
            assert REGION.roads.km(start.office, end.office) / hours < 42

    @few
    @given(corridors, seeds)
    def test_is_accepted_in_time_with_every_seal_found_again(
        self, corridor: tables.Corridor, seed: int
    ) -> None:
        journey = clean(corridor, seed)

        first, *others = journey.stamps
        assert first.after < timedelta(days=journey.acceptance_days)
        assert {stamp.seals_found for stamp in others} == {first.seals_affixed}

    def test_waits_about_ten_hours_at_a_border(self) -> None:
        waits = [
            (journey.on(page + 1).after - journey.on(page).after) / HOUR / 0.55
            for journey in plan(Order(400, 1, UNTIL, 0))
            for page in range(2, journey.pages, 2)
            if not journey.on(page).is_suspension
        ]

        assert 9 < mean(waits) < 11
        assert max(waits) > 40

    @few
    @given(corridors, seeds)
    def test_suspends_before_a_ferry_and_nowhere_else(self, corridor: tables.Corridor, seed: int) -> None:
        suspended = [stamp.page for stamp in clean(corridor, seed).stamps if stamp.is_suspension]

        ferries = [2 * operation.sequence for operation in corridor.operations if operation.suspension_after]
        assert suspended == ferries


def fitting(fault: Fault) -> list[tables.Corridor]:
    return [corridor for corridor in CORRIDORS if fault.fits(corridor, REGION.roads)]


class TestFaults:
    @pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
    def test_happen_on_several_corridors(self, fault: Fault) -> None:
        assert len(fitting(fault)) >= 3

    @pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
    @settings(max_examples=8)
    @given(data=st.data(), seed=seeds)
    def test_stay_on_pages_of_the_journey(self, fault: Fault, data: st.DataObject, seed: int) -> None:
        rng = Random(seed)
        journey = fault.on(travel(data.draw(st.sampled_from(fitting(fault))), REGION, rng), REGION, rng)

        assert journey.fault == fault.name
        assert all(1 <= expected.page <= journey.pages for expected in journey.expect)
        assert all(stamp.made >= stamp.after for stamp in journey.stamps)
        assert len({(stamp.page, stamp.name) for stamp in journey.stamps}) == len(journey.stamps)

    @pytest.mark.parametrize("name", sorted(FAULTS))
    def test_are_flagged_under_their_own_name_or_not_at_all(self, name: str) -> None:
        rng = Random(1)
        journey = FAULTS[name].on(travel(fitting(FAULTS[name])[0], REGION, rng), REGION, rng)

        codes = {expected.code for expected in journey.expect}
        assert not codes or name in codes
        assert codes <= {name, "wrong_office"}


class TestJourney:
    @pytest.fixture
    def journey(self) -> Journey:
        ferry = next(corridor for corridor in CORRIDORS if corridor.code == "istanbul-almaty")
        return clean(ferry, 1).placed(UNTIL - timedelta(days=100))

    def known_up_to(self, journey: Journey, page: int) -> Journey:
        """Place the journey so that this page is the latest one on record."""
        return journey.placed(UNTIL - journey.on(page).made)

    def test_is_discharged_whole_when_nothing_is_wrong(self, journey: Journey) -> None:
        assert journey.discharged(until=UNTIL) == journey.operations

    def test_counts_only_operations_with_both_records(self, journey: Journey) -> None:
        assert self.known_up_to(journey, 3).discharged(until=UNTIL) == 1

    def test_keeps_a_barred_operation_open(self, journey: Journey) -> None:
        flagged = replace(journey, expect=(Expectation("late", 4), Expectation("wrong_office", 8)))

        assert flagged.discharged(until=UNTIL) == journey.operations - 1

    def test_comes_due_where_it_was_last_seen(self, journey: Journey) -> None:
        started = self.known_up_to(journey, 3)

        [(expected, at)] = started.comes_due(until=UNTIL)
        assert expected == Expectation("overdue", 4)
        assert at == started.issued_at + started.limit(2) + started.graces[1]

    def test_comes_due_when_its_ferry_never_arrives(self, journey: Journey) -> None:
        [(expected, at)] = self.known_up_to(journey, 6).comes_due(until=UNTIL)

        assert expected == Expectation("suspended_too_long", 7)
        assert at == UNTIL + timedelta(days=30)

    @pytest.mark.parametrize("page", [2, 4, 8])
    def test_never_comes_due_between_two_operations(self, journey: Journey, page: int) -> None:
        assert list(self.known_up_to(journey, page).comes_due(until=UNTIL)) == []

    def test_moves_a_stamp_with_its_time_limit(self) -> None:
        stamp = PlannedStamp(1, "CNURM001", HOUR, HOUR, time_limit=10 * HOUR)

        assert stamp.moved(HOUR) == PlannedStamp(1, "CNURM001", 2 * HOUR, 2 * HOUR, time_limit=11 * HOUR)
