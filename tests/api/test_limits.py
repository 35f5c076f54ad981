"""What one account and one address may ask for in a minute, and that nobody else is the poorer for it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from rest_framework.test import APIClient

from api import limits
from tests.api.calls import problem
from tests.api.conftest import Client, Issue
from tests.world import World
from tir.kernel.clock import now

TOKEN, CARNETS = "/api/v1/auth/token/", "/api/v1/carnets/"
WRONG = 20


@pytest.fixture
def minute() -> datetime:
    """The beginning of one, so that a test stays within it."""
    return (now() + timedelta(minutes=1)).replace(second=1, microsecond=0)


def wrong(client: Any, at: int = 0, **more: Any) -> Any:
    return client.post(TOKEN, {"username": f"nobody-{at}", "password": "guess"}, **more)


class TestWrongPasswords:
    def test_from_one_address_end_in_a_try_every_ten_seconds(self, world: World, minute: datetime) -> None:
        client = APIClient()
        with time_machine.travel(minute, tick=False) as clock:
            assert {wrong(client, at).status_code for at in range(WRONG)} == {401}
            assert wrong(client, WRONG).status_code == 401  # the try of these seconds
            refused = wrong(client, WRONG + 1)
            problem(refused, 429, "too_many_requests")
            assert refused["Retry-After"] == "10"
            assert refused.json()["wait_seconds"] == 10

            elsewhere = wrong(client, WRONG + 2, REMOTE_ADDR="198.51.100.7")
            assert elsewhere.status_code == 401
            clock.shift(10)
            assert wrong(client, WRONG + 3).status_code == 401
            clock.shift(120)
            assert {wrong(client, 100 + at).status_code for at in range(3)} == {401}

    def test_are_counted_on_the_page_and_by_the_api_together(self, world: World, minute: datetime) -> None:
        page = "/console/sign-in/"
        with time_machine.travel(minute, tick=False):
            for at in range(WRONG + 1):
                wrong(APIClient(), at)
            refused = Browser().post(page, {"username": "association-cn", "password": "secret"})
            elsewhere = Browser(REMOTE_ADDR="198.51.100.7").post(
                page, {"username": "association-cn", "password": "secret"}
            )
        assert (refused.status_code, refused["Retry-After"]) == (429, "10")
        assert b"ten seconds" in refused.content
        assert elsewhere.status_code == 302

    def test_right_ones_count_nothing(self, world: World, minute: datetime) -> None:
        said = {"username": "association-cn", "password": "secret"}
        with time_machine.travel(minute, tick=False):
            assert {APIClient().post(TOKEN, said).status_code for _ in range(WRONG + 5)} == {200}


class TestCostlyWork:
    def test_of_an_account_ends_with_its_minute(
        self, world: World, issue: Issue, client_of: Client, minute: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paper = f"{CARNETS}{issue().number}/document.pdf"
        mine, others = client_of(world.staff["CN"]), client_of(world.officers["CNURC001"])
        monkeypatch.setattr(limits, "BUDGETS", {**limits.BUDGETS, "paper": 1})
        with time_machine.travel(minute, tick=False) as clock:
            assert mine.get(paper).status_code == 200
            refused = mine.get(paper)
            problem(refused, 429, "too_many_requests")
            assert refused["Retry-After"] == "59"
            assert mine.get(CARNETS).status_code == 200  # what costs little goes on
            assert others.get(paper).status_code == 200
            clock.shift(60)
            assert mine.get(paper).status_code == 200

    def test_files_and_searches_on_pages_too(
        self, world: World, minute: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "BUDGETS", {**limits.BUDGETS, "export": 1, "search": 1})
        browser = Browser()
        browser.force_login(world.staff["CN"], backend="django.contrib.auth.backends.ModelBackend")
        with time_machine.travel(minute, tick=False):
            for page in ("/console/carnets/?export=csv", "/console/search/?q=AX7"):
                assert browser.get(page).status_code == 200
                refused = browser.get(page)
                assert (refused.status_code, refused["Retry-After"]) == (429, "59")
            assert browser.get("/console/carnets/").status_code == 200
