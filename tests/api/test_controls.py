"""Controls on the way and proofs over HTTP: sent again they are what they were; a proof is accepted for one office."""

from base64 import b64encode
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.models import ControlRecord, Proof
from tests.api.calls import API, ago, ok, problem, today
from tests.api.conftest import Issue, OfficerAt
from tests.api.consoles.conftest import DOT
from tests.world import World

CONTROLS, PROOFS = f"{API}/controls/", f"{API}/proofs/"


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """On its way through Kazakhstan."""
    carnet = issue()
    world.travel(carnet, upto=3, since=ago(days=9))
    return carnet


def control_body(carnet: Carnet, **said: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "carnet": carnet.number,
        "kind": "seals",
        "result": "satisfactory",
        "occurred_at": ago(days=5).isoformat(),
        "seals": {"found": ["A-1"]},
        **said,
    }


def proof_body(carnet: Carnet, **said: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "carnet": carnet.number,
        "page": 4,
        "kind": "counterfoil_2",
        "issuer": "The holder",
        "date": str(today()),
        **said,
    }


def as_file(content: bytes, content_type: str) -> dict[str, str]:
    return {"content_type": content_type, "data": b64encode(content).decode()}


class TestControls:
    def test_sent_again_are_recorded_once(self, officer_at: OfficerAt, carnet: Carnet) -> None:
        client = officer_at("KZALA001")
        body = control_body(carnet, photos=[as_file(DOT, "image/png")])

        first = ok(client.post(CONTROLS, body), 201)

        assert (first["office"], first["seals"]["found"], first["photos"]) == ("KZALA001", ["A-1"], 1)
        assert ok(client.post(CONTROLS, body)) == first
        problem(client.post(CONTROLS, {**body, "kind": "weighing"}), 409, "control_id_reused")
        assert [str(row.pk) for row in ControlRecord.objects.all()] == [first["id"]]

    def test_are_read_by_carnet_and_office(
        self, officer_at: OfficerAt, hq: APIClient, carnet: Carnet, issue: Issue
    ) -> None:
        at_almaty = ok(officer_at("KZALA001").post(CONTROLS, control_body(carnet)), 201)["id"]
        at_khorgos = ok(officer_at("KZHOR001").post(CONTROLS, control_body(carnet)), 201)["id"]

        def found(query: str) -> list[str]:
            return [row["id"] for row in ok(hq.get(f"{CONTROLS}?{query}"))["results"]]

        assert found(f"carnet={carnet.number}") == [at_khorgos, at_almaty]
        assert found("office=kzala001") == [at_almaty]
        assert found(f"carnet={issue().number}") == []

    def test_with_a_photo_that_is_not_base64_are_refused(self, officer_at: OfficerAt, carnet: Carnet) -> None:
        client = officer_at("KZALA001")
        photo = as_file(DOT, "image/png")
        broken = control_body(carnet, photos=[photo, {**photo, "data": "data:image/png;base64,AAAA"}])

        assert problem(client.post(CONTROLS, broken), 400, "photo_unreadable")["errors"][0]["field"] == (
            "photos.1.data"
        )
        ok(client.post(CONTROLS, {**broken, "photos": [photo]}), 201)


class TestProofs:
    def test_sent_again_are_offered_once(self, association: APIClient, carnet: Carnet) -> None:
        body = proof_body(carnet, file=as_file(b"%PDF-1.7 %%EOF", "application/pdf"))

        first = ok(association.post(PROOFS, body), 201)

        assert (first["page"], first["file"], first["accepted_at"]) == (4, True, None)
        assert ok(association.post(PROOFS, body)) == first
        problem(association.post(PROOFS, {**body, "issuer": "KZALA001"}), 409, "proof_id_reused")
        assert [str(row.pk) for row in Proof.objects.all()] == [first["id"]]

    def test_with_a_file_that_is_not_base64_are_refused(self, association: APIClient, carnet: Carnet) -> None:
        file = as_file(b"%PDF-1.7 %%EOF", "application/pdf")
        broken = proof_body(carnet, file={**file, "data": "%PDF-1.7"})

        assert problem(association.post(PROOFS, broken), 400, "photo_unreadable")["errors"][0]["field"] == (
            "file.data"
        )
        ok(association.post(PROOFS, {**broken, "file": file}), 201)

    def test_with_a_file_of_another_kind_than_it_says_are_refused(
        self, association: APIClient, carnet: Carnet
    ) -> None:
        page = proof_body(carnet, file=as_file(b"<html>", "application/pdf"))

        assert (
            problem(association.post(PROOFS, page), 422, "proof_refused")["content_type"] == "application/pdf"
        )
        ok(association.post(PROOFS, {**page, "file": as_file(b"%PDF-1.7 %%EOF", "application/pdf")}), 201)

    def test_are_accepted_by_headquarters_for_an_office_they_name(
        self, association: APIClient, hq: APIClient, carnet: Carnet
    ) -> None:
        offered = ok(association.post(PROOFS, proof_body(carnet)), 201)["id"]
        address = f"{PROOFS}{offered}/accept/"

        problem(hq.post(address, {}), 404, "not_found")
        problem(hq.post(address, {"office": "CNHRS001"}), 404, "not_found")
        found = ok(hq.post(address, {"office": "kzala001", "reason": "Seen at Almaty."}))

        assert found["accepted_by"] == "KZALA001"
        problem(hq.post(address, {"office": "KZALA001"}), 409, "proof_accepted")

    def test_are_accepted_by_an_officer_for_their_own_office(
        self, association: APIClient, officer_at: OfficerAt, carnet: Carnet
    ) -> None:
        offered = ok(association.post(PROOFS, proof_body(carnet)), 201)["id"]
        address = f"{PROOFS}{offered}/accept/"

        problem(officer_at("CNHRS001").post(address, {}), 403, "proof_of_other_territory")
        found = ok(officer_at("KZHOR001").post(address, {"office": "KZALA001"}))

        assert found["accepted_by"] == "KZHOR001"
