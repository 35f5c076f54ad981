"""The legal day at a place: an instant is the same everywhere, the day it falls on is not.

Acceptance and posting count by the day at the office, receipt by the day at the association, issue by the day at the
association that issues. Every such day comes from here; a UTC instant's own `.date()` is never a day of the law.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
FURTHEST_EAST = "Pacific/Kiritimati"


@cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name in the IANA database, as in Asia/Almaty. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(name)


def day_at(instant: datetime, time_zone: str) -> date:
    """Return the day of the calendar at a place, whatever zone the instant itself is written in."""
    return instant.astimezone(zone(time_zone)).date()


def latest_day(instant: datetime) -> date:
    """Return the latest day that it is anywhere: what is dated after it has not come yet, wherever it was written."""
    return day_at(instant, FURTHEST_EAST)


def midnight_after(day: date, time_zone: str) -> datetime:
    """Return the first instant (in UTC) that is no longer `day` at a place."""
    return datetime.combine(day + DAY, time.min, tzinfo=zone(time_zone)).astimezone(UTC)


def start_of_day(day: date, time_zone: str) -> datetime:
    """Return the first instant (in UTC) of a day at a place."""
    return datetime.combine(day, time.min, tzinfo=zone(time_zone)).astimezone(UTC)


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the last second (in UTC) of a day at a place."""
    return midnight_after(day, time_zone) - timedelta(seconds=1)
