"""What issuing fixed, as plain facts."""

from datetime import timedelta

import pytest

from carnets.choices import OfficeRole, UnitKind
from carnets.projection.plan import USUAL, PlannedStop, Practices, Unit
from tests.evidence import plan_of


class TestPlan:
    @pytest.mark.parametrize(
        ("counts", "has_count"), [([420], True), ([None], False), ([None, 0], True), ([None, 5], True)]
    )
    def test_has_a_count_where_any_consignment_has(self, counts: list[int | None], has_count: bool) -> None:
        assert plan_of(cargo=[(1, 8, count) for count in counts]).has_count is has_count

    def test_has_the_usual_practice_where_a_territory_has_none_of_its_own(self) -> None:
        own = Practices(grace_hours=48)
        plan = plan_of(practices={7: own})

        assert plan.practice(7).grace == timedelta(hours=48)
        assert plan.practice(8) == USUAL


class TestPlannedStop:
    @pytest.mark.parametrize(
        ("does", "role"),
        [
            ("load", OfficeRole.DEPARTURE), ("exit", OfficeRole.EXIT), ("entry", OfficeRole.ENTRY),
            ("suspend", OfficeRole.EXIT), ("resume", OfficeRole.ENTRY), ("unload", OfficeRole.DESTINATION),
        ],
    )  # fmt: skip
    def test_has_the_role_of_what_is_done_there(self, does: str, role: OfficeRole) -> None:
        """Art. 26(3): suspension and resumption are exit and entry en route."""
        assert PlannedStop(1, "KZALA001", does).role == role


class TestUnit:
    @pytest.mark.parametrize("kind", UnitKind)
    def test_may_change_without_a_word_if_it_only_pulls(self, kind: UnitKind) -> None:
        assert Unit("X", kind).may_change is (kind == UnitKind.TRACTOR)
