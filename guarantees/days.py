"""Days where an association sits: what is asked, received or due there belongs to the day of its own clock."""

from datetime import date, datetime

from guarantees.models import Association
from tir.kernel.places import day_at


def zone_of(country: str) -> str:
    """Return the time zone of the country's association; UTC where none is on record."""
    zones = Association.objects.filter(country=country).order_by("code").values_list("time_zone", flat=True)
    return zones.first() or "UTC"


def day_in(country: str, at: datetime) -> date:
    """Return the day that it is in the country, by its association's clock."""
    return day_at(at, zone_of(country))
