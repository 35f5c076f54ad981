"""Journeys before anything is driven: repeatable, and each placed in time as its evidence needs it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from checkpoints.simulation.faults import FAULTS
from checkpoints.simulation.planning import WINDOW, Order, plan
from tests.simulation.conftest import UNTIL

seeds = st.integers(0, 2**32)


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

    def test_has_all_evidence_of_what_comes_in_any_order_on_record_by_the_end(self) -> None:
        for journey in plan(Order(200, 1, UNTIL, 0)):
            if not journey.is_prompt:
                assert journey.issued_at + journey.settled_after <= UNTIL

    def test_has_transports_under_two_carnets(self) -> None:
        journeys = plan(Order(200, 1, UNTIL, 0))

        firsts = {journey.transport: journey for journey in journeys if journey.transport}
        seconds = [journey for journey in journeys if journey.continues]
        assert len(seconds) == len(firsts) == 5
        for second in seconds:
            first = firsts[second.continues]
            assert second.on(1).office == first.on(first.pages).office
            assert second.on(1).seals_found == (first.on(first.pages).seals_there or None)
            assert first.issued_at + first.on(first.pages).after < second.issued_at + second.on(1).after
