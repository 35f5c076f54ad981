"""What people did, for who looks after them: the list with its filters and one event, in three languages."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.api.matrix import an_event
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_the_list_and_one_event_read_well(
    signed_in: SignIn,
    live_server: LiveServer,
    world: World,
    violations: Violations,
    pictures: Pictures,
    language: str,
) -> None:
    event = an_event("KZ")
    page = signed_in(Role.SECRETARIAT, "/console/audit/", country="")
    if language != "en":
        page.locator(f"button[lang={language}]").click()
        page.goto(f"{live_server.url}/console/audit/")

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("table").first).to_contain_text("Nowhere")
    assert violations(page) == []
    pictures(page, f"audit-{language}")

    page.goto(f"{live_server.url}/console/audit/{event.pk}/")
    expect(page.locator("main")).to_contain_text("Nowhere")
    assert violations(page) == []
    pictures(page, f"audit-event-{language}")
