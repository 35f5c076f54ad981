"""The app dies between the write and the screen that would have said so."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER

pytestmark = pytest.mark.django_db(transaction=True)

# The queue's writes end, and the app never hears of it.
KEEP_THE_APP_WAITING = """() => {
    const real = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, how) {
        const made = real.call(this, stores, mode, how);
        if (mode === "readwrite" && [stores].flat().includes("queue"))
            made.addEventListener("complete", event => {
                event.stopImmediatePropagation();
                window.isWritten = true; });
        return made; }; }"""


def test_a_stamp_written_before_a_crash_is_there_and_is_not_made_twice(
    carnet: Carnet, phones: PhoneAt
) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    phone.await_mark("installed")
    phone.context.set_offline(True)
    phone.type_number(carnet.number, 3)
    phone.page.evaluate(KEEP_THE_APP_WAITING)
    phone.tap_twice()
    while not phone.page.evaluate("() => window.isWritten === true"):
        phone.page.wait_for_timeout(50)
    assert phone.page.locator("main.done").count() == 0

    with suppress(Error):  # what dies does not answer
        phone.page.goto("chrome://crash")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(f"{phone.address}/post/")
    phone.page.get_by_text("1 unsent").wait_for()
    phone.unlock()
    phone.type_number(carnet.number, 3)
    assert phone.verdict() == "LOOK"
    assert "stamped already" in phone.reasons()
    assert phone.page.get_by_role("button", name="Stamp entry").count() == 0
    phone.page.get_by_role("button", name="1 unsent").click()
    assert carnet.number in phone.page.locator(".items").inner_text()

    phone.context.set_offline(False)
    phone.page.get_by_text("all sent").wait_for()
    assert Stamp.objects.filter(page=3).count() == 1
