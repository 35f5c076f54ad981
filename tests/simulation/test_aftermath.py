"""After the journeys: something on every page of the association, nothing twice, and the planted truth untouched."""

from datetime import timedelta

from carnets.annex10.models import ReconciliationRequest
from carnets.models import CarnetReturn, GuaranteeQuery
from carnets.reconciliation import job
from checkpoints.annex10 import safetir
from checkpoints.models import SafetirRecord
from checkpoints.simulation.aftermath import happen
from checkpoints.simulation.comparing import compare_truth
from checkpoints.simulation.planning import Order
from checkpoints.simulation.recorded import carnets_on_record
from guarantees.models import Association, Holder, HolderExclusion
from tests.simulation.conftest import UNTIL, Simulate

AFTER = UNTIL + timedelta(days=1)


class TestAftermath:
    def test_fills_the_pages_once_and_leaves_the_truth_alone(self, simulate: Simulate) -> None:
        planted = simulate(Order(120, 3, UNTIL, 0.3))

        made = happen(at=AFTER)

        assert made.returned == CarnetReturn.objects.count() > 5
        assert made.requests == ReconciliationRequest.objects.count() > 0
        assert made.enquiries == GuaranteeQuery.objects.count() > 0
        associations = Association.objects.count()
        assert made.holders == 2 * associations
        assert Holder.objects.filter(status="suspended").count() == associations
        assert HolderExclusion.objects.count() == associations
        assert safetir.standing_records(
            dict(record.content) for record in SafetirRecord.objects.order_by("file", "position")
        )

        again = happen(at=AFTER)
        assert (again.returned, again.requests, again.holders, again.enquiries) == (0, 0, 0, 0)

        while job.reconcile_chunk(at=AFTER).carnets:
            pass
        assert compare_truth(planted, carnets_on_record(planted)).is_clean
