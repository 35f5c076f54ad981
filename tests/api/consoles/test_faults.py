"""Faults as pages: what happened, its code, and what to do next."""

import pytest
from django.test import Client

from tests.api.consoles.conftest import Reader
from tests.world import World

SIGN_IN = "/console/sign-in/"


class TestFaults:
    def test_are_pages_here_and_problems_elsewhere(self, db: None, client: Client) -> None:
        page, problem = client.get("/console/nowhere/"), client.get("/api/v1/nowhere/")

        assert (page.status_code, problem.status_code) == (404, 404)
        assert page["Content-Type"].startswith("text/html")
        assert "no_such_address" in page.content.decode()
        assert problem["Content-Type"] == "application/problem+json"

    def test_of_ours_are_a_page_without_a_query(
        self, world: World, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = reader(world.staff["CN"])
        client.raise_request_exception = False
        monkeypatch.setattr("api.consoles.carnets.open_carnets.carnets_for", lambda user: 1 / 0)
        answer = client.get("/console/carnets/")

        assert answer.status_code == 500
        assert "server_fault" in answer.content.decode()
        assert "division" not in answer.content.decode()

    def test_of_an_old_form_say_what_to_do(self, db: None) -> None:
        answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "x", "password": "y"})

        assert answer.status_code == 403
        assert "form_expired" in answer.content.decode()
