"""The list of terminations for the association: which stamps stand on it."""

from uuid import uuid4

from checkpoints.annex10.terminations import terminations, terminations_with_records
from checkpoints.models import Stamp
from tests.world import HOUR, START, VIA_ALMATY, World, in_order


class TestList:
    def test_leaves_starts_out_also_those_of_a_visit(self, world: World) -> None:
        """Voucher No. 1 after an inner unload is stamped at an office of destination, and ends nothing."""
        carnet = world.issue(route=VIA_ALMATY)
        world.travel(carnet)
        assert Stamp.objects.get(carnet=carnet, page=5).role == "destination"

        assert sorted(terminations().values_list("page", flat=True)) == [4, 8]
        assert sorted(terminations(with_exits=True).values_list("page", flat=True)) == [2, 4, 6, 8]

    def test_has_what_took_one_back_whatever_its_own_office_is_called(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=4, but={4: {"office": "KZALA001", "ends_here": True}})
        ended = carnet.stamps.get(page=4)
        world.stamp(
            carnet,
            4,
            START + 60 * HOUR,
            "KZALA001",
            is_offline=True,
            cancels=ended.pk,
            cancel_reason="Not here.",
        )

        found = terminations_with_records(list(terminations().order_by("sequence")))

        assert [(each.record["UPG"], each.record["PFD"], each.stands) for each in found] == [
            ("N", "FD", False), ("C", "FD", False),
        ]  # fmt: skip
        assert found[1].record["COM"] == "Not here."

    def test_leaves_out_what_another_office_said_of_a_stamp(self, world: World) -> None:
        """Its word came first, from offline; the stamp that it names comes after, and stands."""
        carnet, id = world.issue(), uuid4()
        world.travel(carnet, upto=7)
        at = START + 90 * HOUR
        word = {"is_offline": True, "cancels": id, "cancel_reason": "Not here."}
        world.stamp(carnet, 8, at, "TJDUS001", **word)
        world.stamp(carnet, 8, at + HOUR, id=id, **in_order(carnet, 8))

        found = terminations_with_records(list(terminations()))
        assert [(each.stamp.pk, each.stands) for each in found] == [(id, True)]
