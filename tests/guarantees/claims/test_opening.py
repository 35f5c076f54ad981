"""Who may open a claim about what, and whose liability it becomes (art. 8(1), 10(2), 37)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carnets.claim_evidence import following
from carnets.models import Carnet
from guarantees.choices import Cause
from guarantees.claims import opening
from guarantees.claims import steps as claims
from guarantees.liability import folding
from guarantees.models import Claim, LiabilityEntry, LiabilityPeriod
from tests.guarantees.claiming import ACCEPTED, headquarters, instant, open_carnet, open_claim, to_claim
from tests.world import HOUR, START, World, add_kyrgyzstan, reconcile

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

DAY = timedelta(days=1)
OPENED = START + 45 * DAY


def entries(carnet: Carnet, page: int = 3) -> list[tuple[str, str, Decimal, str]]:
    """Return what the ledger has about an operation: country, kind, amount, cause."""
    rows = LiabilityEntry.objects.filter(carnet_number=carnet.number, page=page).order_by("id")
    return list(rows.values_list("association__country", "kind", "amount", "cause"))


BORNE = ("KZ", "borne", Decimal(60_000), "started")


class TestAnOperation:
    def test_that_started_can_be_claimed_on(self, world: World) -> None:
        carnet = open_carnet(world)

        claim = open_claim(world, carnet)

        assert (claim.association, claim.accepted_by) == (world.associations["KZ"], world.associations["KZ"])
        assert claim.accepted_on == ACCEPTED.date()
        assert entries(carnet) == [BORNE]

    def test_that_never_started_cannot(self, world: World) -> None:
        carnet = open_carnet(world)

        with pytest.raises(opening.OperationNotClaimable):
            opening.open_claim(
                operation=opening.OpenOperation(
                    carnet.number, 5, world.territories["UZ"], "UZ", world.associations["UZ"],
                    world.associations["CN"], START, START.date(),
                ),
                reason="It never came.", is_fraud=False, by=headquarters("UZ"), at=OPENED,
            )  # fmt: skip

    def test_whose_start_was_taken_back_cannot(self, world: World) -> None:
        carnet = open_carnet(world)
        operation = to_claim(carnet, 2)
        world.stamp(
            carnet,
            3,
            OPENED,
            cancels=carnet.operations.get(sequence=2).start_stamp,
            cancel_reason="another lorry",
        )

        for is_fraud in (False, True):
            with pytest.raises(opening.OperationNotClaimable):
                opening.open_claim(
                    operation=operation, reason="-", is_fraud=is_fraud, by=headquarters(), at=OPENED
                )

    def test_that_is_discharged_cannot_but_for_fraud(self, world: World) -> None:
        carnet = world.issue()
        end = world.travel(carnet)
        reconcile(end + DAY)

        with pytest.raises(opening.OperationNotClaimable) as refused:
            open_claim(world, carnet)

        assert refused.value.field == "operation"
        assert open_claim(world, carnet, is_fraud=True).is_fraud


class TestAnOperationWhoseLiabilityEndedTwice:
    """What bars a claim is how it ended last: not for good by a discharge that fraud took back."""

    def test_is_claimable_after_a_claim_of_fraud_was_withdrawn(self, world: World) -> None:
        carnet = world.issue()
        reconcile(world.travel(carnet) + DAY)
        claim = open_claim(world, carnet, is_fraud=True)
        claims.notify(claim_id=claim.pk, received_on=OPENED.date(), by=headquarters(), at=OPENED)
        claims.withdraw(claim_id=claim.pk, on=OPENED.date(), by=headquarters(), at=OPENED + DAY)

        again = open_claim(world, carnet, at=OPENED + 2 * DAY)

        assert not again.is_fraud
        assert [cause for *_rest, cause in entries(carnet)] == [
            Cause.STARTED, Cause.DISCHARGED, Cause.REVIVED, Cause.WITHDRAWN,
        ]  # fmt: skip

    def test_is_barred_by_the_discharge_that_came_last(self, world: World) -> None:
        add_kyrgyzstan(world)
        carnet = world.issue()
        end = world.travel(carnet)
        claim = open_claim(world, carnet, country="KG", at=end)
        claims.withdraw(claim_id=claim.pk, on=end.date(), by=headquarters("KG"), at=end + HOUR)
        reconcile(end + 2 * DAY)

        with pytest.raises(opening.OperationNotClaimable):
            open_claim(world, carnet)
        assert [cause for *_rest, cause in entries(carnet)] == [
            Cause.STARTED, Cause.MOVED, Cause.MOVED, Cause.MOVED, Cause.MOVED, Cause.DISCHARGED,
        ]  # fmt: skip


class TestAnotherCountryOfTheUnion:
    @pytest.fixture
    def union(self, world: World) -> World:
        """The Kyrgyz Republic, whose association owes at most 40,000."""
        add_kyrgyzstan(world)
        return world

    def test_claims_where_it_establishes_the_irregularity_and_liability_moves(self, union: World) -> None:
        carnet = open_carnet(union)

        claim = open_claim(union, carnet, country="KG")

        assert (claim.country, claim.association, claim.accepted_by) == (
            "KG", union.associations["KG"], union.associations["KZ"],
        )  # fmt: skip
        assert entries(carnet) == [
            BORNE,
            ("KZ", "relieved", Decimal(-60_000), "moved"),
            ("KG", "borne", Decimal(40_000), "moved"),
        ]

    def test_bears_it_with_the_age_it_has_and_as_long_as_it_stays(self, union: World) -> None:
        carnet = open_carnet(union)
        open_claim(union, carnet, country="KG")

        first, second = LiabilityPeriod.objects.filter(carnet_number=carnet.number, page=3).order_by("id")

        assert (first.since, first.ends_at, second.since, second.begins_at, second.ends_at) == (
            ACCEPTED, OPENED, ACCEPTED, OPENED, None,
        )  # fmt: skip
        folding.fold_all()
        assert folding.discrepancies() == []
        folding.rebuild()
        assert folding.discrepancies() == []
        assert (
            LiabilityPeriod.objects.get(carnet_number=carnet.number, page=3, ends_at=None).since == ACCEPTED
        )

    def test_gives_it_back_when_the_claim_is_withdrawn_before_anybody_was_notified(
        self, union: World
    ) -> None:
        carnet = open_carnet(union)
        claim = open_claim(union, carnet, country="KG")
        at = OPENED + DAY

        claims.withdraw(claim_id=claim.pk, on=at.date(), by=headquarters("KG"), at=at)

        assert entries(carnet)[-2:] == [
            ("KG", "relieved", Decimal(-40_000), "moved"),
            ("KZ", "borne", Decimal(60_000), "moved"),
        ]

    def test_is_only_one_that_is_a_member(self, union: World) -> None:
        carnet = open_carnet(union)

        with pytest.raises(opening.OperationNotClaimable):
            to_claim(carnet, 2, country="UZ")
        assert to_claim(carnet, 2, country="KG").guarantor == union.associations["KG"]


class TestFraud:
    def notified(self, world: World, carnet: Carnet, months: int) -> Claim:
        """Fraud established and notified so long after acceptance, under the carnet's lock."""
        at = ACCEPTED + months * 30 * DAY
        with following(carnet.number, 3, at=at):
            claim = open_claim(world, carnet, is_fraud=True, at=at)
        with following(carnet.number, 3, at=at):
            return claims.notify(
                claim_id=claim.pk, received_on=at.date(), by=headquarters(), at=at, by_letter=True
            )

    def test_notified_in_its_twentieth_month_takes_a_discharge_back(self, world: World) -> None:
        carnet = world.issue()
        reconcile(world.travel(carnet) + DAY)

        self.notified(world, carnet, months=20)

        operation = carnet.operations.get(sequence=2)
        assert [cause for *_rest, cause in entries(carnet)] == [
            Cause.STARTED,
            Cause.DISCHARGED,
            Cause.REVIVED,
        ]
        assert (operation.status, operation.discharged_at, operation.borne) == ("terminated", None, 60_000)
        assert operation.reopened_discharges.get().reason == "fraud_notified"

    def test_received_before_the_discharge_revives_it_only_from_then_on(self, world: World) -> None:
        """The letter came on 4 March, when the operation was still borne; nobody bears it twice for that."""
        carnet = world.issue()
        discharged = world.travel(carnet) + 5 * DAY
        reconcile(discharged)
        with following(carnet.number, 3, at=OPENED):
            claim = open_claim(world, carnet, is_fraud=True)
            claims.notify(
                claim_id=claim.pk,
                received_on=ACCEPTED.date() + DAY,
                by=headquarters(),
                at=OPENED,
                by_letter=True,
            )

        first, second = LiabilityPeriod.objects.filter(carnet_number=carnet.number, page=3).order_by("id")

        assert (first.ends_at, second.begins_at, second.ends_at) == (discharged, discharged, None)

    def test_notified_too_late_revives_nothing(self, world: World) -> None:
        carnet = world.issue()
        reconcile(world.travel(carnet) + DAY)

        self.notified(world, carnet, months=25)

        assert [cause for *_rest, cause in entries(carnet)] == [Cause.STARTED, Cause.DISCHARGED]
        assert carnet.operations.get(sequence=2).status == "discharged"


def test_an_act_counts_from_the_end_of_its_day_at_the_association(world: World) -> None:
    """Paid on 1 July, told a week later: relieved as that day ends in Almaty, 19:00 UTC."""
    carnet = open_carnet(world)
    claim = open_claim(world, carnet)
    notified, claimed, paid = (instant((OPENED + days * DAY).date()) for days in (0, 40, 60))
    claims.notify(claim_id=claim.pk, received_on=notified.date(), by=headquarters(), at=notified)
    claims.demand(
        claim_id=claim.pk, amount=Decimal(1), currency="EUR", debtor="x", debtor_pursued_on=claimed.date(),
        on=claimed.date(), by=headquarters(), at=claimed,
    )  # fmt: skip

    claims.pay(claim_id=claim.pk, on=paid.date(), by=world.staff["KZ"], at=paid + 7 * DAY)

    entry = LiabilityEntry.objects.get(cause=Cause.PAID)
    assert entry.at == paid.replace(hour=19) - timedelta(microseconds=1)
    assert entry.recorded_at == paid + 7 * DAY
