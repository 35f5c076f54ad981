"""What customs decide about an irregularity: once, and never again by the same facts."""

from datetime import timedelta

import pytest

from carnets import irregularities
from carnets.models import Carnet, Irregularity
from tests.guarantees.claiming import headquarters, open_carnet
from tests.threads import at_once, raised
from tests.world import START, World, build, reconcile

DAY = timedelta(days=1)
LATER = START + 50 * DAY


def resolve(irregularity: Irregularity) -> Irregularity:
    return irregularities.resolve(
        irregularity_id=irregularity.pk, reason="Seen in the yard.", by=headquarters(), at=LATER
    )


def open_of(carnet: Carnet) -> Irregularity:
    """The transport is overdue."""
    return carnet.irregularities.get(status="open")


class TestResolving:
    def test_closes_it_with_the_reason_and_lets_reconciliation_see_the_carnet(self, world: World) -> None:
        carnet = open_carnet(world)

        found = resolve(open_of(carnet))

        assert (found.status, found.closed_at, found.close_reason) == ("resolved", LATER, "Seen in the yard.")
        assert found.closed_by == headquarters()
        assert (found.next_clock, found.next_clock_at) == ("", None)
        assert Carnet.objects.get(pk=carnet.pk).reconcile_at == LATER

    def test_holds_while_the_facts_are_the_same(self, world: World) -> None:
        carnet = open_carnet(world)
        resolve(open_of(carnet))

        reconcile(LATER + DAY)

        assert list(carnet.irregularities.values_list("status", flat=True)) == ["resolved"]

    def test_is_done_once(self, world: World) -> None:
        irregularity = open_of(open_carnet(world))
        resolve(irregularity)

        with pytest.raises(irregularities.IrregularityClosed) as refused:
            resolve(irregularity)

        assert refused.value.facts == {"status": "resolved", "closed_at": LATER}

    def test_is_done_once_by_two_at_once(self, transactional_db: None) -> None:
        irregularity = open_of(open_carnet(build()))
        headquarters()

        results = at_once(*[lambda: resolve(irregularity)] * 3)

        assert [type(error) for error in raised(results)] == [irregularities.IrregularityClosed] * 2
