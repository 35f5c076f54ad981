"""What the system says about simulated carnets, also when people and time went on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carnets.choices import IrregularityStatus
from carnets.models import Irregularity
from carnets.reconciliation import job
from checkpoints.simulation.planning import Order
from checkpoints.simulation.recorded import carnets_on_record, is_on_record
from checkpoints.simulation.truth import Truth
from tests.simulation.conftest import UNTIL, Simulate, compared, told


class TestOnRecord:
    @pytest.fixture
    def truth(self, simulate: Simulate) -> Truth:
        return simulate(Order(40, 6, UNTIL, 1))

    def test_follows_what_happens_to_an_irregularity(self, truth: Truth) -> None:
        cured, resolved = Irregularity.objects.filter(bars_discharge=True).order_by("carnet_id")[:2]
        self.close(cured, IrregularityStatus.CURED)
        self.close(resolved, IrregularityStatus.RESOLVED)
        while job.reconcile_chunk(at=UNTIL).carnets:
            pass

        numbers = [difference.number for difference in compared(truth).differences]
        assert numbers == [cured.carnet.number]
        assert carnets_on_record(truth)[resolved.carnet.number].is_resolved

    def test_lets_lorries_under_way_come_due(self, truth: Truth) -> None:
        while job.reconcile_chunk(at=UNTIL + timedelta(days=60)).carnets:
            pass

        comparison = compared(truth)
        assert comparison.is_clean, told(comparison)
        assert comparison.came_due == sum(bool(carnet.comes_due) for carnet in truth.carnets)

    def test_knows_whose_carnets_these_are(self, truth: Truth) -> None:
        stranger = replace(truth.carnets[0], number="XZ99999999")

        assert is_on_record(truth)
        assert not is_on_record(replace(truth, carnets=(*truth.carnets, stranger)))

    def close(self, irregularity: Irregularity, status: str) -> None:
        Irregularity.objects.filter(pk=irregularity.pk).update(
            status=status, closed_at=UNTIL, next_clock_at=None, next_clock=""
        )
