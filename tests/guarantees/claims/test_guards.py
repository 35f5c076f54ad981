"""What a step of a claim is refused for: a day to come, a clock, a condition; each beside one that is not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guarantees.choices import ClaimStatus
from guarantees.claims import guards
from guarantees.claims import steps as claims
from guarantees.claims.rules import Evidence, case_of_claim, checks
from guarantees.models import Claim, ExchangeRate
from tests.guarantees.claiming import (
    DAY,
    FIRST,
    LAST,
    NOTIFIED,
    demand,
    headquarters,
    instant,
    notify,
    open_claim,
    verbs,
)
from tests.world import HOUR, SEALS, World
from tir.kernel.kept import Kept

PDF = b"%PDF-1.7 a scan of the letter %%EOF"


class TestTheClocks:
    @pytest.mark.parametrize(
        ("on", "error"), [(FIRST - DAY, guards.ActTooEarly), (LAST + DAY, guards.ActLapsed)]
    )
    def test_refuse_a_claim_outside_its_window(
        self, notified: Claim, on: date, error: type[Exception]
    ) -> None:
        with pytest.raises(error) as refused:
            demand(notified, on)

        facts = refused.value.facts  # type: ignore[attr-defined]
        assert (facts["earliest"], facts["latest"], facts["article"]) == (FIRST, LAST, "art. 11(3)")
        notified.refresh_from_db()
        assert notified.status == ClaimStatus.NOTIFIED

    @pytest.mark.parametrize("on", [FIRST, LAST])
    def test_allow_it_on_the_days_at_the_edge(self, notified: Claim, on: date) -> None:
        assert demand(notified, on).status == ClaimStatus.CLAIMED

    def test_refuse_a_notification_after_the_year(self, claim: Claim) -> None:
        last_day = claim.accepted_at.date().replace(year=2027)

        with pytest.raises(guards.ActLapsed):
            notify(claim, last_day + DAY)
        assert notify(claim, last_day).notified_on == last_day

    def test_refuse_a_day_to_come(self, claim: Claim) -> None:
        with pytest.raises(guards.ActTooEarly):
            claims.notify(
                claim_id=claim.pk, received_on=NOTIFIED + DAY, by=headquarters(), at=instant(NOTIFIED)
            )

    def test_let_payment_come_late(self, world: World, claimed: Claim) -> None:
        late = FIRST + 200 * DAY

        assert (
            claims.pay(claim_id=claimed.pk, on=late, by=world.staff["KZ"], at=instant(late)).paid_on == late
        )

    def test_go_by_a_decision_when_proceedings_run(self, notified: Claim) -> None:
        decided = LAST + 30 * DAY
        claims.proceedings(
            claim_id=notified.pk,
            began_on=FIRST,
            decision_enforceable_on=decided,
            by=headquarters(),
            at=instant(decided),
        )

        assert demand(notified, decided + 300 * DAY).status == ClaimStatus.CLAIMED
        assert verbs(notified)[-2:] == ["proceedings", "demand"]

    def test_leave_the_status_when_the_holder_is_notified(self, claim: Claim) -> None:
        found = claims.notify_holder(claim_id=claim.pk, on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert (found.status, found.holder_notified_on) == (ClaimStatus.OPENED, NOTIFIED)


class TestDaysToCome:
    """Each day of a step, one day ahead of the day at the association, and on that day."""

    NOW = instant(FIRST)

    @pytest.mark.parametrize(
        "field", ["on", "debtor_pursued_on", "proceedings_began_on", "decision_enforceable_on"]
    )
    def test_are_refused_in_a_claim(self, notified: Claim, field: str) -> None:
        def said(on: date) -> dict[str, Any]:
            return {"on": FIRST, "debtor_pursued_on": FIRST, field: on}

        with pytest.raises(guards.ActTooEarly) as refused:
            self._demand(notified, said(FIRST + DAY))
        assert (refused.value.field, refused.value.facts["on"]) == (field, FIRST + DAY)
        assert self._demand(notified, said(FIRST)).status == ClaimStatus.CLAIMED

    @pytest.mark.parametrize("field", ["began_on", "decision_enforceable_on"])
    def test_are_refused_of_proceedings(self, notified: Claim, field: str) -> None:
        def record(on: date) -> Claim:
            dates = {"began_on": NOTIFIED, field: on}
            return claims.proceedings(claim_id=notified.pk, by=headquarters(), at=self.NOW, **dates)

        with pytest.raises(guards.ActTooEarly):
            record(FIRST + DAY)
        assert record(FIRST).proceedings_began_on

    def test_are_refused_of_the_notice_to_the_holder(self, claim: Claim) -> None:
        def said(on: date) -> Claim:
            return claims.notify(
                claim_id=claim.pk, received_on=FIRST, holder_notified_on=on, by=headquarters(), at=self.NOW
            )

        with pytest.raises(guards.ActTooEarly) as refused:
            said(FIRST + DAY)
        assert refused.value.field == "holder_notified_on"
        assert said(FIRST).holder_notified_on == FIRST

    def _demand(self, claim: Claim, said: dict[str, Any]) -> Claim:
        return claims.demand(
            claim_id=claim.pk,
            amount=Decimal(1),
            currency="EUR",
            debtor="x",
            by=headquarters(),
            at=self.NOW,
            **said,
        )


class TestTheDay:
    def test_of_a_receipt_is_the_day_at_the_association(self, claim: Claim) -> None:
        """At 20:00 UTC it is the next day in Almaty: what was received then may be recorded, in London not yet."""
        late = instant(NOTIFIED).replace(hour=20)

        with pytest.raises(guards.ActTooEarly):
            claims.notify(
                claim_id=claim.pk, received_on=NOTIFIED + DAY, by=headquarters(), at=late.replace(hour=18)
            )
        found = claims.notify(claim_id=claim.pk, received_on=NOTIFIED + DAY, by=headquarters(), at=late)
        assert found.notified_on == NOTIFIED + DAY

    def test_of_acceptance_is_the_day_at_the_office(self, world: World) -> None:
        """Entered on 27 November 2025 at 05:00 in Almaty, still the 26th in UTC: the 27th is the last day a year on."""
        entered = datetime(2025, 11, 26, 23, tzinfo=UTC)
        carnet = world.issue(at=entered - 40 * HOUR, acceptance_until=entered.date() + DAY)
        world.stamp(carnet, 3, entered, is_offline=True, seals_intact=True, seals_found=SEALS)
        claim = open_claim(world, carnet)

        assert (claim.accepted_at.date(), claim.accepted_on) == (date(2025, 11, 26), date(2025, 11, 27))
        with pytest.raises(guards.ActLapsed):
            notify(claim, date(2026, 11, 28))
        assert notify(claim, date(2026, 11, 27)).notified_on == date(2026, 11, 27)


class TestTheDecision:
    @pytest.mark.parametrize("days", [364, 366])
    def test_given_with_the_claim_counts_for_it(self, notified: Claim, days: int) -> None:
        """Beyond the two years, within one of a decision that is first named in the claim itself; not beyond that."""
        decided = LAST + 30 * DAY

        def claim_it(**dates: date) -> Claim:
            return demand(notified, decided + days * DAY, **dates)

        with pytest.raises(guards.ActLapsed):
            claim_it()
        if days > 365:
            with pytest.raises(guards.ActLapsed):
                claim_it(proceedings_began_on=FIRST, decision_enforceable_on=decided)
        else:
            found = claim_it(proceedings_began_on=FIRST, decision_enforceable_on=decided)
            assert (found.status, found.decision_enforceable_on) == (ClaimStatus.CLAIMED, decided)


class TestTheConditions:
    @pytest.mark.parametrize("said", [{"debtor": ""}, {"debtor_pursued_on": None}])
    def test_refuse_a_claim_before_the_debtor_was_pursued(
        self, notified: Claim, said: dict[str, Any]
    ) -> None:
        with pytest.raises(guards.ClaimRefused) as refused:
            demand(notified, FIRST, **said)

        assert refused.value.error_code == "debtor_not_pursued"

    def test_refuse_more_than_the_maximum(self, notified: Claim) -> None:
        with pytest.raises(guards.ClaimRefused) as refused:
            demand(notified, FIRST, amount=Decimal("60000.01"))

        assert refused.value.error_code == "amount_above_maximum"
        assert demand(notified, FIRST, amount=Decimal(60_000)).status == ClaimStatus.CLAIMED

    def test_compare_a_sum_in_the_customs_own_currency_at_the_rate_of_the_day(self, notified: Claim) -> None:
        """550 tenge to the euro until the day of the claim, 500 from then on: 30,000,000 are 60,000.00 euro."""
        ExchangeRate.objects.create(
            base="EUR", quote="KZT", rate=550, valid_from=NOTIFIED - DAY, valid_to=FIRST
        )
        ExchangeRate.objects.create(base="EUR", quote="KZT", rate=500, valid_from=FIRST)
        Kept.forget_all()

        with pytest.raises(guards.ClaimRefused) as refused:
            demand(notified, FIRST, amount=Decimal(30_000_003), currency="KZT")
        assert refused.value.error_code == "amount_above_maximum"
        assert refused.value.facts["compared"] == Decimal("60000.01")
        assert demand(notified, FIRST, amount=Decimal(30_000_000), currency="KZT").currency == "KZT"

    def test_record_a_sum_that_no_rate_makes_comparable_and_say_so(self, notified: Claim) -> None:
        found = demand(notified, FIRST, amount=Decimal(5_000_000), currency="KZT")

        case = case_of_claim(found, Evidence(irregularities=("overdue",)), today=FIRST)
        assert found.status == ClaimStatus.CLAIMED
        assert [check.code for check in checks(case) if not check.holds] == ["amount_not_compared"]
