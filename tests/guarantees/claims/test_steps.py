"""Claims step by step (art. 11): who, when, with what; what the law refuses, and what a letter may still say."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from tests.guarantees.claiming import demand, headquarters, instant, notify, open_claim

from guarantees.choices import ClaimStatus
from guarantees.claims import documents
from guarantees.claims import steps as claims
from guarantees.models import Claim, Notice
from tests.world import World

DAY = timedelta(days=1)
NOTIFIED = date(2026, 5, 15)
FIRST, LAST = date(2026, 6, 15), date(2028, 5, 15)
PDF = b"%PDF-1.7 a scan of the letter"


@pytest.fixture
def claim(world: World) -> Claim:
    return open_claim(world)


@pytest.fixture
def notified(claim: Claim) -> Claim:
    return notify(claim, NOTIFIED, holder_notified_on=NOTIFIED - DAY)


@pytest.fixture
def claimed(notified: Claim) -> Claim:
    return demand(notified, FIRST)


def verbs(claim: Claim) -> list[str]:
    return list(claim.events.values_list("verb", flat=True))


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

        with pytest.raises(claims.ClaimExists):
            open_claim(world, carnet)

    def test_may_begin_again_when_withdrawn(self, world: World, claim: Claim) -> None:
        claims.withdraw(claim_id=claim.pk, on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert open_claim(world, world.guarantee.carnets.get()).pk != claim.pk

    @pytest.mark.parametrize("verb", sorted(claims.STEPS))
    def test_takes_a_step_from_nowhere_else(self, world: World, claimed: Claim, verb: str) -> None:
        """Paid and given back: nothing more can happen."""
        day = FIRST + DAY
        claims.pay(claim_id=claimed.pk, on=day, by=world.staff["KZ"], at=instant(day))
        claims.reimburse(claim_id=claimed.pk, on=day, by=headquarters(), at=instant(day))

        with pytest.raises(claims.ClaimStepNotAllowed):
            take(verb, claimed, day)


def take(verb: str, claim: Claim, on: date) -> Claim:
    if verb == "demand":
        return demand(claim, on)
    if verb == "notify":
        return notify(claim, on)
    step: Any = getattr(claims, verb)
    found: Claim = step(claim_id=claim.pk, on=on, by=headquarters(), at=instant(on))
    return found


class TestTheClocks:
    @pytest.mark.parametrize(
        ("on", "error"), [(FIRST - DAY, claims.ActTooEarly), (LAST + DAY, claims.ActLapsed)]
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

        with pytest.raises(claims.ActLapsed):
            notify(claim, last_day + DAY)
        assert notify(claim, last_day).notified_on == last_day

    def test_refuse_a_day_to_come(self, claim: Claim) -> None:
        with pytest.raises(claims.ActTooEarly):
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


class TestTheConditions:
    @pytest.mark.parametrize("said", [{"debtor": ""}, {"debtor_pursued_on": None}])
    def test_refuse_a_claim_before_the_debtor_was_pursued(
        self, notified: Claim, said: dict[str, Any]
    ) -> None:
        with pytest.raises(claims.ClaimRefused) as refused:
            demand(notified, FIRST, **said)

        assert refused.value.error_code == "debtor_not_pursued"

    @pytest.mark.parametrize(("amount", "currency"), [(Decimal("60000.01"), "EUR"), (Decimal(1), "USD")])
    def test_refuse_more_than_the_maximum(self, notified: Claim, amount: Decimal, currency: str) -> None:
        with pytest.raises(claims.ClaimRefused) as refused:
            demand(notified, FIRST, amount=amount, currency=currency)

        assert refused.value.error_code == "amount_above_maximum"


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
        with pytest.raises(claims.ClaimStepNotAllowed):
            demand(claimed, FIRST, by=world.staff["KZ"], by_letter=True)


class TestTheOtherSide:
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


class TestDocuments:
    def attach(self, claim: Claim, **changes: Any) -> Any:
        said = {"kind": "notice", "name": "Letter.pdf", "content_type": "application/pdf", "content": PDF}
        return documents.attach(claim=claim, by=headquarters(), at=instant(NOTIFIED), **{**said, **changes})

    def test_are_kept_with_their_hash(self, claim: Claim) -> None:
        document = self.attach(claim)

        assert document.size == len(PDF)
        assert document.sha256 == sha256(PDF).digest()

    def test_are_taken_once(self, claim: Claim) -> None:
        self.attach(claim)

        with pytest.raises(documents.DocumentExists):
            self.attach(claim, name="Again.pdf")

    @pytest.mark.parametrize(
        "changes",
        [
            {"content": b""},
            {"content": b"GIF89a"},
            {"content_type": "image/png"},
            {"content": PDF + bytes(documents.LARGEST_DOCUMENT)},
        ],
    )
    def test_are_what_they_say(self, claim: Claim, changes: dict[str, Any]) -> None:
        with pytest.raises(documents.DocumentRefused):
            self.attach(claim, **changes)
