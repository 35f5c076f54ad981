"""From an empty database to a stamped carnet on pages alone, by people who read only the screen.

Nobody types an address but the links that they are given: every page is reached from the one before it.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from checkpoints.models import Stamp
from docs.examples import set_up_a_country as example
from guarantees.models import CustomsTerritory, Guarantee, LiabilityMaximum
from tests.browser.conftest import PATIENCE, Pictures, Violations
from tests.browser.scanner.phone import SYNCED, Phone
from tir.kernel.clock import now
from tir.signin import totp
from tir.signin.models import Authenticator

LONGEST = 10 * 60  # seconds of clicking
PASSWORD = "camel ladder quiet orchard"
REASON = "Order 1 of the ministry: TIR begins"
TERRITORIES = (
    {"Code": "xv", "Name in English": "Velland"},
    {"Code": "XD", "Name in English": "Ardania"},
)
OFFICES = (
    ("XVVEL001", "XV", "Vel City", "41.1", "61.7", ("departure", "destination")),
    ("XVBRG001", "XV", "Bridgefoot", "41.6", "60.2", ("entry en route", "exit en route")),
    ("XDFLD001", "XD", "Feldgate", "41.62", "60.14", ("entry en route", "exit en route", "destination")),
)


class Clock:
    """How long was clicked; looking at what was clicked does not count."""

    def __init__(self) -> None:
        self.began, self.looked = time.perf_counter(), 0.0

    @contextmanager
    def stopped(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.looked += time.perf_counter() - began

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began - self.looked


class Reader:
    """A person before a screen, who follows what it says."""

    def __init__(self, page: Page, look: Callable[[Page, str], None]) -> None:
        self.page, self.look = page, look
        page.set_default_timeout(PATIENCE)
        self.codes: list[str] = []

    def joins(self, link: str, *, app: bool) -> None:
        """Open the link, choose a password and, where it is asked for, set up an app and write the codes down."""
        page = self.page
        page.goto(link)
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_label("Once more").fill(PASSWORD)
        page.get_by_role("button", name="Set the password and go on").click()
        if not app:
            return
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
        letters = page.locator("ol .font-monospace").inner_text().replace(" ", "")
        page.get_by_label("Code that the app shows").fill(totp.code_of(letters, totp.step_at(now())))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        self.codes = page.locator("ul.font-monospace li").all_inner_texts()
        page.get_by_role("link", name="I have written them down").click()

    def opens(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()

    def takes_the_next_step(self, heading: str) -> None:
        """Follow the one primary button of the list of steps, which must lead where it says."""
        self.opens("Set up")
        self.page.locator("li[aria-current=step] a.btn-primary").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def fills(self, said: dict[str, str], *, ticks: tuple[str, ...] = (), reason: str = REASON) -> None:
        for label, text in said.items():
            field = self.page.get_by_label(label, exact=True)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)
        for label in ticks:
            self.page.get_by_label(label, exact=True).check()
        self.page.get_by_label("Reason", exact=True).fill(reason)

    def sends(self, button: str = "Enter") -> None:
        """Press the button; a refusal would stay on the page, with its sentences."""
        self.page.get_by_role("button", name=button, exact=True).click()
        problems = self.page.get_by_role("alert")
        assert problems.count() == 0, problems.all_inner_texts()

    def sends_blank(self, name: str) -> None:
        """Press the button too early: the page says what is wrong beside each field, and that is looked at."""
        self.page.get_by_role("button", name="Enter", exact=True).click()
        expect(self.page.get_by_role("alert")).to_contain_text("There is a problem")
        self.look(self.page, f"{name}-blank")

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_be_visible()

    def invites(self, username: str, name: str, said: dict[str, str], *, role: str = "") -> str:
        """Fill in the invitation that is open; return the link that is shown."""
        ticks = (role,) if role else ()
        self.fills({"Name to sign in with": username, "Name of the person": name, **said}, ticks=ticks)
        self.sends("Invite")
        return self.page.get_by_label("Link", exact=True).input_value()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def look(clock: Clock, violations: Violations, pictures: Pictures) -> Callable[[Page, str], None]:
    """Have axe look at a page, and take its pictures in three languages."""

    def at(page: Page, name: str) -> None:
        with clock.stopped():
            before = page.viewport_size
            assert violations(page) == []
            pictures(page, f"setup-{name}")
            if before:
                page.set_viewport_size(before)

    return at


@pytest.fixture
def reader(browser: Browser, look: Callable[[Page, str], None]) -> Callable[[], Reader]:
    """Return somebody new, with a browser of their own."""
    return lambda: Reader(browser.new_context(locale="en-GB").new_page(), look)


def link_for(name: str, address: str) -> str:
    said = StringIO()
    call_command("add_administrator", name, "--address", address, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


def enter_the_country(first: Reader) -> None:
    for index, territory in enumerate(TERRITORIES):
        if index:
            first.page.get_by_role("link", name="Enter a customs territory").click()
        else:
            first.takes_the_next_step("Enter a customs territory")
            first.look(first.page, "territory")
        first.fills(territory)
        first.sends()
        first.is_told("It is on record.")
    first.page.get_by_role("link", name="Next step: Countries of the territories").click()
    for index, code in enumerate(("XV", "XD")):
        if index:
            first.page.get_by_role("link", name="Enter a country of a territory").click()
        first.fills({"Customs territory": code, "Country": code})
        first.sends()


def enter_the_association(first: Reader) -> None:
    first.takes_the_next_step("Enter an association")
    first.fills({
        "Code": "981", "Country": "XV", "Name": "Velland Road Carriers' Union", "Time zone": "Asia/Tashkent",
    })  # fmt: skip
    first.look(first.page, "association")
    first.sends()
    first.takes_the_next_step("Propose a liability maximum")
    first.fills({"Amount": "100000", "Currency": "eur"})
    first.sends("Propose")
    first.is_told("It counts once another person approves it.")
    first.look(first.page, "maxima-waiting")


def enter_the_offices(first: Reader) -> None:
    first.takes_the_next_step("Enter a customs office")
    first.sends_blank("offices")
    for index, (code, territory, name, north, east, roles) in enumerate(OFFICES):
        if index:
            first.page.get_by_role("link", name="Enter a customs office").click()
        first.fills(
            {"Code": code, "Customs territory": territory, "Name in English": name, "Latitude": north,
             "Longitude": east, "Time zone": "Asia/Tashkent"},
            ticks=roles,
        )  # fmt: skip
        first.sends()
    first.look(first.page, "offices")
    first.page.get_by_role("link", name="Next step: Paired crossings").click()
    first.fills({
        "Code": "XD-XV-BRIDGE", "Name in English": "Feldgate – Bridgefoot", "Office on one side": "XDFLD001",
        "Office on the other side": "XVBRG001",
    })  # fmt: skip
    first.sends()


def propose_the_pool(first: Reader) -> None:
    first.takes_the_next_step("Propose a guarantee")
    first.fills({
        "Reference": "XV-POOL-1", "Amount for each carnet": "100000", "Ceiling": "3000000", "Currency": "EUR",
    })  # fmt: skip
    first.look(first.page, "guarantee")
    first.sends("Propose")
    first.is_told("It counts once another person approves it.")
    first.opens("Approvals")
    expect(first.page.get_by_text("You proposed this: another person must approve it.")).to_have_count(2)
    expect(first.page.get_by_role("link", name=re.compile("^Approve or refuse ?:"))).to_have_count(0)


def give_numbers(first: Reader) -> None:
    first.takes_the_next_step("Give an association numbers")
    first.fills({"First number, digits alone": "98100001", "Last number, digits alone": "98105000"})
    first.sends()


def approve_all(second: Reader) -> None:
    """The second person's landing page says that something waits; they look at each proposal and say yes."""
    second.page.get_by_role("link", name="2 proposals wait for approval").click()
    second.look(second.page, "approvals")
    for left in (2, 1):
        links = second.page.get_by_role("link", name=re.compile("^Approve or refuse ?:"))
        expect(links).to_have_count(left)
        links.first.click()
        if left == 2:
            second.look(second.page, "approve")
        second.page.get_by_role("button", name="Approve", exact=True).click()
        second.is_told("Your approval is recorded.")


