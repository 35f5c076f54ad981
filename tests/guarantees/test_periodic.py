"""What beat does for guarantees, by the clock of the server."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from guarantees import periodic
from guarantees.ceilings import set_ceiling
from guarantees.models import LiabilityTotal, UnfoldedEntry
from tests.world import START, World

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

SECOND = timedelta(seconds=1)
BEGINS = datetime(2026, 4, 10, 16, 0, tzinfo=UTC)  # 11 April in Beijing


@pytest.mark.parametrize(("after", "ceiling"), [(-SECOND, 10_000_000), (timedelta(0), 300_000)])
def test_terms_are_followed_from_their_first_day_at_the_association(
    world: World, after: timedelta, ceiling: int
) -> None:
    set_ceiling(
        guarantee_id=world.guarantee.pk,
        ceiling=Decimal(300_000),
        valid_from=date(2026, 4, 11),
        at=START,
    )

    with time_machine.travel(BEGINS + after, tick=False):
        periodic.follow_ceilings()

    world.guarantee.refresh_from_db()
    assert world.guarantee.ceiling == ceiling


def test_what_the_ledger_has_new_is_folded(world: World) -> None:
    world.issue()
    assert UnfoldedEntry.objects.exists()

    periodic.fold_liability()

    assert not UnfoldedEntry.objects.exists()
    kept = LiabilityTotal.objects.get(association=world.associations["CN"], side="issued", dimension="total")
    assert (kept.amount, kept.number) == (100_000, 1)
