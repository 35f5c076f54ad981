"""Pairs that nobody stamped, and whether the stamps around them meet. Hand-made tables; offices by their codes."""

from typing import Any

import pytest

from carnets.projection.alignment import align
from carnets.projection.evidence import Certification, Facing
from carnets.projection.gaps import gaps_in
from carnets.projection.plan import Practices
from carnets.projection.standing import standing_certifications
from tests.evidence import certify, clean, office_facts, plan_of, territory_id
from tests.world import LONG_AGO, START


def gaps(stamped: list[Certification], **planned: Any) -> set[int]:
    return set(gaps_in(align(plan_of(**planned), standing_certifications(stamped))))


def stamped(*pages: int) -> list[Certification]:
    return [certify(page) for page in pages]


class TestGaps:
    @pytest.mark.parametrize(
        ("certified", "missing"),
        [
            ([], set()),
            (clean(), set()),
            (clean(2), set()),  # what comes after the last stamp is still ahead
            (stamped(1, 2, 5, 6), {2}),
            (stamped(1, 2, 7, 8), {2, 3}),
            (stamped(5), {1, 2}),
            (stamped(2, 5), {2}),  # a pair with one page is no gap: the other page is missing
        ],
    )
    def test_are_the_pairs_before_the_last_one_used_that_nobody_stamped(
        self, certified: list[Certification], missing: set[int]
    ) -> None:
        assert gaps(certified) == missing

    @pytest.mark.parametrize(
        ("entered_by", "missing"),
        [
            ("KZHOR001", set()),  # CNHRS001, which it left by, faces it
            ("UZGIS001", set()),  # whom it faces is not known
            ("CNURC001", set()),  # of the territory it had left: it never went abroad
            ("UZYAL001", {2}),  # it faces KZQZQ001
        ],
    )
    def test_are_none_where_the_office_left_by_meets_the_one_entered_by(
        self, entered_by: str, missing: set[int]
    ) -> None:
        assert gaps([*stamped(1, 2), certify(5, office=entered_by)]) == missing

    @pytest.mark.parametrize(("until", "missing"), [(None, set()), (START.date(), {2})])
    def test_are_judged_by_the_crossings_of_that_day(self, until: Any, missing: set[int]) -> None:
        faces = (Facing("KZHOR001", LONG_AGO, until), Facing("KGBIS001", LONG_AGO))
        left = certify(2, office=office_facts("CNHRS001", faces=faces))

        assert gaps([certify(1), left, certify(5, office="KZHOR001")]) == missing

    @pytest.mark.parametrize(
        ("around", "missing"),
        [
            ([certify(2), certify(5, office="KZHOR001")], set()),
            ([certify(5, office="KZHOR001")], {2}),  # by which office it left is not on record
            ([certify(2), certify(6, office="KZHOR001")], {2}),  # nor by which it entered
        ],
    )
    def test_are_not_explained_by_a_side_that_is_not_on_record(
        self, around: list[Certification], missing: set[int]
    ) -> None:
        assert gaps([certify(1), *around]) == missing

    @pytest.mark.parametrize(("is_suspension", "missing"), [(True, set()), (False, {2})])
    def test_are_none_while_the_transport_was_suspended(self, is_suspension: bool, missing: set[int]) -> None:
        """Art. 26: between suspension and resumption no voucher is used."""
        assert gaps([certify(1), certify(2, is_suspension=is_suspension), certify(5)]) == missing

    @pytest.mark.parametrize(("is_presented", "missing"), [(True, set()), (False, {1, 2, 3})])
    def test_are_none_before_the_first_page_seen_of_a_carnet_begun_elsewhere(
        self, is_presented: bool, missing: set[int]
    ) -> None:
        assert gaps(stamped(7), is_presented=is_presented) == missing

    @pytest.mark.parametrize(("reports", "missing"), [(False, {3}), (True, {2, 3})])
    def test_are_none_in_a_territory_whose_offices_do_not_record_here(
        self, reports: bool, missing: set[int]
    ) -> None:
        practices = {territory_id("EAEU"): Practices(reports=reports)}

        assert gaps(stamped(1, 2, 7, 8), practices=practices) == missing

    def test_end_with_the_plan(self) -> None:
        """Pair 7 is used; the plan has four, so nothing says whose the fifth and the sixth would be."""
        assert gaps([*stamped(1, 2), certify(13, office="UZYAL001")]) == {2, 3, 4}
