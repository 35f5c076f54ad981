from carnets.models import Carnet
from tests.ledger import balance_as_recorded
from tests.world import HOUR, World, reconcile


def test_clean_journey_is_discharged(world: World) -> None:
    carnet = world.issue()
    end = world.travel(carnet)

    tally = reconcile(end + HOUR)

    assert (tally.discharged, tally.flagged) == (4, 0), list(
        carnet.irregularities.values("code", "page", "facts")
    )
    carnet = Carnet.objects.get(pk=carnet.pk)
    assert carnet.status == "discharged"
    world.guarantee.refresh_from_db()
    assert world.guarantee.exposure == 0 == balance_as_recorded(world.guarantee)
