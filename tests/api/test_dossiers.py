"""The dossier and the defence over HTTP: the parties get them, and each no more than it may see."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, ok, problem, refused_fields
from tests.api.conftest import Client, Issue, Person
from tests.world import World, reconcile
from tir.accounts.models import Role
from tir.kernel.clock import now


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """Kazakhstan never certified the exit; Uzbekistan took the lorry over."""
    carnet = issue(days=82)
    for page, days in ((1, 81), (2, 80.5), (3, 80), (5, 78)):
        world.stamp(carnet, page, ago(days=days))
    reconcile(now())
    return carnet


@pytest.fixture
def dossier(hq: APIClient, carnet: Carnet) -> str:
    """Return the address of the dossier of a claim, without its ending."""
    claim = ok(
        hq.post(f"{API}/claims/", {"carnet": carnet.number, "operation": 2, "reason": "No exit."}), 201
    )
    return f"{API}/claims/{claim['id']}/dossier"


class TestTheDossier:
    def test_is_whole_for_customs_and_the_issuer_and_a_part_for_the_guarantor(
        self, hq: APIClient, association: APIClient, guarantor: APIClient, dossier: str
    ) -> None:
        pages = {}
        for name, client in (("customs", hq), ("issuer", association), ("guarantor", guarantor)):
            found = ok(client.get(f"{dossier}.json"))
            pages[name] = [stamp.get("page") for stamp in found["stamps"]]

        assert pages == {
            "customs": [1, 2, 3, 5], "issuer": [1, 2, 3, 5], "guarantor": [None, None, 3, None],
        }  # fmt: skip

    def test_is_hidden_from_others(
        self, world: World, client_of: Client, person: Person, hq: APIClient, dossier: str
    ) -> None:
        others = client_of(world.staff["UZ"]), person(Role.CUSTOMS_HQ, country="UZ")
        for ending in ("json", "pdf"):
            assert hq.get(f"{dossier}.{ending}").status_code == 200
            for other in others:
                problem(other.get(f"{dossier}.{ending}"), 404, "not_found")

    @pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
    def test_is_printed_in_the_readers_language(self, hq: APIClient, dossier: str, language: str) -> None:
        answer = hq.get(f"{dossier}.pdf", headers={"Accept-Language": language})

        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert ok(hq.get(f"{dossier}.json", headers={"Accept-Language": language}))["language"] == language

    def test_is_the_same_twice(self, hq: APIClient, dossier: str) -> None:
        assert hq.get(f"{dossier}.pdf").content == hq.get(f"{dossier}.pdf").content


class TestTheDefence:
    def address(self, carnet: Carnet, ending: str = "json") -> str:
        return f"{API}/carnets/{carnet.number}/defence.{ending}"

    def test_shows_the_issuer_what_proves_termination(self, association: APIClient, carnet: Carnet) -> None:
        found: dict[str, Any] = ok(association.get(self.address(carnet), {"page": 3}))

        assert [(row["code"], row["page"], row["office"]) for row in found["evidence"]] == [
            ("taken_over_further_on", 5, "UZYAL001")
        ]
        assert association.get(self.address(carnet, "pdf"), {"page": 4}).content.startswith(b"%PDF-")

    def test_is_for_the_issuer_and_who_sees_everything(
        self, guarantor: APIClient, person: Person, carnet: Carnet
    ) -> None:
        problem(guarantor.get(self.address(carnet), {"page": 3}), 404, "not_found")
        ok(person(Role.SECRETARIAT).get(self.address(carnet), {"page": 3}))

    def test_is_about_a_page_of_an_operation(self, association: APIClient, carnet: Carnet) -> None:
        assert refused_fields(association.get(self.address(carnet))) == {"page": "required"}
        problem(association.get(self.address(carnet), {"page": 99}), 400, "page_range")
        problem(association.get(self.address(carnet), {"page": 13}), 404, "not_found")
