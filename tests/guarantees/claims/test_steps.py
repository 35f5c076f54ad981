"""Claims step by step (art. 11): who, when, with what; what the law refuses, and what a letter may still say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guarantees.choices import ClaimStatus
from guarantees.claims import guards, opening
from guarantees.claims import steps as claims
from guarantees.claims.rules import Evidence, case_of_claim, checks
from guarantees.liability import folding
from guarantees.models import Claim, LiabilityEntry, LiabilityPeriod, Notice
from guarantees.states import CLAIM, ClaimStepNotAllowed
from tests.guarantees import claiming
from tests.guarantees.claiming import (
    DAY,
    FIRST,
    NOTIFIED,
    demand,
    headquarters,
    instant,
    notify,
    open_claim,
    verbs,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds


class TestALife:
    def test_goes_from_non_discharge_to_payment_and_back(self, world: World, claimed: Claim) -> None:
        claims.pay(
            claim_id=claimed.pk, on=FIRST + 60 * DAY, by=world.staff["KZ"], at=instant(FIRST + 60 * DAY)
        )
        found = claims.reimburse(
            claim_id=claimed.pk, on=FIRST + 400 * DAY, by=headquarters(), at=instant(FIRST + 400 * DAY)
        )

        assert found.status == ClaimStatus.REIMBURSED
        assert verbs(found) == ["open", "notify", "demand", "pay", "reimburse"]
        assert (found.claimed_on, found.paid_on) == (FIRST, FIRST + 60 * DAY)

    def test_keeps_what_each_step_said(self, claimed: Claim) -> None:
        event = claimed.events.get(verb="demand")

        assert event.facts["amount"] == "60000"
        assert event.facts["debtor"] == "Silk Road Haulage"
        assert event.by == headquarters()

    def test_is_open_once_an_operation(self, world: World, claim: Claim) -> None:
        carnet = world.guarantee.carnets.get()

        with pytest.raises(opening.ClaimExists):
            open_claim(world, carnet)

    def test_may_begin_again_when_withdrawn(self, world: World, claim: Claim) -> None:
        claims.withdraw(claim_id=claim.pk, on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert open_claim(world, world.guarantee.carnets.get()).pk != claim.pk

    @pytest.mark.parametrize("verb", [step.verb for step in CLAIM])
    def test_takes_a_step_from_nowhere_else(self, world: World, claimed: Claim, verb: str) -> None:
        """Paid and given back: nothing more can happen."""
        day = FIRST + DAY
        claims.pay(claim_id=claimed.pk, on=day, by=world.staff["KZ"], at=instant(day))
        claims.reimburse(claim_id=claimed.pk, on=day, by=headquarters(), at=instant(day))

        with pytest.raises(ClaimStepNotAllowed):
            take(verb, claimed, day)


def take(verb: str, claim: Claim, on: date) -> Claim:
    if verb == "demand":
        return demand(claim, on)
    if verb == "notify":
        return notify(claim, on)
    step: Any = getattr(claims, verb)
    found: Claim = step(claim_id=claim.pk, on=on, by=headquarters(), at=instant(on))
    return found


class TestTheDayOfReceipt:
    def say(self, claim: Claim, on: date, at: date = NOTIFIED + 9 * DAY) -> Claim:
        return claims.acknowledge(
            claim_id=claim.pk,
            received_on=on,
            by=claim.association.staff.get().user,
            at=instant(at),
            remark="Stamp.",
        )

    def broken(self, claim: Claim) -> list[str]:
        case = case_of_claim(claim, Evidence(irregularities=("overdue",)), today=FIRST)
        return [check.code for check in checks(case) if not check.holds]

    def test_is_confirmed_by_the_association(self, notified: Claim) -> None:
        found = self.say(notified, NOTIFIED)

        assert (found.received_on, found.notified_on, found.status) == (
            NOTIFIED,
            NOTIFIED,
            ClaimStatus.NOTIFIED,
        )
        assert "receipt_disputed" not in self.broken(found)

    def test_is_disputed_by_the_association_and_customs_are_told(self, notified: Claim) -> None:
        found = self.say(notified, NOTIFIED + DAY)

        assert (found.received_on, found.notified_on) == (NOTIFIED + DAY, NOTIFIED)
        assert "receipt_disputed" in self.broken(found)
        assert verbs(found)[-1] == "acknowledge"
        told = Notice.objects.filter(threshold="acknowledge").values_list("recipient__username", flat=True)
        assert list(told) == ["hq-kz"]

    def test_is_agreed_when_the_association_recorded_the_letter(self, claim: Claim) -> None:
        assert notify(claim, NOTIFIED, by_letter=True).received_on == NOTIFIED

    def test_is_said_of_a_notification_on_record_alone(self, claim: Claim) -> None:
        with pytest.raises(ClaimStepNotAllowed):
            self.say(claim, NOTIFIED)

    def test_has_come_already(self, notified: Claim) -> None:
        with pytest.raises(guards.ActTooEarly):
            self.say(notified, NOTIFIED + DAY, at=NOTIFIED)
        assert self.say(notified, NOTIFIED + DAY, at=NOTIFIED + DAY).received_on == NOTIFIED + DAY


class TestTheLedger:
    def causes(self, claim: Claim) -> list[tuple[str, str, Decimal]]:
        rows = LiabilityEntry.objects.filter(carnet_number=claim.carnet_number, page=claim.page).order_by(
            "id"
        )
        return list(rows.values_list("kind", "cause", "amount"))

    def test_relieves_who_paid_whatever_was_claimed(self, world: World, notified: Claim) -> None:
        claim = demand(notified, FIRST, amount=Decimal("123.45"))

        claims.pay(claim_id=claim.pk, on=FIRST, by=world.staff["KZ"], at=instant(FIRST))

        assert self.causes(claim) == [("borne", "started", 60_000), ("relieved", "paid", -60_000)]
        assert not LiabilityPeriod.objects.filter(
            carnet_number=claim.carnet_number, page=3, ends_at=None
        ).exists()

    def test_has_an_entry_for_what_went_back_that_moves_nothing(self, world: World, claimed: Claim) -> None:
        claims.pay(claim_id=claimed.pk, on=FIRST, by=world.staff["KZ"], at=instant(FIRST))
        claims.reimburse(claim_id=claimed.pk, on=FIRST + DAY, by=headquarters(), at=instant(FIRST + DAY))

        assert self.causes(claimed)[-1] == ("reimbursed", "reimbursed", 0)
        folding.fold_all()
        assert folding.discrepancies() == []
        folding.rebuild()
        assert folding.discrepancies() == []

    @pytest.mark.parametrize("stage", ["notified", "claimed", "contested"])
    def test_relieves_when_a_claim_that_was_notified_is_withdrawn(
        self, world: World, notified: Claim, stage: str
    ) -> None:
        if stage != "notified":
            demand(notified, FIRST)
        if stage == "contested":
            claims.contest(
                claim_id=notified.pk, on=FIRST, by=world.staff["KZ"], at=instant(FIRST), remark="No."
            )

        claims.withdraw(claim_id=notified.pk, on=FIRST, by=headquarters(), at=instant(FIRST))

        assert self.causes(notified)[-1] == ("relieved", "withdrawn", -60_000)

    def test_goes_on_when_one_that_nobody_heard_of_is_withdrawn(self, claim: Claim) -> None:
        claims.withdraw(claim_id=claim.pk, on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert self.causes(claim) == [("borne", "started", 60_000)]

    def test_bears_again_what_a_second_claim_is_notified_of(self, world: World, notified: Claim) -> None:
        claims.withdraw(claim_id=notified.pk, on=FIRST, by=headquarters(), at=instant(FIRST))
        again = open_claim(world, world.guarantee.carnets.get(), at=instant(FIRST + DAY))
        assert self.causes(again)[-1][1] == "withdrawn"

        notify(again, FIRST + 2 * DAY)

        assert self.causes(again)[-1] == ("borne", "revived", 60_000)
        period = LiabilityPeriod.objects.get(carnet_number=again.carnet_number, page=3, ends_at=None)
        assert period.since == claiming.ACCEPTED


class TestALetter:
    def test_is_recorded_as_it_came(self, world: World, notified: Claim) -> None:
        """It is premature, too much, and names no debtor: it has arrived all the same."""
        day = NOTIFIED + DAY

        found = demand(notified, day, by=world.staff["KZ"], amount=Decimal(90_000), debtor="", by_letter=True)

        assert (found.status, found.claimed_on) == (ClaimStatus.CLAIMED, day)
        assert found.events.get(verb="demand").facts["by_letter"] is True

    def test_may_notify_too_late(self, world: World, claim: Claim) -> None:
        late = claim.accepted_at.date() + 400 * DAY

        assert notify(claim, late, by_letter=True).status == ClaimStatus.NOTIFIED

    def test_cannot_come_twice(self, world: World, claimed: Claim) -> None:
        with pytest.raises(ClaimStepNotAllowed):
            demand(claimed, FIRST, by=world.staff["KZ"], by_letter=True)


class TestTheOtherSide:
    def test_is_told_of_a_letter_when_it_was_the_association_that_recorded_it(
        self, world: World, claim: Claim
    ) -> None:
        """Customs hear of a letter that the association says it had; the associations know."""
        notify(claim, NOTIFIED, by_letter=True)

        assert list(Notice.objects.values_list("recipient__username", flat=True)) == ["hq-kz"]

    def test_is_told_of_every_step_once(self, world: World, claimed: Claim) -> None:
        claims.contest(
            claim_id=claimed.pk, on=FIRST, by=world.staff["KZ"], at=instant(FIRST), remark="Not ours."
        )

        told = Notice.objects.order_by("id").values_list("recipient__username", "threshold")
        assert sorted(told) == [
            ("association-cn", "demand"),
            ("association-cn", "notify"),
            ("association-kz", "demand"),
            ("association-kz", "notify"),
            ("hq-kz", "contest"),
        ]
