"""Every screen of the phone at 360 × 640, by day and by night, in three languages: axe finds nothing, nothing scrolls
that must not, and no word is cut off."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import Phone
from tests.world import World

LANGUAGES = ("en", "ru", "zh-hans")
RUN_AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)"""
# Elements wider than the screen, and words that run out of a button.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(each => !each.closest("svg, .unseen") && (
    each.getBoundingClientRect().right > innerWidth + 1
    || (each.matches("button, h1") && each.scrollWidth > each.clientWidth + 1))).map(each => each.outerHTML.slice(0, 120))"""
SCROLLS = """() => ["main", ".page", ".see", "html"].filter(each => {
    const found = document.querySelector(each);
    return found && found.scrollHeight > found.clientHeight + 1; })"""


class Inspector:
    """Looks at a screen in every light and language, and writes down what an officer would dislike."""

    def __init__(self, phone: Phone, axe: str, folder: Path) -> None:
        self.phone, self.axe, self.folder = phone, axe, folder
        self.faults: list[str] = []

    def inspect(self, screen: str, *, fits: bool = True) -> None:
        page = self.phone.page
        page.evaluate(self.axe)
        for language in LANGUAGES:
            assert page.evaluate("document.documentElement.lang") == language
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=self.folder / f"{screen}-{language}-{scheme}.png")
                if language == "en":
                    self._note(screen, scheme, page.evaluate(RUN_AXE))
            self._note(screen, language, page.evaluate(CUT_OFF))
            if fits:
                self._note(screen, language, page.evaluate(SCROLLS))
            page.locator("button.language").click()
            page.wait_for_timeout(100)

    def _note(self, screen: str, where: str, found: Any) -> None:
        self.faults += [f"{screen} ({where}): {each}" for each in found]


@pytest.mark.django_db(transaction=True)
def test_every_screen_is_accessible_and_fits(
    world: World, issue: Issue, phones: PhoneAt, axe: str, tmp_path: Path
) -> None:
    clean, early, lost = issue(), issue(), issue()
    world.travel(clean, upto=2, since=ago(days=2))
    world.travel(early, upto=1, since=ago(days=2))
    lost.control, lost.control_at = "lost", ago(hours=3)
    lost.save()
    phone = phones()
    page = phone.page
    seen = Inspector(phone, axe, tmp_path)

    page.get_by_role("heading", name="Enrol this phone").wait_for()
    seen.inspect("signin")
    phone.enrol("officer-kzhor001")
    page.locator(".nocamera").wait_for()
    seen.inspect("scan")
    page.get_by_label("Carnet number").fill("XZ99000002")
    seen.inspect("scan-wrong")

    phone.type_number(lost.number, 3)
    assert phone.verdict() == "STOP"
    seen.inspect("see-stop")
    phone.next_lorry()
    phone.type_number(early.number, 3)
    assert phone.verdict() == "LOOK"
    seen.inspect("see-look")
    page.get_by_role("button", name="Back").click()
    phone.context.set_offline(True)
    phone.type_number("XW31415926")
    assert phone.verdict() == "UNKNOWN"
    seen.inspect("see-unknown")
    page.get_by_role("button", name="Back").click()

    phone.type_number(clean.number)
    assert phone.verdict() == "GO"
    seen.inspect("see-go")
    page.get_by_role("button", name="Route and goods").click()
    seen.inspect("more", fits=False)
    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="Something is wrong").click()
    seen.inspect("wrong")
    page.get_by_role("button", name="Certified report").click()
    seen.inspect("report", fits=False)
    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="Something is wrong").click()
    page.get_by_role("button", name="Refuse to start").click()
    seen.inspect("refusal")
    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="A-10023").click()
    seen.inspect("see-seal")
    page.get_by_role("button", name="A-10023").click()
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Stamp entry").click()
    seen.inspect("confirm")
    page.get_by_role("button", name="Confirm the stamp").click()
    page.locator("main.done").wait_for()
    seen.inspect("done", fits=False)
    page.get_by_role("button", name="1 unsent").click()
    seen.inspect("queue", fits=False)
    page.get_by_role("button", name="Settings").click()
    seen.inspect("settings", fits=False)
    page.get_by_role("button", name="Lock", exact=True).click()
    seen.inspect("lock")

    assert seen.faults == []
