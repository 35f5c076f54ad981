"""What proves that an operation was terminated, the strongest first."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from carnets.annex10.returns import record_return
from carnets.models import Carnet
from checkpoints.dossiers.facts import operation_with_carnet
from checkpoints.dossiers.proving import proofs_of_termination
from checkpoints.dossiers.record import Facts
from checkpoints.models import Proof, Stamp
from checkpoints.posts.offices import register
from checkpoints.recording.proofs import ProofRequest, accept_proof, offer_proof
from tests.world import HOUR, START, World, in_order

DAY = timedelta(days=1)


def pieces_of(carnet: Carnet, page: int = 3) -> list[Facts]:
    """Return what proves the operation of a page; without one, that of the Eurasian union."""
    return proofs_of_termination(operation_with_carnet(carnet.number, page))


def codes(carnet: Carnet, page: int = 3) -> list[str]:
    return [piece["code"] for piece in pieces_of(carnet, page)]


def offered(world: World, carnet: Carnet, page: int) -> Proof:
    request = ProofRequest(
        uuid4(), carnet.number, page, "consumption_document", "Customs of KZ", date(2026, 3, 4), packages=419
    )
    return offer_proof(request=request, by=world.staff["CN"], at=START + 20 * DAY).proof


def accept(world: World, proof: Proof, office: str) -> None:
    accept_proof(
        proof_id=proof.pk, office=register().by_code[office], by=world.officers[office], at=START + 21 * DAY
    )


def bring_back(world: World, carnet: Carnet, *counterfoils: Facts) -> None:
    record_return(
        number=carnet.number, counterfoils=counterfoils, reason="", by=world.staff["CN"], at=START + 50 * DAY
    )


def counterfoil(page: int, office: str) -> Facts:
    return {"page": page, "office": office, "packages": 420, "with_reservation": False, "on": "2026-03-04"}


class TestATermination:
    def test_proves_itself_where_it_was_certified(self, carnet: Carnet) -> None:
        assert codes(carnet, 5)[0] == "termination_certified"
        assert codes(carnet, 7) == ["termination_certified"]

    def test_is_shown_as_it_was_certified(self, carnet: Carnet) -> None:
        [piece] = pieces_of(carnet, 7)

        assert piece == {
            "code": "termination_certified", "article": "art. 28", "page": 8, "office": "TJDYU001",
            "at": START + 81 * HOUR, "seals_intact": True, "packages": 420, "reservation": "",
            "hash": Stamp.objects.get(carnet=carnet, page=8).hash,
        }  # fmt: skip

    def test_is_proved_by_nothing_when_nobody_saw_the_load_again(self, world: World) -> None:
        """The acceptance of the operation itself is no proof, and that of the next one is."""
        lost = world.issue()
        world.travel(lost, upto=3)

        assert codes(lost) == []
        assert codes(lost, 1) == ["termination_certified", "taken_over_further_on"]


class TestTheNextOffices:
    def test_prove_it_by_the_nearest_and_the_last(self, carnet: Carnet) -> None:
        nearest, last = pieces_of(carnet)

        assert (nearest["code"], nearest["page"], nearest["office"]) == (
            "taken_over_further_on",
            5,
            "UZYAL001",
        )
        assert (last["code"], last["page"], last["office"]) == ("certified_last", 8, "TJDYU001")
        assert {nearest["article"], last["article"]} == {"art. 10"}

    @pytest.mark.parametrize(("by", "proved"), [("UZGIS001", ["taken_over_further_on"]), ("UZYAL001", [])])
    def test_outlive_a_cancellation_by_another_office(self, world: World, by: str, proved: list[str]) -> None:
        """Only the office that stamped a page takes its stamp back. Its word, or another one's, comes first from
        offline; the stamp that it names comes after."""
        carnet, id = world.issue(), uuid4()
        world.travel(carnet, upto=3)
        at = START + 3 * DAY
        world.stamp(carnet, 5, at, by, is_offline=True, cancels=id, cancel_reason="not ours")
        world.stamp(carnet, 5, at, id=id, **in_order(carnet, 5))

        assert codes(carnet) == proved

    def test_prove_nothing_by_a_stamp_that_was_cancelled(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=5, but={4: None})
        entry = Stamp.objects.get(carnet=carnet, page=5)
        assert codes(carnet) == ["taken_over_further_on"]

        world.stamp(carnet, 5, START + 4 * DAY, cancels=entry.pk, cancel_reason="wrong carnet")

        assert codes(carnet) == []


class TestAPaper:
    def test_proves_it_once_it_was_accepted(self, world: World, carnet: Carnet) -> None:
        proof = offered(world, carnet, 4)
        assert "proof_accepted" not in codes(carnet)

        accept(world, proof, "KZQZQ001")

        piece = pieces_of(carnet)[0]
        assert (piece["code"], piece["article"], piece["page"]) == ("proof_accepted", "art. 28", 4)
        assert (piece["office"], piece["at"], piece["packages"]) == ("KZQZQ001", date(2026, 3, 4), 419)
        assert piece["reservation"] == "Customs of KZ"

    def test_proves_the_operation_of_its_own_page_alone(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, but={4: None, 6: None})
        accept(world, offered(world, carnet, 6), "UZSYA001")

        assert codes(carnet, 5)[0] == "proof_accepted"
        assert "proof_accepted" not in codes(carnet, 3)


class TestACounterfoil:
    def test_proves_it_last_once_it_came_back(self, world: World, carnet: Carnet) -> None:
        assert "counterfoil_returned" not in codes(carnet)

        bring_back(world, carnet, counterfoil(4, "KZQZQ001"))

        piece = pieces_of(carnet)[-1]
        said = b'{"office":"KZQZQ001","on":"2026-03-04","packages":420,"page":4,"with_reservation":false}'
        assert (piece["code"], piece["article"]) == ("counterfoil_returned", "Annex 10, par. 2")
        assert (piece["page"], piece["office"], piece["at"]) == (4, "KZQZQ001", "2026-03-04")
        assert piece["hash"] == sha256(said).digest()

    def test_proves_the_operation_of_its_own_page_alone(self, world: World, carnet: Carnet) -> None:
        bring_back(world, carnet, counterfoil(6, "UZSYA001"))

        assert codes(carnet, 5)[-1] == "counterfoil_returned"
        assert "counterfoil_returned" not in codes(carnet, 3)
