"""The carnet that most dossiers here are about."""

from datetime import timedelta

import pytest

from carnets.models import Carnet
from tests.world import START, World, reconcile

DAY = timedelta(days=1)


@pytest.fixture
def carnet(world: World) -> Carnet:
    """Kazakhstan did not certify the exit; Uzbekistan took the lorry over all the same."""
    carnet = world.issue()
    world.travel(carnet, but={4: None})
    world.report(carnet, "KZHOR001", START + 2 * DAY)
    reconcile(START + 40 * DAY)
    return carnet
