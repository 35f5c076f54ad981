"""The legal day at a place, against PostgreSQL's own calendar, in every zone of the reference tables."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.db import connection

from checkpoints.reference import tables
from tir.kernel.places import day_at, latest_day, midnight_after

DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
ZONES = sorted({office.time_zone for office in tables.office_rows()} | {"UTC"})
YEARS = range(2005, 2036)
# Days at whose midnight clocks of one zone or another were put forward or back, and ordinary ones.
DAYS = [date(year, month, day) for year in YEARS for month in (3, 9, 10) for day in (1, 20, 21, 22, 25, 29, 31)
        if (month, day) != (9, 31)]  # fmt: skip


def days_in_sql(instants: list[datetime], zone: str) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (i AT TIME ZONE %s)::date FROM unnest(%s::timestamptz[]) WITH ORDINALITY t (i, n) ORDER BY n",
            [zone, instants],
        )
        return [day for (day,) in cursor.fetchall()]


def around(day: date) -> list[datetime]:
    """Instants within fifteen hours of midnight UTC: every zone's own midnight is among them."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    whole = [midnight + hours * HOUR for hours in range(-15, 16)]
    return [
        instant + less for instant in whole for less in (-MOMENT, timedelta(0), 30 * timedelta(minutes=1))
    ]


class TestDayAt:
    @pytest.mark.django_db
    @pytest.mark.parametrize("zone", ZONES)
    def test_is_the_day_that_postgresql_finds(self, zone: str) -> None:
        instants = [instant for day in DAYS[::3] for instant in around(day)]

        assert [day_at(instant, zone) for instant in instants] == days_in_sql(instants, zone)

    def test_does_not_depend_on_the_zone_the_instant_is_written_in(self) -> None:
        early = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)

        assert day_at(early, "Asia/Urumqi") == day_at(early.astimezone(), "Asia/Urumqi") == date(2026, 11, 1)
        assert day_at(early - HOUR, "UTC") == date(2026, 10, 31)
        assert day_at(early - HOUR, "Asia/Urumqi") == date(2026, 11, 1)

    def test_knows_no_place_without_a_zone(self) -> None:
        with pytest.raises(ZoneInfoNotFoundError):
            day_at(datetime(2026, 1, 1, tzinfo=UTC), "Asia/Nowhere")


class TestMidnightAfter:
    @pytest.mark.parametrize("zone", ZONES)
    def test_is_the_first_instant_of_the_next_day(self, zone: str) -> None:
        for day in (date(2005, 1, 1) + n * DAY for n in range(30 * 365)):
            midnight = midnight_after(day, zone)

            assert day_at(midnight, zone) == day + DAY
            assert day_at(midnight - MOMENT, zone) == day

    def test_is_given_in_utc(self) -> None:
        assert midnight_after(date(2026, 10, 31), "Asia/Almaty") == datetime(2026, 10, 31, 19, tzinfo=UTC)
        assert midnight_after(date(2026, 10, 31), "Asia/Almaty").tzinfo is UTC


class TestTheLatestDay:
    def test_is_that_of_no_zone_of_ours_but_of_any(self) -> None:
        for day in DAYS:
            for instant in around(day):
                assert latest_day(instant) >= max(day_at(instant, zone) for zone in ZONES)

    def test_begins_fourteen_hours_before_it_does_in_greenwich(self) -> None:
        noon = datetime(2026, 3, 20, 10, tzinfo=UTC)
        assert latest_day(noon - MOMENT) == date(2026, 3, 20)
        assert latest_day(noon) == date(2026, 3, 21)
