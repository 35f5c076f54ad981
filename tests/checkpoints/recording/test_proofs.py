"""Proofs in place of a missing stamp: offered once, accepted by customs of that territory, standing from then on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from carnets.models import Carnet
from checkpoints.evidence.dockets import CarnetUnknown
from checkpoints.models import Proof
from checkpoints.posts.offices import register
from checkpoints.recording.proofs import (
    ProofAccepted,
    ProofIdReused,
    ProofOfOtherTerritory,
    ProofRefused,
    ProofRequest,
    RecordedProof,
    accept_proof,
    offer_proof,
)
from tests.pictures import JPEG, PNG
from tests.world import HOUR, SEALS, START, World, flagged, reconcile

DAY = timedelta(days=1)
LATER = START + 20 * DAY
PDF, PAPER = "application/pdf", b"%PDF-1.7 counterfoil %%EOF"


def offer(world: World, carnet: Carnet, page: int = 4, **said: Any) -> RecordedProof:
    at = said.pop("at", LATER)
    facts = {
        "id": uuid4(), "number": carnet.number, "page": page, "kind": "counterfoil_2", "issuer": "KZQZQ001",
        "date": date(2026, 3, 4), "packages": 420, "seals": SEALS, **said,
    }  # fmt: skip
    return offer_proof(request=ProofRequest(**facts), by=world.staff["CN"], at=at)


def accept(world: World, offered: RecordedProof, office: str = "KZALA001", at: Any = LATER) -> None:
    where = register().by_code[office]
    accept_proof(proof_id=offered.proof.pk, office=where, by=world.officers[office], at=at)


def without_exit(world: World) -> Carnet:
    """A carnet whose whole journey is on record but for the exit from Kazakhstan."""
    carnet = world.issue()
    world.travel(carnet, but={4: None})
    reconcile(START + 5 * DAY)
    return carnet


class TestOfferProof:
    def test_proves_nothing_until_it_is_accepted(self, world: World) -> None:
        carnet = without_exit(world)

        offered = offer(world, carnet)
        reconcile(LATER)

        assert offered.is_new
        assert ("missing_stamp", 4) in flagged(carnet)

    def test_answers_a_replay_with_the_first(self, world: World) -> None:
        carnet, id = world.issue(), uuid4()
        first = offer(world, carnet, id=id, file=PAPER, file_type=PDF)

        again = offer(world, carnet, id=id, file=PAPER, file_type=PDF)

        assert (again.is_new, again.proof.pk) == (False, first.proof.pk)
        assert Proof.objects.count() == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"page": 6}, {"kind": "substitute_document"}, {"issuer": "KZALA001"}, {"date": date(2026, 3, 5)},
            {"packages": 1}, {"seals": None}, {"file": b"%PDF-1.7 other %%EOF"},
        ],
        ids=lambda other: next(iter(other)),
    )  # fmt: skip
    def test_refuses_the_same_id_for_something_else(self, world: World, other: dict[str, Any]) -> None:
        carnet, id = world.issue(), uuid4()
        offer(world, carnet, id=id, file=PAPER, file_type=PDF)

        with pytest.raises(ProofIdReused):
            offer(world, carnet, **{"id": id, "file": PAPER, "file_type": PDF, **other})

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"page": 15}, "page_range"),
            ({"page": 0}, "page_range"),
            ({"date": LATER.date() + DAY}, "occurred_in_future"),
        ],
    )
    def test_refuses_what_cannot_be(self, world: World, said: dict[str, Any], code: str) -> None:
        with pytest.raises(ProofRefused) as refused:
            offer(world, world.issue(), **said)
        assert refused.value.error_code == code

    @pytest.mark.parametrize(
        ("file_type", "file"),
        [(PDF, b"<html>"), (PDF, JPEG[1]), ("image/jpeg", PAPER), ("image/png", JPEG[1])],
    )
    def test_refuses_a_file_of_another_kind_than_it_says(
        self, world: World, file_type: str, file: bytes
    ) -> None:
        carnet = world.issue()

        with pytest.raises(ProofRefused) as refused:
            offer(world, carnet, file=file, file_type=file_type)

        assert refused.value.facts["content_type"] == file_type
        assert not Proof.objects.exists()
        for right in ((PDF, PAPER), JPEG, PNG):
            assert offer(world, carnet, file=right[1], file_type=right[0]).is_new

    def test_takes_a_paper_of_the_day_that_it_is_somewhere(self, world: World) -> None:
        """At 11:00 UTC it is the next day already in Kiribati, but nowhere the day after."""
        at = datetime(2026, 3, 20, 11, tzinfo=UTC)
        carnet = world.issue()

        assert offer(world, carnet, date=date(2026, 3, 21), at=at).is_new
        with pytest.raises(ProofRefused, match="not come yet"):
            offer(world, carnet, date=date(2026, 3, 22), at=at)

    def test_refuses_a_carnet_nobody_knows(self, world: World) -> None:
        with pytest.raises(CarnetUnknown):
            offer(world, world.issue(), number="XZ99999999")


class TestAcceptProof:
    def test_lets_it_stand_where_no_stamp_does_and_discharges(self, world: World) -> None:
        carnet = without_exit(world)
        assert carnet.operations.get(sequence=2).status == "started"

        accept(world, offer(world, carnet))
        reconcile(LATER + DAY)

        operation = carnet.operations.get(sequence=2)
        assert (operation.status, operation.terminated_on) == ("discharged", date(2026, 3, 4))

        assert flagged(carnet) == set()

    @pytest.mark.parametrize("is_offline", [True, False])
    def test_gives_way_to_a_stamp_without_a_conflict(self, world: World, is_offline: bool) -> None:
        carnet = without_exit(world)
        accept(world, offer(world, carnet))

        said = {"seals_found": SEALS, "packages": 419, "is_offline": is_offline}
        outcome = world.stamp(carnet, 4, START + 41 * HOUR, **said)

        assert outcome.kind == "recorded"
        operation = carnet.operations.get(sequence=2)
        assert (operation.terminated_at, operation.packages) == (START + 41 * HOUR, 419)

    @pytest.mark.parametrize("office", ["CNHRS001", "UZYAL001"])
    def test_refuses_customs_of_another_territory(self, world: World, office: str) -> None:
        offered = offer(world, without_exit(world))

        with pytest.raises(ProofOfOtherTerritory):
            accept(world, offered, office)
        accept(world, offered)

    def test_of_a_first_page_is_for_who_stamped_the_second(self, world: World) -> None:
        """The lorry left the plan: Uzbekistan certified page 4, which the plan has for Kazakhstan."""
        carnet = world.issue()
        world.travel(carnet, upto=4, but={3: None, 4: {"office": "UZSYA001", "is_unplanned": True}})
        offered = offer(world, carnet, page=3)

        with pytest.raises(ProofOfOtherTerritory):
            accept(world, offered, "KZALA001")
        accept(world, offered, "UZTAS001")

    def test_is_done_once(self, world: World) -> None:
        offered = offer(world, without_exit(world))
        accept(world, offered)

        with pytest.raises(ProofAccepted):
            accept(world, offered)

    def test_is_never_changed(self, world: World) -> None:
        offer(world, world.issue())

        with pytest.raises(DatabaseError), transaction.atomic():
            Proof.objects.update(packages=1)
