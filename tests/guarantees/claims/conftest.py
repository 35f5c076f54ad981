"""A claim at its first steps, each on the day that the clocks of art. 11 are counted from in these tests."""

import pytest

from guarantees.models import Claim
from tests.guarantees.claiming import DAY, FIRST, NOTIFIED, demand, notify, open_claim
from tests.world import World


@pytest.fixture
def claim(world: World) -> Claim:
    return open_claim(world)


@pytest.fixture
def notified(claim: Claim) -> Claim:
    return notify(claim, NOTIFIED, holder_notified_on=NOTIFIED - DAY)


@pytest.fixture
def claimed(notified: Claim) -> Claim:
    return demand(notified, FIRST)
