"""The documentation of the API opens in a browser with nothing fetched from elsewhere."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


def test_the_api_documentation_lists_every_call(live_server: LiveServer, page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda asked: foreign.append(asked.url) if live_server.url not in asked.url else None)

    page.goto(f"{live_server.url}/api/v1/docs/")

    page.locator("[data-path='/api/v1/stamps/batch/']").wait_for()
    assert [url for url in foreign if not url.startswith("data:")] == []
