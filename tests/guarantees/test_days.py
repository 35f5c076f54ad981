"""The day in a country is the day at its association; where none is on record, that of UTC."""

from datetime import UTC, date, datetime

import pytest

from guarantees.days import day_in, zone_of
from tests.world import World
from tir.kernel.kept import Kept


@pytest.mark.parametrize(
    ("country", "day"),
    [("CN", date(2026, 3, 3)), ("KZ", date(2026, 3, 2)), ("FR", date(2026, 3, 2))],
)
def test_is_that_of_the_association(world: World, country: str, day: date) -> None:
    """At 17:00 UTC it is past midnight in Beijing, 22:00 in Almaty, and nobody knows what clocks France keeps."""
    assert day_in(country, datetime(2026, 3, 2, 17, 0, tzinfo=UTC)) == day


def test_zone_follows_the_register(world: World) -> None:
    association = world.associations["KZ"]
    association.time_zone = "Asia/Aqtau"
    association.save()
    Kept.forget_all()

    assert (zone_of("KZ"), zone_of("CN"), zone_of("FR")) == ("Asia/Aqtau", "Asia/Shanghai", "UTC")
