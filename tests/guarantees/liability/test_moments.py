"""The instant that figures are for: months and ages by UTC, ceilings by the day at the association."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from guarantees.liability.moments import AGE_BANDS, Moment, View
from guarantees.models import Association

BEIJING = timezone(timedelta(hours=8))
LAST_EVENING = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (LAST_EVENING, date(2026, 3, 31)),
        (LAST_EVENING.astimezone(BEIJING), date(2026, 3, 31)),
        (LAST_EVENING + timedelta(minutes=30), date(2026, 4, 1)),
    ],
)
def test_day_is_that_of_utc_however_the_instant_is_written(at: datetime, day: date) -> None:
    assert Moment(at).day == day


def test_month_begins_at_midnight() -> None:
    assert Moment(LAST_EVENING).month == datetime(2026, 3, 1, tzinfo=UTC)


def test_view_has_the_day_at_the_association_and_counts_by_that_of_utc() -> None:
    view = View(Association(pk=1, time_zone="Asia/Shanghai"), "EUR", Moment(LAST_EVENING))

    assert view.day == date(2026, 4, 1)
    assert view.parameters["day"] == date(2026, 3, 31)


def test_ages_leave_no_day_out() -> None:
    assert [low for low, _high in AGE_BANDS] == [0, *(high for _low, high in AGE_BANDS[:-1])]
    assert AGE_BANDS[-1][1] is None
