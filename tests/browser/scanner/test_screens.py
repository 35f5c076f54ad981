"""Every screen of the phone at 360 × 640, by day and by night, in three languages: axe finds nothing, nothing scrolls
that must not, and no word is cut off."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.api.calls import ago
from tests.browser.conftest import keep
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import Phone
from tests.world import World

LANGUAGES = ("en", "ru", "zh-hans")
RUN_AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)"""
# Elements wider than the screen, and words that run out of a button.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(each => !each.closest("svg, .unseen") && (
    each.getBoundingClientRect().right > innerWidth + 1
    || (each.matches("button, h1") && each.scrollWidth > each.clientWidth + 1))
).map(each => each.outerHTML.slice(0, 120))"""
SCROLLS = """() => ["main", ".page", ".see", "html"].filter(each => {
    const found = document.querySelector(each);
    return found && found.scrollHeight > found.clientHeight + 1; })"""


class Inspector:
    """Looks at a screen in every light and language, and writes down what an officer would dislike."""

    def __init__(self, phone: Phone, axe: str) -> None:
        self.phone, self.axe = phone, axe
        self.faults: list[str] = []

    def inspect(self, screen: str, *, fits: bool = True) -> None:
        page = self.phone.page
        page.evaluate(self.axe)
        for language in LANGUAGES:
            assert page.evaluate("document.documentElement.lang") == language
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                keep(page, f"phone-{screen}-{language}-{scheme}", is_whole=False)
                if language == "en":
                    self._note(screen, scheme, page.evaluate(RUN_AXE))
            self._note(screen, language, page.evaluate(CUT_OFF))
            if fits:
                self._note(screen, language, page.evaluate(SCROLLS))
            page.locator("button.language").click()
            page.wait_for_timeout(100)

    def _note(self, screen: str, where: str, found: Any) -> None:
        self.faults += [f"{screen} ({where}): {each}" for each in found]


@pytest.fixture
def seen(world: World, phones: PhoneAt, axe: str) -> Inspector:
    return Inspector(phones(), axe)


@pytest.mark.django_db(transaction=True)
def test_every_screen_is_accessible_and_fits(world: World, issue: Issue, seen: Inspector) -> None:
    clean, early, lost, leaving = issue(), issue(), issue(), issue()
    world.travel(clean, upto=2, since=ago(days=2))
    world.travel(early, upto=1, since=ago(days=2))
    world.travel(leaving, upto=3, since=ago(days=2))
    lost.control, lost.control_at = "lost", ago(hours=3)
    lost.save()

    begin(seen)
    see(seen, stopped=lost.number, doubtful=early.number)
    state(seen, leaving.number)
    act(seen, clean.number)

    assert seen.faults == []


def begin(seen: Inspector) -> None:
    page = seen.phone.page
    page.get_by_role("heading", name="Enrol this phone").wait_for()
    seen.inspect("signin")
    seen.phone.enrol("officer-kzhor001")
    page.locator(".nocamera").wait_for()
    seen.inspect("scan")
    page.get_by_label("Carnet number").fill("XZ99000002")
    seen.inspect("scan-wrong")


def see(seen: Inspector, *, stopped: str, doubtful: str) -> None:
    phone = seen.phone
    phone.type_number(stopped, 3)
    assert phone.verdict() == "STOP"
    seen.inspect("see-stop")
    phone.next_lorry()
    phone.type_number(doubtful, 3)
    assert phone.verdict() == "LOOK"
    seen.inspect("see-look")
    phone.page.get_by_role("button", name="Back").click()
    phone.context.set_offline(True)
    phone.type_number("XW31415926")
    assert phone.verdict() == "UNKNOWN"
    seen.inspect("see-unknown")
    phone.page.get_by_role("button", name="Back").click()


def state(seen: Inspector, leaving: str) -> None:
    """A voucher No. 2, where everything is stated one by one, at an office where it was not planned."""
    phone, page = seen.phone, seen.phone.page
    phone.context.set_offline(False)
    phone.type_number(leaving, 4)
    phone.verdict()
    tap(page, "A-10024")
    seen.inspect("see-crossed")
    tap(page, "A-10024")
    tap(page, "Something is wrong")
    tap(page, "Stamp with a reservation")
    assert page.get_by_role("button", name="Confirm the stamp").is_disabled()
    seen.inspect("confirm-unstated", fits=False)
    page.get_by_role("radio", name="as listed").check()
    page.get_by_role("radio", name="counted", exact=True).check()
    page.get_by_label("Packages counted").fill("419")
    page.get_by_label("Reservation").fill("One carton short.")
    seen.inspect("confirm-stated", fits=False)
    page.get_by_text("Vehicles, containers, opened seals").click()
    page.get_by_role("radio", name="as ticked").check()
    page.get_by_label("Seals are taken off or put on here").check()
    page.get_by_label("Seals taken off").fill("A-10024")
    seen.inspect("confirm-opened", fits=False)
    assert page.get_by_role("button", name="Confirm the stamp").is_enabled()
    tap(page, "Back")
    tap(page, "Back")
    phone.context.set_offline(True)


def act(seen: Inspector, clean: str) -> None:
    """Everything that can be done to a carnet in order, offline."""
    phone, page = seen.phone, seen.phone.page
    phone.type_number(clean)
    assert phone.verdict() == "GO"
    seen.inspect("see-go")
    tap(page, "Route and goods")
    seen.inspect("more", fits=False)
    tap(page, "Back")
    tap(page, "Something is wrong")
    seen.inspect("wrong")
    tap(page, "Certified report")
    seen.inspect("report", fits=False)
    tap(page, "Back")
    tap(page, "Something is wrong")
    tap(page, "Refuse to start")
    seen.inspect("refusal")
    tap(page, "Back")
    tap(page, "A-10023")
    seen.inspect("see-seal")
    tap(page, "A-10023")
    tap(page, "Stamp entry")
    seen.inspect("confirm")
    tap(page, "Confirm the stamp")
    page.locator("main.done").wait_for()
    seen.inspect("done", fits=False)
    tap(page, "1 unsent")
    seen.inspect("queue", fits=False)
    page.locator(".items .open").click()
    seen.inspect("item", fits=False)
    tap(page, "Back")
    tap(page, "Take this stamp back")
    seen.inspect("takeback")
    tap(page, "Back")
    tap(page, "Settings")
    seen.inspect("settings", fits=False)
    tap(page, "Lock")
    seen.inspect("lock")


def tap(page: Page, name: str) -> None:
    """Tap no sooner than a finger after the screen has changed."""
    page.wait_for_timeout(400)
    page.get_by_role("button", name=name).first.click()
