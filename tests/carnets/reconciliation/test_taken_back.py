"""A discharge that lost one of its records: who bears the operation from then on, and what history says of before."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from carnets.choices import OperationStatus
from carnets.models import Carnet, TirOperation
from checkpoints.models import Stamp
from guarantees.liability import folding
from guarantees.liability.choices import Side
from guarantees.liability.figures import figures
from guarantees.liability.moments import Moment, View
from guarantees.models import LiabilityEntry
from tests.journeys.delivering import let_stamps_come_late
from tests.world import HOUR, START, World, in_order, reconcile

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DISCHARGED, TAKEN_BACK, CORRECTED = START + 20 * DAY, START + 30 * DAY, START + 40 * DAY
KAZAKH = (3, 4)  # the pages of the second operation


@pytest.fixture
def carnet(world: World) -> Carnet:
    """A carnet all of whose operations were discharged."""
    carnet = world.issue()
    world.travel(carnet)
    reconcile(DISCHARGED)
    return carnet


def cancel(world: World, carnet: Carnet, page: int, now: datetime) -> None:
    stamp = Stamp.objects.get(carnet=carnet, page=page, cancels=None)
    world.stamp(carnet, page, now, now=now, cancels=stamp.id, cancel_reason="wrong lorry")


def borne_in_kazakhstan(world: World, at: datetime) -> tuple[Decimal, int]:
    found = figures(View(world.associations["KZ"], "EUR", Moment(at, False)))[Side.TERRITORY].total
    return found.amount, found.count


def entries(carnet: Carnet) -> list[tuple[str, str, datetime]]:
    found = LiabilityEntry.objects.filter(carnet_number=carnet.number, page=KAZAKH[0]).order_by("id")
    return list(found.values_list("kind", "cause", "at"))


class TestATerminationThatIsCancelled:
    def test_is_borne_again_from_then_on(self, world: World, carnet: Carnet) -> None:
        cancel(world, carnet, KAZAKH[1], TAKEN_BACK)

        operation = TirOperation.objects.get(carnet=carnet, sequence=2)
        assert (operation.status, operation.borne_from) == (OperationStatus.STARTED, TAKEN_BACK)
        assert entries(carnet)[1:] == [
            ("relieved", "discharged", DISCHARGED),
            ("borne", "reopened", TAKEN_BACK),
        ]

    def test_leaves_what_was_borne_before_as_it_was(self, world: World, carnet: Carnet) -> None:
        before, between, after = DISCHARGED - DAY, TAKEN_BACK - DAY, TAKEN_BACK + DAY
        was = [borne_in_kazakhstan(world, at) for at in (before, between)]

        cancel(world, carnet, KAZAKH[1], TAKEN_BACK)

        assert was == [(Decimal(60_000), 1), (Decimal(0), 0)]
        assert [borne_in_kazakhstan(world, at) for at in (before, between)] == was
        assert borne_in_kazakhstan(world, after) == (Decimal(60_000), 1)
        assert folding.discrepancies() == []

    def test_is_relieved_when_it_is_stamped_again(self, world: World, carnet: Carnet) -> None:
        let_stamps_come_late()
        cancel(world, carnet, KAZAKH[1], TAKEN_BACK)
        said = in_order(carnet, KAZAKH[1])
        world.stamp(carnet, KAZAKH[1], START + 40 * HOUR, now=CORRECTED, is_offline=True, **said)

        reconcile(CORRECTED)

        assert borne_in_kazakhstan(world, TAKEN_BACK + DAY) == (Decimal(60_000), 1)
        assert borne_in_kazakhstan(world, CORRECTED + DAY) == (Decimal(0), 0)
        assert folding.discrepancies() == []


class TestAStartThatIsCancelled:
    def test_and_stamped_again_is_borne_once_at_every_instant(self, world: World, carnet: Carnet) -> None:
        """Not from the start: up to the discharge it had been borne already."""
        cancel(world, carnet, KAZAKH[1], TAKEN_BACK)
        cancel(world, carnet, KAZAKH[0], TAKEN_BACK + HOUR)
        world.stamp(carnet, KAZAKH[0], START + 30 * HOUR, now=CORRECTED, is_offline=True)

        instants = [START + 2 * DAY, DISCHARGED - DAY, TAKEN_BACK + 2 * HOUR, CORRECTED + DAY]
        assert all(borne_in_kazakhstan(world, at)[1] <= 1 for at in instants)
        assert borne_in_kazakhstan(world, CORRECTED + DAY) == (Decimal(60_000), 1)
        assert folding.discrepancies() == []
