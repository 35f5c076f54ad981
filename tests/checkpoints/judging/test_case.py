"""What a case tells the rules: the role from what is done there, the day at the office, and its own side only."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from carnets.choices import OfficeRole
from tests.checkpoints.judging.cases import case
from tests.evidence import certify, clean
from tests.world import HOUR, START


class TestCase:
    @pytest.mark.parametrize(
        ("page", "said", "role"),
        [
            (1, {}, "departure"),
            (2, {}, "exit"),
            (3, {}, "entry"),
            (8, {}, "destination"),
            (4, {"ends_here": True}, "destination"),  # art. 27: it becomes the office of destination
            (8, {"is_suspension": True}, "exit"),  # art. 26(3)
        ],
    )
    def test_knows_the_role_from_what_is_done_there(self, page: int, said: dict[str, Any], role: str) -> None:
        assert case(page, said=certify(page, **said)).role == OfficeRole(role)

    @pytest.mark.parametrize("page", [-3, 0, 15])
    def test_has_no_operation_off_the_paper(self, page: int) -> None:
        assert case(page, before=[]).operation is None

    def test_has_an_operation_of_the_plan_only(self) -> None:
        in_the_plan, beyond = case(8).operation, case(9).operation

        assert in_the_plan is not None
        assert in_the_plan.planned_end == "TJDYU001"
        assert beyond is None

    @pytest.mark.parametrize(
        ("hour", "day"), [(18, date(2026, 3, 2)), (19, date(2026, 3, 3))]
    )  # Almaty is five hours ahead
    def test_has_the_day_at_the_office(self, hour: int, day: date) -> None:
        assert case(1, at=START.replace(hour=hour, minute=59)).day == day

    def test_sees_its_own_side_and_no_rivals(self) -> None:
        said = certify(3, id=UUID(int=900))
        alone = case(3, said=said)
        rival = case(3, said=said, before=[*clean(2), certify(3, said.occurred_at - HOUR)])

        assert alone.seen is not None
        assert alone.seen.stamp == said.id
        assert rival.seen is None

    def test_takes_no_stamp_of_another_office_for_its_own_though_made_at_the_same_instant(self) -> None:
        said = certify(3, id=UUID(int=900))
        rival = certify(3, said.occurred_at, office="KZQZQ001", id=UUID(int=3))

        assert case(3, said=said, before=[*clean(2), rival]).seen is None
        assert case(3, said=said, before=clean(2)).seen is not None

    def test_knows_what_was_left_before(self) -> None:
        assert case(3).left is not None
        assert case(1).left is None

    def test_knows_when_a_page_was_stamped(self) -> None:
        this = case(2)

        assert this.stamped_at(1) == START + 10 * HOUR
        assert this.stamped_at(5) is None
