"""Which certification stands on each page."""

from typing import Any
from uuid import UUID

import pytest

from carnets.projection.standing import in_page_order, standing_certifications
from tests.evidence import certify, when
from tests.world import HOUR


class TestStandingCertifications:
    def test_lets_the_earliest_stand(self) -> None:
        early, late = certify(3, id=UUID(int=9)), certify(3, when(3) + HOUR, id=UUID(int=8))

        standing = standing_certifications([late, early])

        assert standing.by_page == {3: early}
        assert standing.rivals == {3: 1}

    def test_lets_the_lower_id_stand_of_two_at_one_instant(self) -> None:
        one, other = certify(3, id=UUID(int=8)), certify(3, id=UUID(int=9))

        assert standing_certifications([other, one]).by_page == {3: one}

    def test_counts_a_repetition_once(self) -> None:
        assert standing_certifications([certify(3), certify(3)]).rivals == {3: 0}

    @pytest.mark.parametrize(
        ("cancelling", "stands"),
        [
            ({}, False),
            ({"office": "KZQZQ001"}, True),
            ({"page": 5, "office": "KZHOR001"}, True),
            ({"cancels": UUID(int=77)}, True),
        ],
        ids=["by its office", "by another office", "from another page", "of a stamp nobody made"],
    )
    def test_forgets_a_stamp_only_when_its_own_office_took_it_back(
        self, cancelling: dict[str, Any], stands: bool
    ) -> None:
        its_own = {
            "page": 3,
            "at": when(3) + HOUR,
            "office": "KZHOR001",
            "id": UUID(int=50),
            "cancels": UUID(int=3),
        }
        cancellation = certify(**{**its_own, **cancelling})

        standing = standing_certifications([certify(3), cancellation])

        assert (3 in standing.by_page) is stands

    def test_keeps_a_cancellation_in_force_when_somebody_cancels_it(self) -> None:
        cancellation = certify(3, id=UUID(int=50), cancels=UUID(int=3))
        second = certify(3, id=UUID(int=51), cancels=UUID(int=50))

        assert standing_certifications([certify(3), cancellation, second]).by_page == {}

    def test_lets_a_rival_step_in_for_a_stamp_taken_back(self) -> None:
        rival = certify(3, when(3) + HOUR, id=UUID(int=60))
        cancellation = certify(3, id=UUID(int=50), cancels=UUID(int=3))

        standing = standing_certifications([certify(3), rival, cancellation])

        assert (standing.by_page, standing.rivals) == ({3: rival}, {3: 0})


class TestStanding:
    def test_knows_pairs_and_their_other_side(self) -> None:
        standing = standing_certifications([certify(1), certify(4), certify(9, office="UZYAL001")])

        assert standing.used == (1, 2, 5)
        assert standing.pair(2) == (None, certify(4))
        assert standing.other_side(3) == certify(4)
        assert standing.other_side(4) is None

    def test_is_told_along_the_journey(self) -> None:
        standing = standing_certifications([certify(4), certify(1), certify(3)])

        assert [said.page for said in in_page_order(standing)] == [1, 3, 4]
