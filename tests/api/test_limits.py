"""What one account may ask for in a minute, and that nobody else is the poorer for it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from api import limits
from tests.api.calls import problem
from tests.api.conftest import Client, Issue
from tests.world import World
from tir.kernel.clock import now

CARNETS = "/api/v1/carnets/"


@pytest.fixture
def minute() -> datetime:
    """The beginning of one, so that a test stays within it."""
    return (now() + timedelta(minutes=1)).replace(second=1, microsecond=0)


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
