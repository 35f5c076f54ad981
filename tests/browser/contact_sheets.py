"""Contact sheets of what people see: every page of the consoles and every screen of the phone, on two sizes of screen
and in three languages, under `.local/pictures`. For eyes, not for checks: `script/pictures` makes them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.api.calls import ago
from tests.api.consoles.test_matrix import ROWS, arguments  # noqa: F401  (a fixture)
from tests.api.endpoints import Address, pages
from tests.api.matrix import people  # noqa: F401  (a fixture)
from tests.browser.conftest import MODEL_BACKEND
from tests.browser.scanner.conftest import Issue, PhoneAt, issue, phones  # noqa: F401  (fixtures)
from tests.browser.scanner.phone import Phone
from tests.browser.scanner.test_screens import act, begin, see
from tests.world import World
from tir.accounts.models import User

PICTURES = settings.BASE_DIR / ".local/pictures"
SIZES = ((360, 640), (1440, 900))
LANGUAGES = ("en", "ru", "zh-hans")
SCREENS_SHOWN = 4  # of a long page: the rest is more of the same
CELL = {360: (180, 8), 1440: (420, 4)}  # the width of a thumbnail, and how many stand in a row
ROWS_A_SHEET = 5
GAP, CAPTION = 12, 22


@pytest.fixture(scope="module", autouse=True)
def fresh_folder() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.rglob("*.png"):
        old.unlink()


@pytest.mark.django_db(transaction=True)
def test_pages_of_the_consoles(
    page: Page,
    live_server: LiveServer,
    people: dict[str, User],  # noqa: F811
    arguments: dict[str, object],  # noqa: F811
) -> None:
    for name, reader, address in to_show(people, arguments):
        page.context.clear_cookies()
        sign_in(page, live_server.url, reader)
        for language in LANGUAGES:
            speak(page, live_server.url, language)
            page.goto(live_server.url + address)
            take(page, name, language)
    make_sheets("console")


def to_show(people: dict[str, User], arguments: dict[str, object]) -> Iterator[tuple[str, User | None, str]]:  # noqa: F811
    """Yield every page with the first reader who may open it; what is no page (a file, a picture) is left out."""
    for one in pages():
        marks = ROWS.get((one.name, "GET"), {})
        reader = next((people[role] for role, mark in marks.items() if mark == "+"), None)
        if (reader or "*" in marks.values()) and is_a_page(one, reader, arguments):
            yield one.name, reader, one.at(arguments)


def is_a_page(one: Address, reader: User | None, arguments: dict[str, object]) -> bool:  # noqa: F811
    client = Client()
    if reader:
        client.force_login(reader, backend=MODEL_BACKEND)
    answer = client.get(one.at(arguments))
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def sign_in(page: Page, url: str, reader: User | None) -> None:
    if reader is None:
        return
    client = Client()
    client.force_login(reader, backend=MODEL_BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


def speak(page: Page, url: str, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])


class Photographer:
    """Walks over the phone's screens as the inspector of `test_screens` does, and takes a picture of each."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def inspect(self, screen: str, **_how: Any) -> None:
        page = self.phone.page
        for language in LANGUAGES:
            take(page, f"phone-{screen}", language)
            page.set_viewport_size({"width": 360, "height": 640})
            page.locator("button.language").click()
            page.wait_for_timeout(100)


@pytest.mark.django_db(transaction=True)
def test_screens_of_the_phone(world: World, issue: Issue, phones: PhoneAt) -> None:  # noqa: F811
    clean, early, lost = issue(), issue(), issue()
    world.travel(clean, upto=2, since=ago(days=2))
    world.travel(early, upto=1, since=ago(days=2))
    lost.control, lost.control_at = "lost", ago(hours=3)
    lost.save()
    seen: Any = Photographer(phones())

    begin(seen)
    see(seen, stopped=lost.number, doubtful=early.number)
    act(seen, clean.number)

    make_sheets("phone")


def take(page: Page, name: str, language: str) -> None:
    """Save what each size of screen shows, top first, long pages cut."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(120)  # charts follow the size of their place
        path = PICTURES / f"{width}" / language / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
        with Image.open(path) as whole:
            shown = whole.crop((0, 0, whole.width, min(whole.height, height * SCREENS_SHOWN)))
        shown.save(path)


def make_sheets(prefix: str) -> None:
    """Compose the pictures of pages whose name begins so: sheets a size and language."""
    for width, _height in SIZES:
        for language in LANGUAGES:
            files = sorted((PICTURES / f"{width}" / language).glob(f"{prefix}*.png"))
            thumb, columns = CELL[width]
            size = columns * ROWS_A_SHEET
            for number, start in enumerate(range(0, len(files), size), 1):
                sheet = compose(files[start : start + size], thumb, columns)
                sheet.save(PICTURES / f"{prefix}-{width}-{language}-{number}.png")


def compose(files: Sequence[Path], width: int, columns: int) -> Image.Image:
    """Return the pictures side by side, each under its name, a row as high as its highest."""
    font = ImageFont.truetype(str(settings.TIR_FONTS["sans"]), 12)
    rows = [
        [(path.stem, thumbnail(path, width)) for path in files[start : start + columns]]
        for start in range(0, len(files), columns)
    ]
    heights = [max(picture.height for _name, picture in row) + CAPTION + GAP for row in rows]
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP), "#d5dae0")
    pen, top = ImageDraw.Draw(sheet), GAP
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            left = GAP + column * (width + GAP)
            pen.text((left, top), name.removeprefix("console-")[: width // 7], fill="black", font=font)
            sheet.paste(picture, (left, top + CAPTION))
        top += height
    return sheet


def thumbnail(path: Path, width: int) -> Image.Image:
    with Image.open(path) as whole:
        return whole.convert("RGB").resize(
            (width, whole.height * width // whole.width), Image.Resampling.LANCZOS
        )