def invite_staff(first: Reader) -> dict[str, str]:
    """Three officers at two posts, and a person of the association; return the links."""
    links = {}
    for username, name, office in example.OFFICERS:
        first.opens("Set up")
        first.page.get_by_role("link", name=re.compile("Go there ?: Officers")).click()
        expect(first.page.get_by_label("checkpoint officer").first).to_be_checked()
        links[username] = first.invites(username, name, {"Country": "XV", "Office": office})
    first.look(first.page, "invited-officer")
    first.takes_the_next_step("Invite a person")
    links["omar.s"] = first.invites("omar.s", "Omar Said", {"Association": "981"})
    return links


def authorise_a_holder(clerk: Reader) -> str:
    """The association's own first page leads there while it has no holder; return the holder's reference."""
    clerk.page.get_by_role("link", name="Authorise a holder").click()
    clerk.fills({
        "Number": example.HOLDER["number"], "Name": example.HOLDER["name"], "Address": example.HOLDER["address"],
    })  # fmt: skip
    clerk.look(clerk.page, "holder")
    clerk.sends("Authorise")
    clerk.look(clerk.page, "holder-there")
    return clerk.page.get_by_role("heading", level=1).inner_text().split(" ")[0]


def stamp(phone: Phone, username: str, number: str) -> None:
    """Sign in on the phone, choose a PIN, type the number and stamp with two taps."""
    page = phone.page
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for heading in ("Choose a PIN", "once more"):
        page.get_by_role("heading", name=heading).wait_for()
        phone.enter("246810")
    page.locator(SYNCED).wait_for()
    phone.type_number(number)
    assert phone.verdict() == "GO", phone.reasons()
    page.wait_for_timeout(400)
    page.locator("button.primary").click()
    page.locator("main.confirm textarea.list").first.fill("V-1001")
    page.wait_for_timeout(400)
    page.locator("button.primary").click()
    page.locator("main.done[data-state=done]").wait_for()


