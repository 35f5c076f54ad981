"""Money under concurrency: a ceiling is never passed, and what is released is released once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from carnets import issuing
from carnets.models import Carnet, TirOperation
from carnets.reconciliation import job
from carnets.transitions import TransitionNotAllowed
from guarantees.exposure import GuaranteeCeilingExceeded
from guarantees.models import LiabilityEntry
from tests.ledger import balance_as_recorded
from tests.threads import at_once, raised, returned
from tests.world import START, World, build, flagged, reconcile

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


class TestInvalidatingAtOnce:
    def test_releases_once(self, world: World) -> None:
        carnet = world.issue()

        results = at_once(*[lambda: invalidate(world, carnet)] * 4)

        assert len(returned(results)) == 1
        assert {type(error) for error in raised(results)} == {TransitionNotAllowed}
        assert LiabilityEntry.objects.filter(kind="released").count() == 1
        assert_balanced(world, open_carnets=0)


class TestEverythingAtOnce:
    def test_balances_and_never_passes_the_ceiling(self, transactional_db: None) -> None:
        """Under a full guarantee: travelled carnets are reconciled, unused ones invalidated, a discharge is taken back
        by a late cancellation, and others try to get the room that comes free, all in the same instant."""
        world = build(ceiling=Decimal(600_000))
        travelled, unused = [world.issue() for _ in range(4)], [world.issue() for _ in range(2)]
        end = max(world.travel(carnet) for carnet in travelled)
        entry = travelled[0].operations.get(sequence=2).start_stamp
        at = end + timedelta(hours=1)

        results: list[object] = at_once(
            *[lambda: reconcile(at, limit=1)] * 2,
            *(lambda c=carnet: invalidate(world, c) for carnet in unused),
            *[lambda: world.issue(at=START)] * 5,
            lambda: world.stamp(travelled[0], 3, at, cancels=entry, cancel_reason="another lorry"),
            lambda: world.stamp(travelled[1], 5, end, is_offline=True, now=at),
        )

        refused = {type(error) for error in results if isinstance(error, Exception)}
        assert refused <= {GuaranteeCeilingExceeded}
        reconcile(at + timedelta(hours=1))
        withdrawn = Carnet.objects.filter(control="invalidated").count()
        discharged = set(Carnet.objects.filter(status="discharged").values_list("pk", flat=True))
        assert withdrawn == 2
        assert {carnet.pk for carnet in travelled[2:]} <= discharged
        assert travelled[0].pk not in discharged, "its start is gone"
        assert ("duplicate", 5) in flagged(travelled[1]), "it bars the discharge, or takes none back"
        assert_balanced(world, open_carnets=Carnet.objects.filter(is_reserved=True).count())
        for carnet in Carnet.objects.filter(is_reserved=False):
            released = LiabilityEntry.objects.filter(carnet_number=carnet.number, kind="released").count()
            reserved = LiabilityEntry.objects.filter(carnet_number=carnet.number, kind="reserved").count()
            assert released == reserved, carnet.number
        for operation in TirOperation.objects.select_related("carnet"):
            entries = LiabilityEntry.objects.filter(
                carnet_number=operation.carnet.number, page=operation.pages[0]
            )
            assert (entries.aggregate(Sum("amount"))["amount__sum"] or 0) == operation.borne


def invalidate(world: World, carnet: Carnet) -> Carnet:
    return issuing.invalidate(number=carnet.number, reason="unused", by=world.staff["CN"], at=START)


def assert_balanced(world: World, *, open_carnets: int) -> None:
    world.guarantee.refresh_from_db()
    guarantee = world.guarantee
    assert guarantee.exposure == balance_as_recorded(guarantee) == 100_000 * open_carnets
    assert guarantee.open_carnets == open_carnets
    assert guarantee.exposure <= guarantee.ceiling
