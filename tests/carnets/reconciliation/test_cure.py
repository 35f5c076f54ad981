"""What is cured: the irregularity of one page, whatever stands on the other page of its pair."""

from carnets.models import Carnet
from tests.world import HOUR, START, World, flagged, in_order, reconcile

LATER = START + 200 * HOUR


def rival(world: World, carnet: Carnet, page: int) -> dict[str, object]:
    """Stamp a page once more, an hour later, from offline; return what takes that back."""
    at = START + (1 + 10 * page + 1) * HOUR
    outcome = world.stamp(carnet, page, at, is_offline=True, **in_order(carnet, page))
    assert outcome.row is not None
    return {"cancels": outcome.row["id"], "cancel_reason": "stamped twice"}


def test_one_page_is_cured_while_the_other_has_the_same(world: World) -> None:
    carnet = world.issue()
    world.travel(carnet)
    taking_back = [rival(world, carnet, page) for page in (3, 4)]
    reconcile(LATER)
    assert flagged(carnet) == {("duplicate", 3), ("duplicate", 4)}

    world.stamp(carnet, 3, LATER + HOUR, **taking_back[0])
    tally = reconcile(LATER + 2 * HOUR)

    assert tally.cured == 1
    assert flagged(carnet) == {("duplicate", 4)}
