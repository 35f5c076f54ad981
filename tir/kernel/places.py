"""Days of the law are days at the place: the office that accepts, the association that issues or receives."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """Return the time zone of that name (IANA); raise ZoneInfoNotFoundError for none."""
    return ZoneInfo(name)


def day_at(instant: datetime, time_zone: str) -> date:
    """Return the calendar day that an instant falls on at a place with that time zone."""
    return instant.astimezone(zone(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """Return the first instant of a day at a place, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone(time_zone)).astimezone(UTC)


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the last second of a day at a place, in UTC."""
    return start_of_day(day + timedelta(days=1), time_zone) - timedelta(seconds=1)
