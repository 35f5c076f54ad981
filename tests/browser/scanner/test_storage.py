"""The phone's store: it may be cleared, full or emptied. What can be lost is said before, what was lost after."""

import json
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from carnets.models import Carnet
from checkpoints.models import Device, Stamp
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import OFFICER, PIN, Phone
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

ALL_BUT_COOKIES = "indexeddb,cache_storage,service_workers,local_storage"
MAY_LOSE = "may lose unsent stamps"
MEGABYTE = 1_000_000
CLOSED_AFTER = 4_000  # milliseconds until the browser closes a database that no page uses


def tell_browser(phone: Phone, command: str, **how: Any) -> None:
    phone.context.new_cdp_session(phone.page).send(command, {"origin": phone.address, **how})


# Takes all that is left, in ever smaller pieces.
FILL = """async () => {
    const store = await caches.open("filled");
    let taken = 0;
    for (const size of [100_000, 10_000, 1_000, 100])
        for (;;)
            try {
                await store.put(`/filled/${taken}`, new Response(new Uint8Array(size)));
                taken += size;
            } catch { break; }
    return taken; }"""


def give_room(phone: Phone, quota: int | None) -> None:
    """Let the app have so many bytes in all, use them up, and open it anew; None: what the disk has.

    The browser asks how much is left only when it opens a database, or half a minute later.
    """
    tell_browser(phone, "Storage.overrideQuotaForOrigin", **({} if quota is None else {"quotaSize": quota}))
    if quota is not None:
        phone.page.evaluate(FILL)
    phone.page.goto("about:blank")
    phone.page.wait_for_timeout(CLOSED_AFTER)
    phone.page.goto(f"{phone.address}/post/")


def open_settings(phone: Phone) -> str:
    phone.page.get_by_role("button", name="Settings").click()
    return phone.page.locator("main.page").inner_text()


class TestWhatMayBeLost:
    def test_is_said_where_the_browser_promises_nothing(self, world: World, phones: PhoneAt) -> None:
        phone = phones()
        phone.page.get_by_text("Install this app").wait_for()
        phone.enrol(OFFICER)
        expect(phone.page.locator("button.risk")).to_contain_text(MAY_LOSE)
        phone.page.locator("button.risk").click()

        told = phone.page.locator("main.page").inner_text()
        assert MAY_LOSE in told
        assert "The phone may clear this app's data" in told
        assert "seven days" in told

    def test_is_nothing_where_it_promises_to_keep_all(self, world: World, phones: PhoneAt) -> None:
        phone = phones()
        phone.await_mark("installed")
        tell_browser(phone, "Browser.grantPermissions", permissions=["durableStorage"])
        tell_browser(
            phone, "Storage.clearDataForOrigin", storageTypes=ALL_BUT_COOKIES
        )  # it was asked already
        phone.page.reload()
        phone.enrol(OFFICER)

        assert phone.page.locator(".risk").count() == 0
        told = open_settings(phone)
        assert MAY_LOSE not in told
        assert "The phone keeps the data of this app." in told

    def test_is_said_where_there_is_little_room(self, world: World, phones: PhoneAt) -> None:
        """Chromium names the same room to every page, whatever its disk has: this one speaks as others do."""
        phone = phones()
        phone.enrol(OFFICER)
        assert "MB are free" not in open_settings(phone)

        phone.context.add_init_script(
            "navigator.storage.estimate = async () => ({quota: 60 * 2 ** 20, usage: 20 * 2 ** 20})"
        )
        phone.page.reload()
        phone.unlock()
        assert "Only 40 MB are free" in open_settings(phone)


class TestAFullStore:
    def test_says_that_nothing_was_recorded_and_still_sends(
        self, world: World, carnet: Carnet, issue: Issue, phones: PhoneAt
    ) -> None:
        other = issue()
        world.travel(other, upto=2, since=ago(days=2))
        phone = phones()
        phone.enrol(OFFICER)
        phone.await_mark("installed")
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()

        give_room(phone, MEGABYTE)
        phone.unlock()
        phone.type_number(other.number, 3)
        phone.tap_twice()
        phone.page.get_by_text("was NOT recorded").wait_for()
        assert phone.page.locator("main.confirm").is_visible()
        assert phone.page.get_by_role("button", name="1 unsent").is_visible()

        phone.context.set_offline(False)
        phone.page.evaluate("() => dispatchEvent(new Event('online'))")
        phone.page.get_by_text("all sent").wait_for()
        assert list(Stamp.objects.filter(page=3).values_list("carnet__number", flat=True)) == [carnet.number]

        give_room(phone, None)
        phone.unlock()
        phone.type_number(other.number, 3)
        phone.stamp()
        phone.page.get_by_text("all sent").wait_for()
        assert Stamp.objects.filter(page=3).count() == 2

    def test_lets_nobody_guess_the_pin_faster(self, world: World, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        give_room(phone, MEGABYTE)
        phone.page.get_by_role("heading", name="Enter the PIN").wait_for()
        phone.enter("000000")
        phone.page.get_by_text("Wait 15 s").wait_for()
        phone.enter(PIN)
        expect(phone.page.get_by_text("Wait 1")).to_be_visible()
        assert phone.page.locator("main.pin").is_visible()


class TestAPhoneThatWasEmptied:
    def test_says_so_and_what_was_last_known_to_be_unsent(self, world: World, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        [device] = Device.objects.all()
        Device.objects.filter(pk=device.pk).update(unsent=3, oldest_unsent_at=ago(hours=5))
        tell_browser(phone, "Storage.clearDataForOrigin", storageTypes=ALL_BUT_COOKIES)
        phone.page.get_by_role("heading", name="closed this app's store").wait_for()
        phone.page.get_by_role("button", name="Open again").click()

        told = phone.page.locator(".risk[role=alert]").inner_text()
        assert "This phone was emptied" in told
        assert "3" not in told  # nobody is told how much before they have signed in
        reports: list[Request] = []
        phone.page.on("request", lambda each: reports.append(each) if "heartbeat" in each.url else None)
        enrol_anew(phone)
        phone.page.get_by_text("3 acts were unsent").wait_for()
        lost = [each for each in reports if str(device.pk) in each.url]
        assert [json.loads(each.post_data or "")["storage_lost"] for each in lost] == [True]

        phone.page.reload()  # it is told until somebody has read it
        phone.page.get_by_role("heading", name="Enter the PIN").wait_for()
        phone.enter(PIN)
        phone.page.get_by_text("3 acts were unsent").wait_for()
        phone.page.wait_for_timeout(400)
        phone.page.get_by_role("button", name="I have read this").click()
        phone.page.locator("main.scan").wait_for()
        phone.page.reload()
        phone.unlock()

    def test_is_another_than_one_that_was_left(self, world: World, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        open_settings(phone)
        phone.page.get_by_role("button", name="Erase this phone").click()
        phone.page.get_by_role("button", name="Tap again to erase").click()
        phone.page.get_by_role("heading", name="Enrol this phone").wait_for()
        phone.page.reload()

        phone.page.get_by_role("heading", name="Enrol this phone").wait_for()
        assert phone.page.get_by_text("This phone was emptied").count() == 0


def enrol_anew(phone: Phone) -> None:
    phone.enrol(OFFICER, synced="main.emptied")
