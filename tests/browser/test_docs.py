"""The documentation of the API opens in a browser with nothing fetched from elsewhere."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

SCREENS = 150


def test_the_api_documentation_lists_every_call(live_server: LiveServer, page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda asked: foreign.append(asked.url) if live_server.url not in asked.url else None)

    page.goto(f"{live_server.url}/api/v1/docs/")

    page.locator("[data-path]").first.wait_for()
    seen: set[str] = set()
    for _screen in range(SCREENS):  # what lies further down is drawn when one comes there
        seen |= set(page.locator("[data-path]").evaluate_all("all => all.map(each => each.dataset.path)"))
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(30)
    assert {"/api/v1/approvals/", "/api/v1/stamps/batch/", "/api/v1/users/"} <= seen
    assert [url for url in foreign if not url.startswith("data:")] == []
