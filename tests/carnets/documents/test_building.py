"""The printed carnet from its rows."""

from datetime import UTC, date, datetime

import pytest

from carnets.documents.building import build_sheet
from carnets.documents.sheet import Office
from tests.world import World


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("issued_at", "printed"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),  # midnight at the Chinese association
    ],
)
def test_the_day_of_issue_is_the_day_at_the_association(
    world: World, issued_at: datetime, printed: date
) -> None:
    carnet = world.issue(at=issued_at, acceptance_until=date(2026, 4, 1))

    offices = {stop.office: Office(stop.office, stop.office, "", "", "") for stop in carnet.stops.all()}
    assert build_sheet(carnet, offices).issue_date == printed
