"""Two windows of the app on one phone: one truth, one that sends, and none that holds up the other."""

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER, Phone

pytestmark = pytest.mark.django_db(transaction=True)

# Another edition of the app opens the database in a schema of its own.
OPEN_NEWER = """() => new Promise(resolve => {
    const asked = indexedDB.open("tir-post", 99);
    asked.onsuccess = () => { asked.result.close(); resolve("opened"); };
    asked.onerror = () => resolve(String(asked.error)); })"""


def second_window(phone: Phone) -> Phone:
    """Open the app of the same phone once more, unlocked."""
    window = Phone(phone.browser_type, phone.profile, phone.address, context=phone.context)
    window.page = phone.context.new_page()
    window.page.goto(f"{phone.address}/post/")
    window.unlock()
    return window


class TestTwoWindows:
    def test_never_both_say_go_for_one_voucher(self, carnet: Carnet, phones: PhoneAt) -> None:
        one = phones()
        one.enrol(OFFICER)
        one.await_mark("installed")
        other = second_window(one)
        one.context.set_offline(True)
        other.type_number(carnet.number, 3)
        assert other.verdict() == "GO"

        one.type_number(carnet.number, 3)
        one.stamp()

        expect(other.page.locator(".see .verdict h1")).to_have_text("LOOK")
        assert "stamped already" in other.reasons()
        other.page.get_by_role("button", name="Back").click()
        other.type_number(carnet.number, 3)
        assert other.verdict() == "LOOK"
        assert other.page.get_by_role("button", name="1 unsent").is_visible()

    def test_take_an_officer_back_who_is_about_to_confirm(self, carnet: Carnet, phones: PhoneAt) -> None:
        one = phones()
        one.enrol(OFFICER)
        one.await_mark("installed")
        other = second_window(one)
        one.context.set_offline(True)
        other.type_number(carnet.number, 3)
        other.page.wait_for_timeout(400)
        other.page.locator("button.primary").click()
        other.page.locator("main.confirm").wait_for()

        one.type_number(carnet.number, 3)
        one.stamp()

        other.page.locator(".verdict", has_text="stamped already").wait_for()
        one.context.set_offline(False)
        one.page.get_by_text("all sent").wait_for()
        assert Stamp.objects.filter(page=3).count() == 1

    def test_send_by_the_one_that_leads(self, carnet: Carnet, phones: PhoneAt) -> None:
        one = phones()
        one.enrol(OFFICER)
        one.await_mark("installed")
        other = second_window(one)
        batches: Counter[Page] = Counter()
        for window in (one.page, other.page):
            window.on("request", lambda each, by=window: batches.update([by] * ("batch" in each.url)))

        other.type_number(carnet.number, 3)
        other.stamp()
        other.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 1
        assert batches == {one.page: 1}

    def test_hand_the_lead_to_the_one_that_is_left(self, carnet: Carnet, phones: PhoneAt) -> None:
        one = phones()
        one.enrol(OFFICER)
        one.await_mark("installed")
        other = second_window(one)
        one.page.close()

        other.type_number(carnet.number, 3)
        other.stamp()
        other.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 1


class TestAnotherEdition:
    def test_finds_the_store_free_and_what_is_unsent_in_it(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.await_mark("installed")
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        newer = phone.context.new_page()
        newer.goto(f"{phone.address}/post/icon.svg")

        assert newer.evaluate(OPEN_NEWER) == "opened"

        phone.page.get_by_role("heading", name="Updated in another window").wait_for()
        phone.page.get_by_role("button", name="Open again").click()
        phone.unlock()
        phone.page.get_by_text("1 unsent").wait_for()
        phone.context.set_offline(False)
        phone.page.get_by_text("all sent").wait_for()
        assert Stamp.objects.filter(page=3).count() == 1
