"""Who bears an operation, from when (art. 8(4)): the row's liability and the ledger's entries follow the evidence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carnets.choices import LiabilityStatus
from carnets.models import Carnet, TirOperation
from checkpoints.models import Stamp
from guarantees.models import LiabilityEntry
from tests.world import HOUR, START, TWO_UNLOADS, World, add_kyrgyzstan, reconcile

DAY = timedelta(days=1)


def second(carnet: Carnet) -> TirOperation:
    return TirOperation.objects.get(carnet=carnet, sequence=2)


def entries(carnet: Carnet, page: int = 3) -> list[tuple[str, str, Decimal, str]]:
    found = LiabilityEntry.objects.filter(carnet_number=carnet.number, page=page).order_by("id")
    return list(found.values_list("association__country", "kind", "amount", "cause"))


class TestLiability:
    def test_begins_with_the_first_stamp_by_the_association_of_that_country(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)

        operation = second(carnet)
        assert (operation.liability, operation.guarantor) == (LiabilityStatus.BORNE, world.associations["KZ"])
        assert (operation.borne, operation.borne_from) == (Decimal(60_000), START + 31 * HOUR)
        assert entries(carnet) == [("KZ", "borne", Decimal(60_000), "started")]

    def test_is_anothers_where_the_pair_was_used_on_another_road(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3, but={3: {"office": "UZYAL001"}})

        assert second(carnet).guarantor == world.associations["UZ"]

    def test_moves_to_an_earlier_stamp_that_came_later(self, world: World) -> None:
        """An earlier stamp stands from then on: what was borne from the other instant is relieved."""
        carnet = world.issue()
        world.travel(carnet, upto=3)

        world.stamp(carnet, 3, START + 30 * HOUR, is_offline=True, now=START + 32 * HOUR)

        assert second(carnet).borne_from == START + 30 * HOUR
        assert [kind for _country, kind, _amount, _cause in entries(carnet)] == ["borne", "relieved", "borne"]
        assert sum(amount for _country, _kind, amount, _cause in entries(carnet)) == Decimal(60_000)

    def test_ends_with_the_start_that_was_taken_back(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)
        stamp = Stamp.objects.get(carnet=carnet, page=3)

        world.stamp(carnet, 3, START + 32 * HOUR, cancels=stamp.pk, cancel_reason="another lorry")

        assert (second(carnet).liability, second(carnet).borne) == (LiabilityStatus.NONE, 0)
        assert entries(carnet)[1:] == [("KZ", "relieved", Decimal(-60_000), "start_withdrawn")]

    def test_is_nobodys_between_the_two_pages_of_a_visit(self, world: World) -> None:
        """Unloaded at Almaty over night: between No. 2 and the next No. 1 no operation runs."""
        add_kyrgyzstan(world)
        carnet = world.issue(TWO_UNLOADS)
        world.travel(carnet, upto=4)

        reconcile(START + 3 * DAY)

        assert second(carnet).liability == LiabilityStatus.ENDED
        assert [row.borne for row in TirOperation.objects.filter(carnet=carnet)] == [0, 0, 0]

    @pytest.mark.parametrize("liability", [LiabilityStatus.NOTIFIED, LiabilityStatus.CLAIMED])
    def test_is_moved_no_more_by_stamps_once_customs_have_spoken(
        self, world: World, liability: LiabilityStatus
    ) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)
        TirOperation.objects.filter(carnet=carnet, sequence=2).update(liability=liability)

        world.stamp(carnet, 3, START + 30 * HOUR, is_offline=True, now=START + 32 * HOUR)

        assert (second(carnet).liability, second(carnet).borne_from) == (liability, START + 31 * HOUR)
        assert len(entries(carnet)) == 1
