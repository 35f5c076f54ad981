"""The carnet quota: what counts as out, what an open notification costs, and that two issues cannot pass it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carnets import issuing, quotas
from carnets.annex10 import requests, returns
from carnets.models import Carnet
from guarantees import holders
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.models import Association, Guarantee, Holder
from tests.guarantees.claiming import to_claim
from tests.threads import at_once, raised, returned
from tests.world import LONG_AGO, START, World, build

DAY = timedelta(days=1)


def set_quota(world: World, quota: int | None) -> None:
    holders.set_quota(
        holder_id=world.holder.pk, quota=quota, reason="Yearly.", by=world.staff["CN"], at=START
    )


def standing(world: World) -> quotas.Quota:
    return quotas.quota_of(Holder.objects.get(pk=world.holder.pk))


def bring_back(world: World, carnet: Carnet, packages: int | None = None) -> None:
    counterfoils = [{"page": 8, "packages": packages}] if packages is not None else []
    returns.record_return(
        number=carnet.number, counterfoils=counterfoils, reason="", by=world.staff["CN"], at=START + 20 * DAY
    )


def notify(world: World, carnet: Carnet, sequence: int) -> int:
    """Notify one operation as not discharged."""
    operation = carnet.operations.get(sequence=sequence)
    customs = world.officers[operation.planned_start]
    claim = open_claim(
        operation=to_claim(carnet, sequence),
        reason="No termination.",
        is_fraud=False,
        by=customs,
        at=START + 9 * DAY,
    )
    claims.notify(claim_id=claim.pk, received_on=(START + 9 * DAY).date(), by=customs, at=START + 9 * DAY)
    return claim.pk


class TestOutstanding:
    def test_counts_from_issue_until_the_carnet_is_back(self, world: World) -> None:
        carnet = world.issue()
        assert quotas.outstanding(world.holder) == 1
        world.travel(carnet)
        assert quotas.outstanding(world.holder) == 1

        bring_back(world, carnet)

        assert quotas.outstanding(world.holder) == 0

    def test_goes_on_while_a_counterfoil_is_in_question(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet)

        bring_back(world, carnet, packages=7)
        assert quotas.outstanding(world.holder) == 1

        request = carnet.reconciliation_requests.get()
        requests.confirm(request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=START + 30 * DAY)
        assert quotas.outstanding(world.holder) == 0

    def test_leaves_out_what_was_withdrawn_unused(self, world: World) -> None:
        carnet = world.issue()

        issuing.invalidate(number=carnet.number, reason="Not needed.", by=world.staff["CN"], at=START)

        assert quotas.outstanding(world.holder) == 0

    def test_keeps_a_lost_carnet_out_until_it_is_found_and_back(self, world: World) -> None:
        carnet = world.issue()
        by = world.staff["CN"]

        issuing.report_lost(number=carnet.number, reason="Stolen bag.", by=by, at=START)
        assert quotas.outstanding(world.holder) == 1
        issuing.report_found(number=carnet.number, reason="Under the seat.", by=by, at=START + DAY)
        assert quotas.outstanding(world.holder) == 1

        bring_back(world, carnet)
        assert quotas.outstanding(world.holder) == 0

    def test_lets_a_found_carnet_be_invalidated(self, world: World) -> None:
        carnet = world.issue()
        by = world.staff["CN"]
        issuing.report_lost(number=carnet.number, reason="Bag.", is_stolen=True, by=by, at=START)
        issuing.report_found(number=carnet.number, reason="Police.", by=by, at=START + DAY)

        issuing.invalidate(number=carnet.number, reason="Not needed.", by=by, at=START + DAY)

        assert quotas.outstanding(world.holder) == 0

    @pytest.mark.parametrize(
        ("status", "control", "is_reserved", "out"),
        [
            ("closed", "", False, 0),
            ("terminated", "", True, 1),
            ("discharged", "", False, 1),
            ("lost", "lost", False, 0),
            ("stolen", "stolen", True, 1),
        ],
    )
    def test_ends_with_every_liability(
        self, world: World, status: str, control: str, is_reserved: bool, out: int
    ) -> None:
        """What has no liability any more is settled; one discharged in the ordinary way still has to come back."""
        carnet = world.issue()
        Carnet.objects.filter(pk=carnet.pk).update(status=status, control=control, is_reserved=is_reserved)

        assert quotas.outstanding(world.holder) == out


class TestQuota:
    def test_does_not_bind_where_none_is_set(self, world: World) -> None:
        world.issue()

        assert standing(world) == quotas.NO_QUOTA

    def test_refuses_the_next_carnet_when_used_up(self, world: World) -> None:
        set_quota(world, 1)
        world.issue()

        with pytest.raises(issuing.IssueRefused) as refused:
            world.issue()

        assert refused.value.error_code == "holder_quota_used_up"
        assert refused.value.facts["outstanding"] == refused.value.facts["allowed"] == 1

    def test_shrinks_with_each_open_notification_and_grows_again(self, world: World) -> None:
        set_quota(world, 12)
        carnet = world.issue()
        world.travel(carnet, upto=3)
        first, _second = notify(world, carnet, 1), notify(world, carnet, 2)
        assert standing(world).allowed == 12 - 2 * 5

        claims.withdraw(claim_id=first, on=START.date(), by=world.officers["CNURC001"], at=START + DAY)

        assert standing(world).allowed == 12 - 5

    def test_is_blocked_from_so_many_open_notifications(self, world: World) -> None:
        Association.objects.filter(code="071").update(quota_penalty=1, quota_blocked_from=2)
        set_quota(world, 100)
        carnet = world.issue()
        world.travel(carnet, upto=3)
        notify(world, carnet, 1)
        assert standing(world).allowed == 99

        notify(world, carnet, 2)

        assert standing(world).allowed == 0
        with pytest.raises(issuing.IssueRefused, match="holder_quota_used_up"):
            world.issue()

    def test_never_falls_below_nothing(self, world: World) -> None:
        set_quota(world, 3)
        carnet = world.issue()
        world.travel(carnet, upto=1)

        notify(world, carnet, 1)

        assert standing(world).allowed == 0


class TestTwoAtOnce:
    def test_cannot_pass_the_quota_together(self, transactional_db: None) -> None:
        world = build()
        set_quota(world, 1)

        other = Guarantee.objects.create(
            reference="CN-2026-0002", association=world.associations["CN"], holder=world.holder,
            amount_per_carnet=Decimal(100), ceiling=Decimal(1_000), currency="EUR", valid_from=LONG_AGO,
        )  # fmt: skip

        outcomes = at_once(
            *[world.issue, lambda: world.issue(guarantee=other)] * 2  # two guarantees: two locks
        )

        assert len(returned(outcomes)) == 1
        assert {getattr(error, "error_code", error) for error in raised(outcomes)} == {"holder_quota_used_up"}
        assert Carnet.objects.count() == 1
