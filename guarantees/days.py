"""Which day it is in a country, for decisions that customs take there; an association knows its own (`day_at`)."""

from datetime import date, datetime

from guarantees.models import Association
from tir.kernel.kept import kept_for
from tir.kernel.places import day_at

ELSEWHERE = "UTC"  # a country whose association is not on record: nothing here says which clocks it keeps


def day_in(country: str, instant: datetime) -> date:
    """Return the day in a country (ISO alpha-2), by the clock of its guaranteeing association."""
    return day_at(instant, zone_of(country))


def zone_of(country: str) -> str:
    """Return the time zone of a country's guaranteeing association."""
    return _zones().get(country, ELSEWHERE)


@kept_for(seconds=60)
def _zones() -> dict[str, str]:
    return dict(Association.objects.values_list("country", "time_zone"))
