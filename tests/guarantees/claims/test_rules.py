"""The conditions of a claim, one by one: a case in which all hold, and each broken alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guarantees.claims.rules import CLAIM, HOLDS, ClaimCase, Evidence, checks
from guarantees.claims.windows import ClaimDates
from guarantees.clocks import Window
from guarantees.money import Money

DAY = timedelta(days=1)
ACCEPTED, NOTIFIED, CLAIMED = date(2026, 1, 10), date(2026, 5, 15), date(2026, 6, 15)
NOTICE_UNTIL, CLAIM_UNTIL = date(2027, 1, 10), date(2028, 5, 15)
WINDOWS: Mapping[str, Window] = {
    "notify": Window(ACCEPTED, NOTICE_UNTIL, "art. 11(1)"),
    "demand": Window(CLAIMED, CLAIM_UNTIL, "art. 11(3)"),
}
DATES = ClaimDates(ACCEPTED, notified_on=NOTIFIED, claimed_on=CLAIMED)
GOOD = ClaimCase(
    dates=DATES,
    windows=WINDOWS,
    on=CLAIMED,
    evidence=Evidence(irregularities=("overdue",)),
    holder_notified_on=NOTIFIED,
    debtor="Silk Road Haulage",
    debtor_pursued_on=date(2026, 5, 20),
    claimed=Money(Decimal(60_000), "EUR"),
    compared=Money(Decimal(60_000), "EUR"),
    received_on=NOTIFIED,
    maximum=Money(Decimal(60_000), "EUR"),
)
NOT_NOTIFIED = replace(
    GOOD,
    dates=ClaimDates(ACCEPTED),
    windows={"notify": WINDOWS["notify"]},
    claimed=None,
    compared=None,
    received_on=None,
)


def broken(**changes: Any) -> list[str]:
    return [finding.code for finding in CLAIM.findings(replace(GOOD, **changes))]


def notified(on: date) -> ClaimDates:
    return replace(DATES, notified_on=on)


TENGE = Money(Decimal(5_000_000), "KZT")


class TestAGoodClaim:
    def test_breaks_no_rule(self) -> None:
        assert broken() == []

    def test_is_told_so_condition_by_condition(self) -> None:
        found = checks(GOOD)

        assert [check.name for check in found] == [rule.name for rule in CLAIM]
        assert all(check.holds and check.article and check.detail for check in found)

    def test_has_a_sentence_for_every_condition_that_holds(self) -> None:
        assert set(HOLDS) == {rule.code for rule in CLAIM}


class TestRules:
    def test_operation_is_not_discharged(self) -> None:
        evidence = Evidence(is_discharged=True, irregularities=("overdue",))

        assert broken(evidence=evidence) == ["operation_discharged"]

    def test_irregularity_is_established(self) -> None:
        assert broken(evidence=Evidence()) == ["irregularity_not_established"]

    def test_association_is_notified(self) -> None:
        found = [finding.code for finding in CLAIM.findings(NOT_NOTIFIED)]

        assert found == ["association_not_notified"]

    @pytest.mark.parametrize(("after", "codes"), [(-1, []), (0, []), (1, ["notification_lapsed"])])
    def test_association_is_notified_in_time(self, after: int, codes: list[str]) -> None:
        assert broken(dates=notified(NOTICE_UNTIL + after * DAY), received_on=None) == codes

    @pytest.mark.parametrize(("after", "is_lapsed"), [(0, False), (1, True)])
    def test_association_is_notified_in_time_or_never(self, after: int, is_lapsed: bool) -> None:
        late = replace(NOT_NOTIFIED, on=NOTICE_UNTIL + after * DAY)

        assert ("notification_lapsed" in [item.code for item in CLAIM.findings(late)]) is is_lapsed

    def test_holder_is_notified(self) -> None:
        assert broken(holder_notified_on=None) == ["holder_not_notified"]

    def test_debtor_is_identified(self) -> None:
        assert broken(debtor="") == ["debtor_not_identified"]

    @pytest.mark.parametrize("pursued", [None, CLAIMED + DAY])
    def test_debtor_is_pursued_first(self, pursued: date | None) -> None:
        assert broken(debtor_pursued_on=pursued) == ["debtor_not_pursued"]

    @pytest.mark.parametrize(("after", "codes"), [(-1, ["claim_premature"]), (0, []), (1, [])])
    def test_claim_is_not_premature(self, after: int, codes: list[str]) -> None:
        assert broken(on=CLAIMED + after * DAY) == codes

    @pytest.mark.parametrize(("after", "codes"), [(-1, []), (0, []), (1, ["claim_lapsed"])])
    def test_claim_is_not_lapsed(self, after: int, codes: list[str]) -> None:
        assert broken(on=CLAIM_UNTIL + after * DAY) == codes

    @pytest.mark.parametrize(
        ("claimed", "compared", "codes"),
        [
            (Money(Decimal("59999.99"), "EUR"), Money(Decimal("59999.99"), "EUR"), []),
            (Money(Decimal(60_000), "EUR"), Money(Decimal(60_000), "EUR"), []),
            (Money(Decimal("60000.01"), "EUR"), Money(Decimal("60000.01"), "EUR"), ["amount_above_maximum"]),
            (TENGE, Money(Decimal(9_500), "EUR"), []),
            (TENGE, Money(Decimal("60000.01"), "EUR"), ["amount_above_maximum"]),
            (None, None, []),
        ],
    )
    def test_amount_is_within_the_maximum(
        self, claimed: Money | None, compared: Money | None, codes: list[str]
    ) -> None:
        assert broken(claimed=claimed, compared=compared) == codes

    @pytest.mark.parametrize(
        ("compared", "codes"), [(Money(Decimal(9_500), "EUR"), []), (None, ["amount_not_compared"])]
    )
    def test_amount_is_comparable(self, compared: Money | None, codes: list[str]) -> None:
        assert broken(claimed=TENGE, compared=compared) == codes

    @pytest.mark.parametrize(
        ("received_on", "codes"),
        [
            (None, []),
            (NOTIFIED, []),
            (NOTIFIED + DAY, ["receipt_disputed"]),
            (NOTIFIED - DAY, ["receipt_disputed"]),
        ],
    )
    def test_day_of_receipt_is_agreed(self, received_on: date | None, codes: list[str]) -> None:
        assert broken(received_on=received_on) == codes

    def test_name_the_facts_in_their_sentence(self) -> None:
        premature = next(item for item in checks(replace(GOOD, on=CLAIMED - DAY)) if not item.holds)

        assert premature.detail == "Premature: the first day for a claim is 2026-06-15; judged on 2026-06-14."
        assert premature.article == "art. 11(3)"
