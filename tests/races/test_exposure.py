"""Money under concurrency: a ceiling is never passed, and what is released is released once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carnets.models import Carnet
from carnets.reconciliation import job
from guarantees.exposure import GuaranteeCeilingExceeded, balance_as_recorded
from guarantees.models import LiabilityEntry
from tests.threads import at_once, raised, returned
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


class TestIssuingAtOnce:
    def test_issues_as_many_carnets_as_the_ceiling_has_room_for(self, transactional_db: None) -> None:
        world = build(ceiling=Decimal(300_000))

        results = at_once(*[world.issue] * 8)

        assert len(returned(results)) == 3
        assert {type(error) for error in raised(results)} == {GuaranteeCeilingExceeded}
        world.guarantee.refresh_from_db()
        assert world.guarantee.exposure == Decimal(300_000) == balance_as_recorded(world.guarantee)
        assert len({carnet.number for carnet in returned(results)}) == 3


class TestTwoReconciliationsAtOnce:
    def test_share_the_work_and_release_once(self, world: World) -> None:
        carnets = [world.issue() for _ in range(6)]
        end = max(world.travel(carnet) for carnet in carnets) + timedelta(hours=1)

        def reconcile() -> int:
            discharged = 0
            while (tally := job.reconcile_chunk(at=end, limit=1)).carnets:
                discharged += tally.discharged
            return discharged

        results = at_once(reconcile, reconcile, reconcile)

        assert raised(results) == []
        job.reconcile_chunk(at=end)
        assert Carnet.objects.filter(status="discharged").count() == 6
        assert LiabilityEntry.objects.filter(kind="released").count() == 6
        assert LiabilityEntry.objects.filter(kind="relieved").count() == 24
        world.guarantee.refresh_from_db()
        assert world.guarantee.exposure == 0 == balance_as_recorded(world.guarantee)
