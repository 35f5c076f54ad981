"""The clocks of art. 11 against a table made by hand, case by case (`clock_cases.csv`), and against PostgreSQL."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from guarantees.choices import Clock
from guarantees.claims.windows import ClaimDates, windows_from
from guarantees.clocks import Answer
from guarantees.models import ClockRule, CustomsTerritory

CASES = list(csv.DictReader((Path(__file__).parent / "clock_cases.csv").open(encoding="utf-8")))
DAY = timedelta(days=1)
DAYS = st.dates(date(2019, 1, 1), date(2060, 1, 1))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.fixture
def regimes(db: None) -> dict[str, CustomsTerritory | None]:
    """The law alone, and a territory whose own row says three months to this day."""
    territory = CustomsTerritory.objects.create(code="ZZ", name_en="keeps three months")
    ClockRule.objects.create(
        clock=Clock.CLAIM_EARLIEST,
        territory=territory,
        valid_from=date(2018, 7, 1),
        months=3,
        article="art. 11(3)",
    )
    return {"law": None, "kept_three_months": territory}


class TestTheTable:
    def test_has_every_kind_of_case(self) -> None:
        assert len(CASES) >= 40
        assert {row["answer"] for row in CASES} == set(Answer)
        assert {row["step"] for row in CASES} == {"notify", "demand", "pay", "reimburse"}
        assert {row["regime"] for row in CASES} == {"law", "kept_three_months"}

    @pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
    def test_says_what_the_clocks_say(
        self, row: dict[str, str], regimes: dict[str, CustomsTerritory | None]
    ) -> None:
        accepted, on = day(row["accepted"]), day(row["on"])
        assert accepted
        assert on

        found = windows_from(
            ClaimDates(
                accepted_on=accepted,
                territory=regimes[row["regime"]],
                is_fraud=row["fraud"] == "yes",
                notified_on=day(row["notified"]),
                proceedings_began_on=day(row["began"]),
                decision_enforceable_on=day(row["decision"]),
                claimed_on=day(row["claimed"]),
            )
        )[row["step"]]

        assert (found.earliest, found.latest) == (day(row["earliest"]), day(row["latest"]))
        assert found.answer(on) == row["answer"]
        assert found.article == row["article"]


def in_sql(start: date, interval: str) -> date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date + %s::interval)::date", [start, interval])
        found: date = cursor.fetchone()[0]
        return found


@pytest.mark.django_db
class TestWindows:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(accepted=DAYS, wait=st.integers(0, 700), claim_wait=st.integers(31, 700))
    def test_end_where_postgresql_ends_them(self, accepted: date, wait: int, claim_wait: int) -> None:
        notified = accepted + wait * DAY
        claimed = notified + claim_wait * DAY

        found = windows_from(ClaimDates(accepted, notified_on=notified, claimed_on=claimed))
        on_fraud = windows_from(ClaimDates(accepted, is_fraud=True))

        assert found["notify"].latest == in_sql(accepted, "1 year")
        assert on_fraud["notify"].latest == in_sql(accepted, "2 years")
        assert found["demand"].earliest == in_sql(notified, "1 month")
        assert found["demand"].latest == in_sql(notified, "2 years")
        assert found["pay"].latest == in_sql(claimed, "3 months")
        assert found["reimburse"].latest == in_sql(claimed, "2 years")

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(notified=DAYS, on=DAYS)
    def test_are_too_early_then_open_then_lapsed(self, notified: date, on: date) -> None:
        assume(notified <= on)
        order = [Answer.TOO_EARLY, Answer.OPEN, Answer.LAPSED]
        window = windows_from(ClaimDates(notified, notified_on=notified))["demand"]

        assert order.index(window.answer(on)) <= order.index(window.answer(on + DAY))

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(notified=DAYS, began=st.integers(-400, 1200), decided=st.integers(-400, 1200))
    def test_go_by_a_decision_only_if_proceedings_ran_within_the_two_years(
        self, notified: date, began: int, decided: int
    ) -> None:
        began_on, decided_on = notified + began * DAY, notified + max(began, decided) * DAY
        two_years = in_sql(notified, "2 years")
        ran = began_on <= two_years and decided_on >= notified

        latest = windows_from(
            ClaimDates(
                notified,
                notified_on=notified,
                proceedings_began_on=began_on,
                decision_enforceable_on=decided_on,
            )
        )["demand"].latest

        assert latest == (in_sql(decided_on, "1 year") if ran else two_years)
