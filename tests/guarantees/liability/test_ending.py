"""What ends liability for an operation: histories of claims by hand, and Python against PostgreSQL on many others."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from guarantees.choices import ClaimStatus, LiabilityEnding
from guarantees.liability.ending import ended_by
from guarantees.models import Claim
from tests.guarantees.claiming import headquarters
from tests.world import START, World

DAY = timedelta(days=1)
ACCEPTED = date(2026, 3, 3)
YEAR, TWO_YEARS = date(2027, 3, 3), date(2028, 3, 3)
NOTIFIED = date(2026, 6, 1)
CLAIM_UNTIL = date(2028, 6, 1)
NUMBER, PAGE = "XZ99000001", 3
S = ClaimStatus
LAPSE_CLAIM, LAPSE_NOTICE = LiabilityEnding.LAPSE_CLAIM, LiabilityEnding.LAPSE_NOTICE
IN_TIME = {"notified_on": NOTIFIED}
IN_COURT = {**IN_TIME, "proceedings_began_on": CLAIM_UNTIL}
IN_COURT_LATE = {**IN_TIME, "proceedings_began_on": CLAIM_UNTIL + DAY}
DECIDED = {**IN_TIME, "proceedings_began_on": NOTIFIED, "decision_enforceable_on": date(2028, 12, 1)}
CLAIMED, CLAIMED_LATE = {**IN_TIME, "claimed_on": CLAIM_UNTIL}, {**IN_TIME, "claimed_on": CLAIM_UNTIL + DAY}
PAID = {**CLAIMED, "paid_on": CLAIM_UNTIL}


class Histories:
    """Claims about one operation, made as rows: the law is asked about what stands on record."""

    def __init__(self, world: World) -> None:
        self.world, self.by = world, headquarters()

    def claim(self, status: str, **facts: Any) -> Claim:
        return Claim.objects.create(
            carnet_number=NUMBER, page=PAGE, association=self.world.associations["KZ"],
            accepted_by=self.world.associations["KZ"], issuer=self.world.associations["CN"],
            territory=self.world.territories["EAEU"], country="KZ", accepted_at=START, accepted_on=ACCEPTED,
            reason="No trace.", created_at=START, created_by=self.by, status=status, **facts,
        )  # fmt: skip

    def ended(self, on: date, *, is_discharged: bool = False) -> LiabilityEnding | None:
        """Return what Python says, having seen that PostgreSQL says the same."""
        territory = self.world.territories["EAEU"]
        found = ended_by(
            Claim.objects.all(), accepted_on=ACCEPTED, territory=territory, on=on, is_discharged=is_discharged
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT guarantees_liability_ends(%s, %s, %s, %s, %s, %s)",
                [NUMBER, PAGE, ACCEPTED, territory.pk, on, is_discharged],
            )
            assert cursor.fetchone()[0] == (found and found.value)
        return found


@pytest.fixture
def histories(world: World) -> Histories:
    return Histories(world)


class TestWithoutAClaim:
    @pytest.mark.parametrize(
        ("on", "end"),
        [(ACCEPTED, None), (YEAR, None), (YEAR + DAY, LAPSE_NOTICE), (TWO_YEARS, LAPSE_NOTICE)],
    )
    def test_liability_lapses_the_day_after_the_year(
        self, histories: Histories, on: date, end: LiabilityEnding | None
    ) -> None:
        assert histories.ended(on) == end

    @pytest.mark.parametrize("on", [ACCEPTED, YEAR, YEAR + DAY])
    def test_a_discharge_ends_it_on_any_day(self, histories: Histories, on: date) -> None:
        assert histories.ended(on, is_discharged=True) == LiabilityEnding.DISCHARGE


class TestOneClaim:
    @pytest.mark.parametrize(
        ("status", "facts", "on", "end"),
        [
            # established, and never notified
            (S.OPENED, {}, YEAR, None),
            (S.OPENED, {}, YEAR + DAY, LAPSE_NOTICE),
            (S.OPENED, {"is_fraud": True}, YEAR + DAY, None),
            (S.OPENED, {"is_fraud": True}, TWO_YEARS, None),
            (S.OPENED, {"is_fraud": True}, TWO_YEARS + DAY, LAPSE_NOTICE),
            # notified on the last day, and the day after
            (S.NOTIFIED, {"notified_on": YEAR}, YEAR + DAY, None),
            (S.NOTIFIED, {"notified_on": YEAR + DAY}, YEAR + DAY, LAPSE_NOTICE),
            (S.NOTIFIED, {"notified_on": TWO_YEARS, "is_fraud": True}, TWO_YEARS + DAY, None),
            (S.NOTIFIED, {"notified_on": TWO_YEARS + DAY, "is_fraud": True}, TWO_YEARS + DAY, LAPSE_NOTICE),
            # notified, and not claimed within two years
            (S.NOTIFIED, IN_TIME, CLAIM_UNTIL, None),
            (S.NOTIFIED, IN_TIME, CLAIM_UNTIL + DAY, LAPSE_CLAIM),
            (S.CONTESTED, IN_TIME, CLAIM_UNTIL + DAY, LAPSE_CLAIM),
            # proceedings within the two years hold it open until a year after the decision
            (S.NOTIFIED, IN_COURT, CLAIM_UNTIL + 999 * DAY, None),
            (S.NOTIFIED, IN_COURT_LATE, CLAIM_UNTIL + DAY, LAPSE_CLAIM),
            (S.NOTIFIED, DECIDED, date(2029, 12, 1), None),
            (S.NOTIFIED, DECIDED, date(2029, 12, 2), LAPSE_CLAIM),
            # a decision on the day of the notification counts, one from the day before was about something else
            (S.NOTIFIED, {**IN_TIME, "decision_enforceable_on": NOTIFIED}, date(2027, 6, 1), None),
            (S.NOTIFIED, {**IN_TIME, "decision_enforceable_on": NOTIFIED}, date(2027, 6, 2), LAPSE_CLAIM),
            (S.NOTIFIED, {**IN_TIME, "decision_enforceable_on": NOTIFIED - DAY}, CLAIM_UNTIL, None),
            # claimed in time it stays, claimed late it does not
            (S.CLAIMED, CLAIMED, CLAIM_UNTIL + 999 * DAY, None),
            (S.CLAIMED, CLAIMED_LATE, CLAIM_UNTIL + DAY, LAPSE_CLAIM),
            (S.CONTESTED, CLAIMED, CLAIM_UNTIL + 999 * DAY, None),
            # settled
            (S.PAID, PAID, CLAIM_UNTIL, LiabilityEnding.PAID),
            (S.REIMBURSED, PAID, CLAIM_UNTIL, LiabilityEnding.PAID),
            (S.WITHDRAWN, IN_TIME, NOTIFIED, LiabilityEnding.WITHDRAWN),
            (S.WITHDRAWN, {}, YEAR, None),
            (S.WITHDRAWN, {"is_fraud": True}, YEAR + DAY, LAPSE_NOTICE),
        ],
    )  # fmt: skip
    def test_decides(
        self, histories: Histories, status: str, facts: dict[str, Any], on: date, end: LiabilityEnding | None
    ) -> None:
        histories.claim(status, **facts)

        assert histories.ended(on) == end

    @pytest.mark.parametrize(
        ("facts", "end"),
        [
            (IN_TIME, LiabilityEnding.DISCHARGE),
            ({"is_fraud": True}, LiabilityEnding.DISCHARGE),
            ({"notified_on": TWO_YEARS, "is_fraud": True}, None),
            ({"notified_on": TWO_YEARS + DAY, "is_fraud": True}, LiabilityEnding.DISCHARGE),
        ],
        ids=["no fraud", "fraud not notified", "fraud notified", "fraud notified too late"],
    )
    def test_revives_what_a_discharge_ended_only_by_fraud_notified_in_time(
        self, histories: Histories, facts: dict[str, Any], end: LiabilityEnding | None
    ) -> None:
        histories.claim(S.NOTIFIED if "notified_on" in facts else S.OPENED, **facts)

        assert histories.ended(TWO_YEARS + 2 * DAY, is_discharged=True) == end


PAST = {
    LiabilityEnding.WITHDRAWN: (S.WITHDRAWN, IN_TIME),
    LiabilityEnding.PAID: (S.REIMBURSED, PAID),
}


class TestTwoClaims:
    @pytest.mark.parametrize("first", PAST)
    def test_leave_the_first_end_until_the_second_is_notified(
        self, histories: Histories, first: LiabilityEnding
    ) -> None:
        status, facts = PAST[first]
        histories.claim(status, **facts)
        again = histories.claim(S.OPENED, is_fraud=True)
        assert histories.ended(YEAR) == first

        again.status, again.notified_on = S.NOTIFIED, YEAR + DAY
        again.save()

        assert histories.ended(YEAR + DAY) is None
        assert histories.ended(YEAR + DAY, is_discharged=True) is None

    def test_end_with_the_second_when_both_are_over(self, histories: Histories) -> None:
        histories.claim(S.WITHDRAWN, notified_on=NOTIFIED)
        histories.claim(S.PAID, notified_on=NOTIFIED, claimed_on=YEAR, paid_on=YEAR)

        assert histories.ended(YEAR) == LiabilityEnding.PAID


FACTS = st.fixed_dictionaries(
    {"is_fraud": st.booleans()},
    optional={
        name: st.dates(ACCEPTED, date(2031, 1, 1))
        for name in (
            "notified_on",
            "claimed_on",
            "paid_on",
            "proceedings_began_on",
            "decision_enforceable_on",
        )
    },
)


class TestTheTwoTongues:
    @settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        claims=st.lists(st.tuples(st.sampled_from(S.values), FACTS), max_size=3),
        on=st.dates(ACCEPTED, date(2032, 1, 1)),
        is_discharged=st.booleans(),
    )
    def test_say_the_same(
        self, histories: Histories, claims: list[tuple[str, dict[str, Any]]], on: date, is_discharged: bool
    ) -> None:
        over = {S.WITHDRAWN, S.REIMBURSED}
        assume(sum(status not in over for status, _facts in claims) <= 1)
        with transaction.atomic():
            for status, facts in claims:
                histories.claim(status, **facts)
            histories.ended(on, is_discharged=is_discharged)
            transaction.set_rollback(True)