def test_a_ministry_of_two_posts_in_ten_minutes(
    live_server: LiveServer, browser_type: BrowserType, reader: Callable[[], Reader], clock: Clock,
    measured: dict[str, str], tmp_path: Path,
) -> None:  # fmt: skip
    assert not CustomsTerritory.objects.exists()
    first, second, clerk, officer = reader(), reader(), reader(), reader()

    first.joins(link_for("amal", live_server.url), app=True)
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Set up")
    first.look(first.page, "empty")
    first.takes_the_next_step("Invite a person")
    link = first.invites("dana.k", "Dana Karim", {"Country": "XV"})
    first.look(first.page, "invited")
    enter_the_country(first)
    enter_the_association(first)
    enter_the_offices(first)
    propose_the_pool(first)
    give_numbers(first)

    second.joins(link, app=True)
    expect(second.page.get_by_role("heading", level=1)).to_have_text("Set up")
    approve_all(second)
    assert (LiabilityMaximum.objects.count(), Guarantee.objects.count()) == (1, 1)

    links = invite_staff(first)
    clerk.joins(links["omar.s"], app=True)
    holder = authorise_a_holder(clerk)

    api = example.Caller(live_server.url)
    token = api.post("/auth/token/", username="omar.s", password=PASSWORD, otp=clerk.codes[0])["token"]
    number = example.issued(example.program_of(example.Caller(live_server.url, f"Token {token}")), holder)

    officer.joins(links["aida.n"], app=False)
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text("Vel City")
    officer.look(officer.page, "officer")
    first.opens("Set up")
    first.is_told("Everything is there: a carnet can be issued and stamped.")
    first.look(first.page, "complete")
    address = officer.page.get_by_role("link", name="Open the phone app").get_attribute("href")
    assert address == "/post/"
    phone = Phone(browser_type, tmp_path / "phone", live_server.url)
    phone.switch_on()
    stamp(phone, "aida.n", number)
    phone.switch_off()

    seconds = clock.seconds
    measured["from empty to a stamped carnet, clicking"] = f"{seconds:.0f} s"
    assert seconds < LONGEST
    assert Stamp.objects.get().officer.username == "aida.n"
    assert set(Authenticator.objects.values_list("user__username", flat=True)) == {"amal", "dana.k", "omar.s"}
    assert phone.errors == []
