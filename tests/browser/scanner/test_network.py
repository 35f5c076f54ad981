"""A network that is slow, that only seems to be there, or that comes back unannounced."""

import time

import pytest
from playwright.sync_api import Route, expect

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER, PASSWORD
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

LATENCY = 400  # milliseconds
SPEED = 50_000 / 8  # bytes a second
SLOW = {"offline": False, "latency": LATENCY, "downloadThroughput": SPEED, "uploadThroughput": SPEED}
FIRST_LOAD_TAKES = 20_000  # milliseconds
NOTE_WHAT_IS_SAID = """() => {
    window.said = new Set();
    const note = () => window.said.add(document.body.innerText);
    new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
HOTEL = "<html><h1>Welcome to our network</h1></html>"


def test_the_first_load_over_a_slow_network_says_that_it_comes(
    world: World, phones: PhoneAt, measured: dict[str, str]
) -> None:
    phone = phones()
    phone.await_mark("installed")
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": phone.address, "storageTypes": "all"})
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.emulateNetworkConditions", SLOW)

    began = time.monotonic()
    phone.page.goto(f"{phone.address}/post/", wait_until="commit")
    phone.page.get_by_text("One moment").wait_for()
    shown = (time.monotonic() - began) * 1000
    phone.page.get_by_role("heading", name="Enrol this phone").wait_for()
    loaded = (time.monotonic() - began) * 1000

    measured["first load, 400 ms and 50 kbit/s"] = (
        f"says so after {shown:.0f} ms, there after {loaded:.0f} ms"
    )
    assert shown < loaded / 2
    assert loaded < FIRST_LOAD_TAKES
    expect(phone.page.locator("#coming")).to_be_hidden()


def test_the_journey_over_a_slow_network_shows_what_it_waits_for(
    carnet: Carnet, phones: PhoneAt, measured: dict[str, str]
) -> None:
    phone = phones()
    phone.await_mark("installed")
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page = phone.page
    page.get_by_label("User name").fill(OFFICER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="One moment").wait_for()
    page.get_by_role("heading", name="Choose a PIN").wait_for()
    phone.enter("246810")
    page.get_by_role("heading", name="once more").wait_for()
    phone.enter("246810")
    page.locator(".fresh.green").wait_for()

    page.evaluate(NOTE_WHAT_IS_SAID)
    phone.type_number(carnet.number, 3)
    assert phone.verdict() == "GO"
    phone.stamp()
    page.locator("main.done[data-state=done]").wait_for()
    said = page.evaluate("() => [...window.said].join('')")
    assert "asking the server …" in said
    assert "Kept on this phone. Sending …" in said

    took = phone.since("stamp-kept")
    measured["stamp on record, 400 ms and 50 kbit/s"] = f"{took:.0f} ms after it was kept"
    assert Stamp.objects.filter(page=3).count() == 1


def test_a_network_that_answers_in_the_servers_place_is_none(carnet: Carnet, phones: PhoneAt) -> None:
    """The browser says that it is online, a portal answers everything, and then it is gone: nobody says when."""
    phone = phones()
    phone.enrol(OFFICER)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.removeprefix(phone.address))
        route.fulfill(status=200, content_type="text/html", body=HOTEL)

    for addresses in ("**/api/v1/**", "**/healthz/**"):
        phone.page.route(addresses, answer)
    phone.type_number(carnet.number, 3)
    phone.stamp()
    while "/healthz/live" not in asked:
        phone.page.wait_for_timeout(100)
    assert phone.page.evaluate("() => navigator.onLine")
    assert phone.page.get_by_role("button", name="1 unsent").is_visible()
    assert phone.page.locator("main.done[data-state=waiting]").is_visible()
    assert not Stamp.objects.filter(page=3).exists()

    for addresses in ("**/api/v1/**", "**/healthz/**"):
        phone.page.unroute(addresses)
    phone.page.get_by_text("all sent").wait_for(timeout=45_000)
    assert Stamp.objects.filter(page=3).count() == 1
