"""Editions of the app: an old one with this server, this one with an old store, a new one that must not interrupt.

`bundles/` holds what earlier releases gave to phones, without decoder and licences: `npm run build` there, then
`tar --exclude='*.br' --exclude='*.gz' --exclude='*.wasm' --exclude=licences.txt -cJf`.
"""

import re
import shutil
import tarfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import PIN, STAMP_ALL, Phone
from tests.browser.scanner.serving import Server
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

BUNDLES = Path(__file__).parent / "bundles"
OFFICER = "officer-cnurc001"
UNSENT = 50
HAS_WAITING = "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null"
ORDERS = """() => new Promise(resolve => {
    const asked = indexedDB.open("tir-post");
    asked.onsuccess = () => {
        const all = asked.result.transaction("queue").objectStore("queue").getAll();
        all.onsuccess = () => {
            asked.result.close();
            resolve(all.result.toSorted((one, other) => one.madeAt - other.madeAt).map(row => row.order));
        };
    }; })"""


@pytest.fixture
def old(server: Server, tmp_path: Path) -> Server:
    """A server of today that still gives phones the app of release 2.0."""
    with tarfile.open(BUNDLES / "2.0.tar.xz") as bundle:
        bundle.extraction_filter = getattr(
            tarfile, "data_filter", None
        )  # the first editions of 3.11 have none
        bundle.extractall(tmp_path / "2.0")
    change_edition(server, tmp_path / "2.0")
    return server


def change_edition(server: Server, scanner: Path | None) -> None:
    server.kill()
    server.scanner = scanner
    server.start()


def await_waiting(page: Page) -> None:
    while not page.evaluate(HAS_WAITING):
        page.wait_for_timeout(50)


def unlock_anywhere(phone: Phone, page: Page) -> None:
    phone.page = page
    page.on("pageerror", lambda error: phone.errors.append(str(error)))
    phone.unlock()


def test_the_app_of_release_2_0_works_with_this_server(issue: Issue, old: Server, phones: PhoneAt) -> None:
    carnet: Carnet = issue()
    phone = phones(address=old.address)
    phone.enrol(OFFICER)
    phone.await_mark("installed")
    phone.context.set_offline(True)
    assert phone.page.evaluate(STAMP_ALL, [carnet.number]) == "stamped"
    phone.page.get_by_text("1 unsent").wait_for()
    phone.context.set_offline(False)
    phone.page.get_by_text("all sent").wait_for()

    assert Stamp.objects.get().carnet_id == carnet.pk
    assert phone.page.evaluate(ORDERS) == [None]  # it is the old one indeed


def test_this_app_sends_all_that_release_2_0_left_unsent(
    world: World, issue: Issue, old: Server, phones: PhoneAt
) -> None:
    world.guarantee.ceilings.update(ceiling=Decimal(100_000_000))
    numbers = [issue().number for _ in range(UNSENT)]
    phone = phones(address=old.address)
    phone.enrol(OFFICER)
    phone.await_mark("installed")
    phone.context.set_offline(True)
    assert phone.page.evaluate(STAMP_ALL, numbers) == "stamped"
    change_edition(old, None)

    # Opened beside a window of the old edition, which does not let go of the store.
    newer = phone.context.new_page()
    session = newer.context.new_cdp_session(newer)
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    newer.route("**/api/v1/**", lambda route: route.abort())
    phone.page.route("**/api/v1/**", lambda route: route.abort())
    phone.context.set_offline(False)
    newer.goto(f"{old.address}/post/")
    newer.get_by_role("heading", name="Close the other window").wait_for()
    phone.page.close()
    newer.get_by_role("heading", name="Enter the PIN").wait_for()
    newer.get_by_text(f"{UNSENT} unsent").wait_for()
    assert newer.evaluate(ORDERS) == list(range(1, UNSENT + 1))

    assert not Stamp.objects.exists()
    newer.unroute("**/api/v1/**")
    unlock_anywhere(phone, newer)
    newer.get_by_text("all sent").wait_for()
    assert set(Stamp.objects.values_list("carnet__number", flat=True)) == set(numbers)
    assert Stamp.objects.count() == UNSENT


@pytest.fixture
def next_edition(tmp_path: Path) -> Path:
    """The app that is built here, as if another had been built after it."""
    target = tmp_path / "next"
    kept = shutil.ignore_patterns("*.br", "*.gz")
    shutil.copytree(settings.TIR_SCANNER, target, ignore=kept)
    shell, worker = target / "index.html", target / "sw.js"
    shell.write_text(shell.read_text().replace("<title>TIR post<", "<title>TIR post, next<"))
    listed = r'(?<="revision":")[0-9a-f]{32}(?=","url":"/post/")'
    changed, times = re.subn(listed, "0" * 32, worker.read_text())
    assert times == 1
    worker.write_text(changed)
    return target


def test_a_new_edition_waits_until_no_carnet_is_on_the_screen(
    world: World, issue: Issue, server: Server, phones: PhoneAt, next_edition: Path
) -> None:
    carnet = issue()
    phone = phones(address=server.address)
    phone.enrol(OFFICER)
    phone.await_mark("installed")
    page = phone.page
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    phone.type_number(carnet.number, 1)
    change_edition(server, next_edition)
    page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    await_waiting(page)

    phone.page.wait_for_timeout(400)
    page.locator("button.primary").click()
    page.locator("main.confirm").wait_for()
    page.wait_for_timeout(1_000)
    assert page.title() == "TIR post"
    assert page.evaluate(HAS_WAITING)
    assert loads == []

    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page).to_have_title("TIR post, next")
    assert not page.evaluate(HAS_WAITING)
    page.wait_for_timeout(1_000)
    assert len(loads) == 1
    phone.enter(PIN)
    page.locator("main.scan").wait_for()
