"""Taking a stamp back: by its own office, on the same page, once; from offline also before the stamp itself comes."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from carnets.models import Carnet
from checkpoints.recording.cancelling import CancellationRefused
from checkpoints.recording.stamping import OutcomeKind
from tests.world import HOUR, START, World


class TestCancelling:
    def cancel(
        self, world: World, carnet: Carnet, target: UUID, office: str, page: int = 9, **said: Any
    ) -> Any:
        facts = {"cancels": target, "cancel_reason": "another lorry", "is_offline": True, **said}
        return world.stamp(carnet, page, START + 30 * HOUR, office, **facts)

    def test_of_a_stamp_still_on_its_way_is_kept_and_in_force_when_it_comes(self, world: World) -> None:
        """Also on a pair beyond the plan, where nothing stands yet."""
        carnet, id = world.issue(), uuid4()

        first = self.cancel(world, carnet, id, "UZYAL001")
        late = world.stamp(carnet, 9, START + 20 * HOUR, "UZYAL001", id=id, is_offline=True)

        assert [outcome.kind for outcome in (first, late)] == [OutcomeKind.RECORDED, OutcomeKind.RECORDED]
        assert late.row is not None
        assert late.row["receipt"]["operation_status"] == "expected"
        assert not carnet.operations.exclude(status="expected").exists()

    def test_by_its_own_office_is_not_barred_by_one_that_has_no_force(self, world: World) -> None:
        """Another office's cancellation came before the stamp did, and counts for nothing."""
        carnet, id = world.issue(), uuid4()
        self.cancel(world, carnet, id, "UZGIS001")
        world.stamp(carnet, 9, START + 20 * HOUR, "UZYAL001", id=id, is_offline=True)

        assert self.cancel(world, carnet, id, "UZYAL001").kind is OutcomeKind.RECORDED

    @pytest.mark.parametrize(
        ("office", "page", "code"),
        [
            ("UZYAL001", 9, ""),
            ("UZGIS001", 9, "cancelled_by_other_office"),
            ("UZYAL001", 10, "cancelled_stamp_on_other_page"),
        ],
    )
    def test_is_for_the_office_that_stamped_on_the_same_page(
        self, world: World, office: str, page: int, code: str
    ) -> None:
        carnet, id = world.issue(), uuid4()
        world.stamp(carnet, 9, START + 20 * HOUR, "UZYAL001", id=id, is_offline=True)

        if not code:
            assert self.cancel(world, carnet, id, office, page).kind is OutcomeKind.RECORDED
            code = "stamp_already_cancelled"
        with pytest.raises(CancellationRefused) as refused:
            self.cancel(world, carnet, id, office, page)
        assert refused.value.error_code == code

    def test_of_a_stamp_nobody_knows_is_refused_online(self, world: World) -> None:
        with pytest.raises(CancellationRefused) as refused:
            self.cancel(world, world.issue(), uuid4(), "CNURC001", 1, is_offline=False)
        assert refused.value.error_code == "cancelled_stamp_unknown"

    def test_is_itself_not_taken_back(self, world: World) -> None:
        carnet, stamp, cancellation = world.issue(), uuid4(), uuid4()
        world.stamp(carnet, 9, START + 20 * HOUR, "UZYAL001", id=stamp, is_offline=True)
        assert self.cancel(world, carnet, stamp, "UZYAL001", id=cancellation).kind is OutcomeKind.RECORDED

        with pytest.raises(CancellationRefused) as refused:
            self.cancel(world, carnet, cancellation, "UZYAL001")
        assert refused.value.error_code == "cancelled_stamp_unknown"
