"""The comparison notices every way in which truth and record can differ, and says which carnet it is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checkpoints.simulation.comparing import OnRecord, TruthComparison, compare_truth
from tests.simulation.conftest import UNTIL
from tests.simulation.truths import CLEAN, DUE, LATE, RECORDED, RESHUFFLED, TRUTH, UNDER_WAY, shown


def compared(number: str = CLEAN.number, **changes: Any) -> TruthComparison:
    """Compare after changing what is on record about one carnet."""
    return compare_truth(TRUTH, {**RECORDED, number: replace(RECORDED[number], **changes)})


def differing(comparison: TruthComparison) -> list[str]:
    return [difference.number for difference in comparison.differences]


class TestCompare:
    def test_is_clean_when_all_is_as_planted(self) -> None:
        comparison = compare_truth(TRUTH, RECORDED)

        assert comparison.is_clean
        assert (comparison.operations_discharged, comparison.operations_to_be_discharged) == (11, 11)
        assert (comparison.carnets_discharged, comparison.carnets_to_be_discharged) == (2, 2)
        assert shown(comparison).endswith("nothing else was flagged.")

    def test_misses_an_irregularity_that_was_taken_away(self) -> None:
        comparison = compared(LATE.number, flags={})

        assert (comparison.codes["pkg_short"].found, comparison.codes["pkg_short"].missed) == (0, 1)
        assert f"{LATE.number} (pkg_short): missed pkg_short on page 4; 3 of 4 operations" in shown(
            comparison
        )

    def test_notices_an_irregularity_that_nobody_planted(self) -> None:
        comparison = compared(CLEAN.number, flags={("reservation", 2): UNTIL})

        assert comparison.codes["reservation"].unexpected == 1
        assert f"{CLEAN.number} (no fault): unexpected reservation on page 2" in shown(comparison)

    def test_notices_a_flag_on_a_complication(self) -> None:
        assert differing(compared(RESHUFFLED.number, flags={("duplicate", 1): UNTIL})) == [RESHUFFLED.number]

    def test_notices_the_right_code_on_a_wrong_page(self) -> None:
        row = compared(LATE.number, flags={("pkg_short", 6): UNTIL}).codes["pkg_short"]

        assert (row.planted, row.found, row.missed, row.unexpected) == (1, 0, 1, 1)

    def test_notices_a_second_flag_on_a_faulty_carnet(self) -> None:
        both = {("pkg_short", 4): UNTIL, ("overdue", 4): UNTIL}

        assert differing(compared(LATE.number, flags=both)) == [LATE.number]

    def test_notices_an_operation_that_should_be_discharged(self) -> None:
        comparison = compared(CLEAN.number, discharged=3)

        assert differing(comparison) == [CLEAN.number]
        assert "3 of 4 operations discharged instead of 4" in shown(comparison)

    def test_notices_a_discharge_that_was_not_earned(self) -> None:
        assert differing(compared(LATE.number, discharged=4)) == [LATE.number]

    def test_lets_people_resolve_what_was_planted(self) -> None:
        assert compared(LATE.number, discharged=4, is_resolved=True).is_clean

    def test_lets_a_lorry_under_way_travel_on(self) -> None:
        assert compared(UNDER_WAY.number, discharged=2).is_clean

    @pytest.mark.parametrize(("code", "is_clean"), [("spelt_differently", True), ("pkg_short", False)])
    def test_lets_more_be_discharged_unless_something_bars_it(self, code: str, is_clean: bool) -> None:
        truth = replace(TRUTH, carnets=(replace(UNDER_WAY, expect=((code, 2),)),))
        record = replace(RECORDED[UNDER_WAY.number], flags={(code, 2): UNTIL}, discharged=2)

        assert compare_truth(truth, {UNDER_WAY.number: record}).is_clean is is_clean

    def test_expects_a_lorry_under_way_to_come_due(self) -> None:
        comparison = compared(UNDER_WAY.number, flags={("overdue", 4): DUE.at + timedelta(hours=1)})

        assert comparison.is_clean
        assert comparison.came_due == 1
        assert "1 carnets that were still on the way have passed a time limit since" in shown(comparison)

    @pytest.mark.parametrize(
        "flag", [("overdue", 4, DUE.at), ("overdue", 6, DUE.at + timedelta(hours=1)), ("late", 4, DUE.at)]
    )
    def test_notices_a_lorry_flagged_before_its_time_or_otherwise(self, flag: tuple[str, int, Any]) -> None:
        code, page, opened_at = flag

        assert differing(compared(UNDER_WAY.number, flags={(code, page): opened_at})) == [UNDER_WAY.number]

    def test_says_that_a_carnet_is_not_in_this_database(self) -> None:
        comparison = compare_truth(TRUTH, {})

        assert len(differing(comparison)) == len(TRUTH.carnets)
        assert f"{CLEAN.number} (no fault): not in this database" in shown(comparison)


class TestWaiting:
    def test_counts_honest_transports_that_are_on_record_to_their_end(self) -> None:
        under_way = replace(CLEAN, number="XN99000005", is_complete=False)
        truth = replace(TRUTH, carnets=(CLEAN, LATE, RESHUFFLED, under_way))

        comparison = compare_truth(truth, {**RECORDED, under_way.number: OnRecord({}, False, 4, 4)})

        assert (comparison.honest, comparison.waiting) == (2, 0)

    @pytest.mark.parametrize(("waiting", "are_few"), [(0, True), (1, True), (2, False), (3, False)])
    def test_lets_fewer_than_one_in_twelve_wait_for_a_person(self, waiting: int, are_few: bool) -> None:
        carnets = tuple(replace(CLEAN, number=f"X{index}") for index in range(24))
        on_record = {
            carnet.number: OnRecord({}, False, 4, 4, is_waiting=index < waiting)
            for index, carnet in enumerate(carnets)
        }

        comparison = compare_truth(replace(TRUTH, carnets=carnets), on_record)

        assert comparison.are_few_waiting is are_few
        assert f"Of 24 honest transports on record to their end, {waiting:,} wait for a person" in shown(
            comparison
        )

    def test_leaves_out_whose_waiting_was_planted(self) -> None:
        comparison = compared(LATE.number, is_waiting=True)

        assert comparison.waiting == 0

    def test_takes_an_operation_left_unused_for_done(self) -> None:
        ended_early = replace(CLEAN, discharged=3, unused=1)
        truth = replace(TRUTH, carnets=(ended_early,))

        comparison = compare_truth(truth, {ended_early.number: OnRecord({}, False, 4, 3, unused=1)})

        assert comparison.is_clean
        assert (comparison.carnets_to_be_discharged, comparison.carnets_discharged) == (1, 1)
