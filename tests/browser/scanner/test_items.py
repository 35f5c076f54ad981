"""Where an item stands, in a word and a colour; it leaves the list only with a receipt or by a named person."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER, Phone
from tests.world import World
from tir.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

COLOUR = "each => getComputedStyle(each).color"


@pytest.fixture
def colours() -> dict[str, str]:
    return {}


@pytest.fixture
def stands(colours: dict[str, str]) -> Callable[[Phone, str], None]:
    """Wait until the one item of the list says so, and note in which colour."""

    def wait(phone: Phone, word: str) -> None:
        said = phone.page.locator(".items .standing")
        expect(said).to_have_text(word, timeout=30_000)
        colours[word] = said.evaluate(COLOUR)

    return wait


def open_list(phone: Phone, count: str) -> None:
    phone.page.get_by_role("button", name=count).click()
    phone.page.locator("main.queue").wait_for()


def test_an_item_stands_on_the_phone_then_on_its_way_then_on_record(
    carnet: Carnet, phones: PhoneAt, stands: Callable[[Phone, str], None], colours: dict[str, str]
) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    held: list[Route] = []
    phone.page.route("**/stamps/batch/", lambda route: held.insert(0, route))
    phone.context.set_offline(True)
    phone.type_number(carnet.number, 3)
    phone.stamp()
    open_list(phone, "1 unsent")
    stands(phone, "on this phone")

    phone.context.set_offline(False)
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")
    stands(phone, "being sent")
    assert not Stamp.objects.filter(page=3).exists()
    held.pop().continue_()
    stands(phone, "on record")

    stamp = Stamp.objects.get(page=3)
    assert len(set(colours.values())) == 3
    phone.page.locator(".items .open").click()
    told = phone.page.locator("main.item").inner_text()
    assert str(stamp.pk) in told
    assert f"on record as No. {stamp.sequence}" in told
    assert bytes(stamp.hash).hex()[:32] in told
    assert "Nothing. It leaves this list after the shift." in told


def test_what_a_person_must_decide_stays_until_a_named_person_has(
    world: World,
    carnet: Carnet,
    phones: PhoneAt,
    stands: Callable[[Phone, str], None],
) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    phone.context.set_offline(True)
    phone.type_number(carnet.number, 3)
    phone.stamp()
    world.stamp(carnet, 3, now())  # meanwhile by a colleague
    phone.context.set_offline(False)
    open_list(phone, "1 to resolve")
    stands(phone, "a person must decide")

    phone.page.locator(".items .open").click()
    assert "Read the answer, then choose." in phone.page.locator("main.item").inner_text()
    phone.page.get_by_role("button", name="Noted").click()
    expect(phone.page.locator(".item .standing")).to_have_text("noted")
    assert f"by {OFFICER}" in phone.page.locator("main.item").inner_text()
    phone.page.get_by_role("button", name="Back").click()
    stands(phone, "noted")


def test_what_is_withdrawn_stays_in_the_list_and_counts_no_more(
    world: World,
    carnet: Carnet,
    phones: PhoneAt,
    stands: Callable[[Phone, str], None],
) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    phone.type_number(carnet.number, 3)
    assert phone.verdict() == "GO"
    assert "server" in phone.page.locator(".source").inner_text()
    world.stamp(carnet, 3, now())  # before the second tap, by a colleague
    phone.tap_twice()
    expect(phone.page.locator("main.done h1")).to_have_text("✖ Not on record")
    assert not phone.page.get_by_role("button", name="Print the receipt").count()
    phone.page.get_by_role("button", name="Decide what to do").click()
    assert "Read the answer, then choose." in phone.page.locator("main.item").inner_text()
    phone.page.get_by_role("button", name="1 to resolve").click()
    stands(phone, "a person must decide")

    phone.page.get_by_role("button", name="It did not happen").click()
    stands(phone, "a person must decide")
    phone.page.get_by_role("button", name="Tap again to withdraw").click()

    stands(phone, "withdrawn")
    phone.page.get_by_text("all sent").wait_for()
    phone.page.locator(".items .open").click()
    assert f"by {OFFICER}" in phone.page.locator("main.item").inner_text()
    assert Stamp.objects.filter(page=3).count() == 1
