"""Monday morning at a guaranteeing association, as far as carnets go: which are open, which is the oldest, why, and out
with it as a file."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from carnets.models import Carnet
from tests.api.calls import ago
from tests.api.consoles.conftest import DOT
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World, reconcile
from tir.accounts.models import Role
from tir.kernel.clock import now


@pytest.fixture
def oldest(world: World, live_server: LiveServer) -> Carnet:
    """Four carnets: the oldest stuck in Kazakhstan with a gap behind it, one under way, one unused, one discharged."""
    stuck = issued(world, days=120)
    world.travel(stuck, upto=5, since=ago(days=118), but={4: None, 3: {"seals_intact": False}})
    world.report(stuck, "KZHOR001", ago(days=116), kind="seals_broken", photos=[("image/png", DOT)])
    world.travel(issued(world, days=9), upto=3, since=ago(days=8))
    issued(world, days=2)
    world.travel(issued(world, days=40), since=ago(days=38))
    reconcile(now())
    return stuck


def issued(world: World, days: int) -> Carnet:
    at = ago(days=days)
    return world.issue(at=at, acceptance_until=at.date() + timedelta(days=30))


class TestMonday:
    def test_finds_the_oldest_carnet_and_why_it_is_open(
        self, oldest: Carnet, signed_in: SignIn, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/carnets/")
        first = page.locator("table.rows tbody tr").first
        expect(first).to_contain_text(oldest.number)
        expect(first).to_contain_text("120")
        expect(page.locator("table.rows tbody tr")).to_have_count(3)
        assert violations(page) == []
        pictures(page, "open-carnets")

        first.get_by_role("link", name=oldest.number).click()
        expect(page.locator(".why")).to_contain_text("Why it is open")
        expect(page.locator(".route-node")).to_have_count(8)
        expect(page.locator(".mark-missing")).to_have_count(1)
        assert violations(page) == []
        pictures(page, "carnet")

    def test_opens_the_evidence_beside_the_carnet(
        self, oldest: Carnet, signed_in: SignIn, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION, f"/console/carnets/{oldest.number}/")
        page.get_by_role("link", name="Stamp, departure, page 1").click()

        beside = page.locator("#evidence")
        expect(beside).to_contain_text(oldest.stamps.get(page=1).hash.hex())
        expect(beside).to_be_focused()
        expect(page).to_have_url(re.compile(rf"/console/carnets/{oldest.number}/$"))
        page.get_by_role("link", name=re.compile("Certified report")).click()
        expect(beside.get_by_role("img", name="Photo 1 of the report")).to_be_visible()
        assert violations(page) == []
        pictures(page, "evidence")

    def test_exports_what_the_filter_shows(self, oldest: Carnet, signed_in: SignIn) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/carnets/")
        page.get_by_label("Age", exact=True).select_option("365")
        expect(page.locator("table.rows tbody tr")).to_have_count(1)
        expect(page).to_have_url(re.compile("age=365"))

        text = download(page, "CSV").read_text("utf-8-sig")
        heading, row = csv.reader(StringIO(text))
        said = dict(zip(heading, row, strict=True))
        assert said["Carnet"] == oldest.number
        assert said["Age in days"] == "120"
        assert said["Irregularity"] in set(oldest.irregularities.values_list("code", flat=True))

        sheet = load_workbook(BytesIO(download(page, "XLSX").read_bytes())).active
        assert [list(map(cell_text, cells)) for cells in sheet.iter_rows(values_only=True)] == [heading, row]

    def test_works_without_javascript(
        self, oldest: Carnet, signed_in: SignIn, live_server: LiveServer, browser: Browser
    ) -> None:
        cookies = signed_in(Role.ASSOCIATION).context.cookies()
        context = browser.new_context(java_script_enabled=False)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{live_server.url}/console/carnets/")
        page.get_by_label("Age", exact=True).select_option("365")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("table.rows tbody tr")).to_have_count(1)
        page.get_by_role("link", name=oldest.number).click()
        page.get_by_role("link", name="Stamp, departure, page 1").click()

        expect(page.locator("#evidence")).to_contain_text("SHA-256")
        context.close()


class TestSearch:
    def test_finds_a_carnet_by_the_keyboard_alone(self, oldest: Carnet, signed_in: SignIn) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/irregularities/")
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(oldest.number[:8].lower())
        expect(page.locator("#found").get_by_role("link", name=oldest.number)).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile(rf"/console/carnets/{oldest.number}/$"))

    @pytest.mark.parametrize(
        ("said", "found"), [("01 kz-123", "XZ"), ("silk", "Silk Road"), ("CHN/071", "Silk Road")]
    )
    def test_finds_by_plate_and_holder(
        self, oldest: Carnet, signed_in: SignIn, said: str, found: str
    ) -> None:
        page = signed_in(Role.ASSOCIATION, f"/console/search/?q={said}")

        expect(page.locator("#results").get_by_role("link").first).to_be_visible()


class TestEveryReader:
    @pytest.mark.parametrize("language", ["ru", "zh-hans"])
    def test_reads_it_in_their_language(
        self, oldest: Carnet, signed_in: SignIn, violations: Violations, pictures: Pictures, language: str
    ) -> None:
        page = signed_in(Role.ASSOCIATION)
        page.locator(f'button[name="language"][value="{language}"]').click()
        for name, path in PAGES.items():
            page.goto(page.url.split("/console/")[0] + path.format(number=oldest.number))
            assert violations(page) == []
            pictures(page, f"{name}-{language}")
            assert overlapping(page) == []

    def test_reads_it_at_night(
        self, oldest: Carnet, signed_in: SignIn, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        for name, path in PAGES.items():
            page.goto(page.url.split("/console/")[0] + path.format(number=oldest.number))
            assert violations(page) == []
            pictures(page, f"{name}-dark")

    def test_reads_it_at_twice_the_size(self, oldest: Carnet, signed_in: SignIn) -> None:
        page = signed_in(Role.ASSOCIATION)
        page.set_viewport_size({"width": 720, "height": 450})  # what 1440 × 900 is at 200 %
        for path in PAGES.values():
            page.goto(page.url.split("/console/")[0] + path.format(number=oldest.number))
            assert page.evaluate("document.documentElement.scrollWidth") <= 720


def overlapping(page: Page) -> list[str]:
    """Return the offices of the route whose words run into their neighbour's: Russian needs a third more room."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".route-node")].filter(node =>
            [...node.querySelectorAll(".route-planned, .route-actual")]
                .some(part => part.scrollWidth > node.clientWidth)
        ).map(node => node.innerText)"""
    )
    return found


PAGES = {
    "open-carnets": "/console/carnets/",
    "carnet": "/console/carnets/{number}/",
    "irregularities": "/console/irregularities/",
    "search": "/console/search/?q=01KZ",
    "report-lost": "/console/carnets/{number}/report-lost/",
}


def download(page: Page, name: str) -> Path:
    with page.expect_download() as caught:
        page.get_by_role("link", name=name, exact=True).click()
    return caught.value.path()


def cell_text(cell: object) -> str:
    return "" if cell is None else str(cell)
