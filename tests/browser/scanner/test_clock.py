"""A clock that is set while the app is open: it is said, marked at each act, and what really was can be told."""

from datetime import datetime

import pytest

from carnets.models import Carnet
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import OFFICER, Phone
from tests.world import World
from tir.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 86_400_000  # milliseconds
SET_CLOCK = "by => { const real = Date.now; Date.now = () => real() + by; }"


def particulars(phone: Phone, number: str) -> str:
    phone.page.locator(".items li", has_text=number).locator(".open").click()
    told = phone.page.locator("main.item").inner_text()
    phone.page.get_by_role("button", name="Back").click()
    return told


def after(label: str, told: str) -> str:
    """What stands beside a label."""
    return told.split(f"{label}\n", 1)[1].split("\n", 1)[0] if f"{label}\n" in told else ""


@pytest.mark.parametrize(("days", "way"), [(30, "ahead"), (-30, "back")])
def test_a_clock_set_by_a_month_is_said_marked_and_can_be_mended(
    world: World, carnet: Carnet, issue: Issue, phones: PhoneAt, days: int, way: str
) -> None:
    other = issue()
    world.travel(other, upto=2, since=ago(days=2))
    phone = phones(timezone_id="UTC")
    phone.enrol(OFFICER)
    phone.context.set_offline(True)
    phone.type_number(carnet.number, 3)
    assert phone.verdict() == "GO"
    phone.stamp()
    phone.next_lorry()

    phone.call(SET_CLOCK, days * DAY)
    phone.type_number(other.number, 3)
    phone.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert phone.verdict() == "LOOK"
    assert f"set 30 d {way}" in phone.reasons()
    began = now()
    phone.page.wait_for_timeout(400)
    phone.page.get_by_role("button", name="Stamp entry").click()
    phone.page.get_by_role("radio", name="all intact").check()
    phone.page.wait_for_timeout(400)
    phone.page.get_by_role("button", name="Confirm the stamp").click()
    phone.page.locator("main.done").wait_for()
    phone.page.get_by_role("button", name="2 unsent").click()

    before, since = particulars(phone, carnet.number), particulars(phone, other.number)
    assert after("Clock", before) == ""
    assert f"set 30 d {way}" in after("Clock", since)
    assert after("By the server's clock", before) == ""
    assert after("By the server's clock", since) in {spoken(began), spoken(now())}


def spoken(at: datetime) -> str:
    return f"{at.day} {at:%b}, {at:%H:%M}"


def test_a_clock_that_nobody_set_is_not_spoken_of(carnet: Carnet, phones: PhoneAt) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    phone.context.set_offline(True)
    phone.call(SET_CLOCK, 60_000)  # a network sets clocks by less than that
    phone.type_number(carnet.number, 3)
    phone.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")

    assert phone.verdict() == "GO"
    phone.stamp()
    phone.page.get_by_role("button", name="1 unsent").click()
    assert "Clock" not in particulars(phone, carnet.number)
