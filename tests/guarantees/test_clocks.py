"""Legal clocks: Python and PostgreSQL give the same day, and a day is too early, open or lapsed (invariant 8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from guarantees.choices import Clock
from guarantees.clocks import Answer, ClockRuleMissing, Period, Window, period, reach
from guarantees.models import ClockRule, CustomsTerritory

DAY = timedelta(days=1)
STARTS = st.datetimes(datetime(1980, 1, 1), datetime(2090, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
EVERY_CLOCK_SINCE = datetime(2006, 8, 12, tzinfo=UTC)  # Annex 10 came into force
LENGTHS = st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(0, 800))


def end_in_sql(clock: str, territory: int | None, start: datetime) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guarantees_clock_end(%s, %s, %s)", [clock, territory, start])
        ends: datetime | None = cursor.fetchone()[0]
        return ends


def end_in_python(clock: Clock, start: datetime) -> datetime | None:
    """Return where the clock ends, nowhere if no rule was in force when it began."""
    try:
        return period(clock, on=start.date()).after(start)
    except ClockRuleMissing:
        return None


class TestPeriodAfter:
    @pytest.mark.parametrize(
        ("start", "length", "end"),
        [
            (date(2026, 1, 31), Period(months=1), date(2026, 2, 28)),
            (date(2024, 1, 31), Period(months=1), date(2024, 2, 29)),
            (date(2026, 3, 31), Period(months=1), date(2026, 4, 30)),
            (date(2026, 1, 28), Period(months=1), date(2026, 2, 28)),
            (
                date(2026, 2, 28),
                Period(months=1),
                date(2026, 3, 28),
            ),  # the last day of a month is no last day after
            (date(2026, 11, 30), Period(months=3), date(2027, 2, 28)),
            (date(2027, 11, 30), Period(months=3), date(2028, 2, 29)),
            (date(2026, 12, 1), Period(months=1), date(2027, 1, 1)),
            (date(2024, 2, 29), Period(years=1), date(2025, 2, 28)),
            (date(2024, 2, 29), Period(years=2), date(2026, 2, 28)),
            (date(2024, 2, 29), Period(years=4), date(2028, 2, 29)),
            (date(2000, 2, 29), Period(years=100), date(2100, 2, 28)),
            (date(2026, 1, 31), Period(months=1, days=1), date(2026, 3, 1)),  # months first, then days
            (date(2026, 1, 31), Period(days=28), date(2026, 2, 28)),
            (date(2026, 1, 31), Period(years=1, months=1), date(2027, 2, 28)),
            (date(2026, 3, 2), Period(), date(2026, 3, 2)),
        ],
    )
    def test_ends_on_the_day_the_calendar_says(self, start: date, length: Period, end: date) -> None:
        assert length.after(start) == end

    def test_keeps_the_time_of_day(self) -> None:
        start = datetime(2024, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)

        assert Period(months=1).after(start) == start.replace(month=2, day=29)

    @pytest.mark.django_db
    @settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(start=STARTS, length=LENGTHS)
    @example(start=datetime(2024, 2, 29, tzinfo=UTC), length=(1, 0, 0))
    @example(start=datetime(2026, 1, 31, 23, 59, tzinfo=UTC), length=(0, 1, 1))
    def test_ends_where_postgresql_ends_it(self, start: datetime, length: tuple[int, int, int]) -> None:
        years, months, days = length
        territory, _made = CustomsTerritory.objects.get_or_create(code="ZZ", defaults={"name_en": "anywhere"})
        ClockRule.objects.update_or_create(
            clock=Clock.SUSPENSION,
            territory=territory,
            valid_from=date(1970, 1, 1),
            defaults={"years": years, "months": months, "days": days, "article": "by a test"},
        )

        ends = Period(years, months, days).after(start)

        assert end_in_sql("suspension", territory.pk, start) == ends

    @pytest.mark.django_db
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(start=STARTS, clock=st.sampled_from(Clock.values))
    def test_of_every_rule_of_law_ends_where_postgresql_ends_it(self, start: datetime, clock: str) -> None:
        assert end_in_sql(clock, None, start) == end_in_python(Clock(clock), start)


@pytest.mark.django_db
class TestPeriod:
    @pytest.mark.parametrize(
        ("clock", "length"),
        [
            (Clock.NOTIFICATION, Period(years=1, article="art. 11(1)")),
            (Clock.NOTIFICATION_FRAUD, Period(years=2, article="art. 11(1)")),
            (Clock.CLAIM_EARLIEST, Period(months=1, article="art. 11(3)")),
            (Clock.CLAIM_LATEST, Period(years=2, article="art. 11(3)")),
            (Clock.CLAIM_AFTER_DECISION, Period(years=1, article="art. 11(3)")),
            (Clock.PAYMENT, Period(months=3, article="art. 11(4)")),
            (Clock.REIMBURSEMENT, Period(years=2, article="art. 11(5)")),
        ],
    )
    def test_is_what_article_11_says_today(self, clock: Clock, length: Period) -> None:
        assert period(clock, on=date(2026, 3, 2)) == length

    @pytest.mark.parametrize("clock", list(Clock))
    def test_names_its_article_for_every_clock(self, clock: Clock) -> None:
        assert period(clock, on=date(2026, 3, 2)).article

    def test_is_the_one_in_force_on_that_day(self) -> None:
        changed = date(2018, 7, 1)

        assert period(Clock.CLAIM_EARLIEST, on=changed - DAY).months == 3
        assert period(Clock.CLAIM_EARLIEST, on=changed).months == 1

    def test_goes_by_the_territory_before_the_law(self) -> None:
        territory = CustomsTerritory.objects.create(code="UZ", name_en="Uzbekistan")
        ClockRule.objects.create(
            clock=Clock.SUSPENSION,
            territory=territory,
            valid_from=date(2026, 1, 1),
            valid_to=date(2027, 1, 1),
            days=10,
            article="decree",
        )

        days = {
            on.year: period(Clock.SUSPENSION, on=on, territory=territory).days
            for on in (date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1))
        }

        assert days == {2025: 30, 2026: 10, 2027: 30}
        for year, length in days.items():
            start = datetime(year, 1, 1, tzinfo=UTC) if year > 2025 else datetime(2025, 12, 31, tzinfo=UTC)
            assert end_in_sql("suspension", territory.pk, start) == start + length * DAY

    def test_is_missing_before_the_convention(self) -> None:
        with pytest.raises(ClockRuleMissing) as missing:
            period(Clock.NOTIFICATION, on=date(1975, 1, 1))

        assert missing.value.facts == {"clock": "notification", "on": date(1975, 1, 1)}
        assert end_in_sql("notification", None, datetime(1975, 1, 1, tzinfo=UTC)) is None


@pytest.mark.django_db
class TestReach:
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(start=STARTS, clocks=st.lists(st.sampled_from(Clock.values), min_size=1, max_size=3))
    def test_holds_every_end(self, start: datetime, clocks: list[str]) -> None:
        assume(start >= EVERY_CLOCK_SINCE)
        named = [Clock(clock) for clock in clocks]
        end = start
        for clock in named:
            end = period(clock, on=end.date()).after(end)
        least, most = reach(*named)

        assert start + least <= end <= start + most


class TestWindowAnswer:
    @pytest.mark.parametrize(
        ("on", "answer"),
        [
            (date(2026, 4, 1), Answer.TOO_EARLY),
            (date(2026, 4, 2), Answer.OPEN),
            (date(2026, 9, 1), Answer.OPEN),
            (date(2028, 3, 2), Answer.OPEN),
            (date(2028, 3, 3), Answer.LAPSED),
        ],
    )
    def test_counts_both_ends_in(self, on: date, answer: Answer) -> None:
        """Notified on 2 March 2026: claim from one month after to two years after (art. 11(3))."""
        assert Window(date(2026, 4, 2), date(2028, 3, 2), "art. 11(3)").answer(on) == answer

    def test_is_open_on_the_side_without_a_date(self) -> None:
        assert Window(None, date(2026, 1, 1), "").answer(date(1990, 1, 1)) == Answer.OPEN
        assert Window(date(2026, 1, 1), None, "").answer(date(2090, 1, 1)) == Answer.OPEN
