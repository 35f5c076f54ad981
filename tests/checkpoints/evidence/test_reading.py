"""Carnets with their operations and stamps, as they are read for judging: each its own, in sequence, and locked."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import OperationalError, transaction

from carnets.models import Carnet, TirOperation
from carnets.projection.record import Exclusion
from checkpoints.evidence import reading
from checkpoints.evidence.chain import GENESIS, verify_chain
from checkpoints.models import Stamp
from guarantees.models import HolderExclusion
from tests.threads import at_once
from tests.world import HOUR, SEALS, START, World

NOBODYS = "XZ99009999"


class TestCarnets:
    def test_are_those_on_record_with_who_stands_behind_them(self, world: World) -> None:
        one, other, _third = world.issue(), world.issue(), world.issue()

        found = reading.carnets([other.number, NOBODYS, one.number], lock=False)

        assert [(each.id, each.number) for each in found.values()] == [
            (one.pk, one.number),
            (other.pk, other.number),
        ]
        carnet = found[one.number]
        assert (carnet.guarantee, carnet.holder, carnet.holder_name) == (
            "CN-2026-0001", "CHN/071/1001", "Silk Road Haulage",
        )  # fmt: skip
        assert (carnet.issued_at, carnet.vouchers, carnet.packages, carnet.latest_hash) == (
            START,
            14,
            420,
            GENESIS,
        )
        assert carnet.exclusions == []

    def test_bring_every_exclusion_of_their_holder(self, world: World) -> None:
        carnet = world.issue()
        for country, until in (("UZ", None), ("TJ", date(2026, 5, 1))):
            HolderExclusion.objects.create(
                holder=world.holder, country=country, reason="x", valid_from=date(2026, 4, 1), valid_to=until
            )

        found = reading.carnets([carnet.number], lock=False)[carnet.number].exclusions

        assert sorted(found, key=lambda each: each.country) == [
            Exclusion("TJ", date(2026, 4, 1), date(2026, 5, 1)),
            Exclusion("UZ", date(2026, 4, 1), None),
        ]

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("lock", [True, False])
    def test_are_held_against_another_connection_with_lock_alone(self, world: World, lock: bool) -> None:
        held, free = world.issue(), world.issue()

        with transaction.atomic():
            reading.carnets([held.number], lock=lock)
            tries = at_once(lambda: seize(held.pk), lambda: seize(free.pk))

        assert isinstance(tries[0], OperationalError) is lock
        assert tries[1:] == [free.pk]
        assert at_once(lambda: seize(held.pk)) == [held.pk]  # to the end of the transaction, and no longer


def seize(carnet_id: int) -> int:
    """Take the row as a stamp would, or raise at once where it is held."""
    with transaction.atomic():
        return Carnet.objects.select_for_update(nowait=True, no_key=True).get(pk=carnet_id).pk


class TestRecorded:
    def test_gives_each_carnet_its_own_operations_in_sequence(self, world: World) -> None:
        one, other = world.issue(), world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")))
        world.travel(one, upto=3)  # which writes its first operations anew, behind the others
        found = reading.carnets([one.number, other.number], lock=False)

        reading.recorded(found.values())

        assert [
            (each.sequence, each.status, each.planned_start) for each in found[one.number].operations
        ] == [
            (1, "terminated", "CNURC001"), (2, "started", "KZHOR001"), (3, "expected", "UZYAL001"),
            (4, "expected", "TJDUS001"),
        ]  # fmt: skip
        assert [(each.sequence, each.planned_end) for each in found[other.number].operations] == [
            (1, "CNHRS001"), (2, "KZALA001"),
        ]  # fmt: skip
        ids = TirOperation.objects.filter(carnet=other).order_by("sequence").values_list("pk", flat=True)
        assert [each.id for each in found[other.number].operations] == list(ids)

    def test_returns_the_stamps_of_each_carnet_as_evidence(self, world: World) -> None:
        one, other, blank = world.issue(), world.issue(), world.issue()
        world.travel(one, upto=2)
        world.stamp(other, 1, START + HOUR, seals_affixed=("B-1",), mass_kg=8100)
        carnets = reading.carnets([one.number, other.number, blank.number], lock=False)

        stamps, _known = reading.recorded(carnets.values())

        assert set(stamps) == {one.pk, other.pk}
        first, second = sorted(stamps[one.pk], key=lambda each: each.page)
        assert (first.page, first.office.code, first.seals_affixed, first.seals_found) == (
            1, "CNURC001", SEALS, None,
        )  # fmt: skip
        assert (second.page, second.office.code, second.seals_found, second.packages) == (
            2, "CNHRS001", SEALS, 420,
        )  # fmt: skip
        assert [(each.seals_affixed, each.mass_kg, each.occurred_at) for each in stamps[other.pk]] == [
            (("B-1",), 8100, START + HOUR)
        ]

    def test_knows_an_id_on_whatever_carnet_it_is(self, world: World) -> None:
        here, elsewhere = world.issue(), world.issue()
        ids = [uuid4() for _each in range(3)]
        world.stamp(here, 1, START + HOUR, id=ids[0])
        world.stamp(elsewhere, 1, START + HOUR, id=ids[1])
        carnets = reading.carnets([here.number], lock=False)

        assert reading.recorded(carnets.values(), ids)[1] == {ids[0], ids[1]}
        assert reading.recorded(carnets.values())[1] == set()


class TestStampRows:
    def test_are_whole_as_the_ledger_hashed_them(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)
        ids = list(Stamp.objects.order_by("sequence").values_list("pk", flat=True))

        rows = reading.stamp_rows([*ids, uuid4()])

        assert set(rows) == set(ids)
        assert list(verify_chain(rows[id] for id in ids)) == []
        assert [rows[id]["receipt"]["operation_status"] for id in ids] == ["started", "terminated", "started"]
        changed = [rows[ids[0]], {**rows[ids[1]], "packages": 419}, rows[ids[2]]]
        assert [each.reason for each in verify_chain(changed)] == ["content_differs"]
