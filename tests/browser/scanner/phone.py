"""An officer's phone: a Chromium of 360 × 640 with a camera that sees what a test holds before it."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image
from playwright.sync_api import BrowserContext, BrowserType, Page

from carnets.documents.building import build_sheet
from carnets.documents.fonts import installed_fonts
from carnets.documents.render import render_carnet
from carnets.documents.sheet import PrintedOffice
from carnets.models import Carnet
from tests.browser.conftest import CHROMIUM, PATIENCE, QUIET, fonts

OFFICER = "officer-kzhor001"
PIN = "246810"
PASSWORD = "secret"
FIRST_VOUCHER = 3  # after cover, plan and one sheet of manifest, counted from 0
FRAME = (1280, 720)
FRAMES = 10
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SYNCED = ".fresh.green"
SINCE = "since => performance.now() - performance.getEntriesByName(since).at(-1).startTime"
# Types each number, looks, enters a seal, and taps twice. The clock is moved on by what a finger takes: no test waits
# for a finger.
STAMP_ALL = """async numbers => {
  const real = Date.now;
  let moved = 0;
  Date.now = () => real() + moved;
  const found = async selector => {
    const until = real() + 60_000;
    while (real() < until) {
      const element = document.querySelector(selector);
      if (element) return element;
      await new Promise(drawn => setTimeout(drawn, 10)); // a page behind another is given no frames
    }
    throw new Error(`${selector} never came: ${document.body.innerText}`);
  };
  const tap = async () => { moved += 400; (await found("button.primary:enabled")).click(); };
  for (const number of numbers) {
    const box = await found("#number");
    box.value = number;
    box.dispatchEvent(new InputEvent("input"));
    await tap();
    const verdict = (await found(".see[aria-busy=false] .verdict h1")).innerText.trim();
    if (verdict !== "GO") return `${number}: ${verdict}`;
    await tap();
    const seal = await found("main.confirm textarea.list");
    seal.value = `S-${number}`;
    seal.dispatchEvent(new InputEvent("input"));
    await tap();
    await found("main.done");
    await tap();
  }
  return "stamped";
}"""


def film_of(picture: Image.Image, path: Path) -> Path:
    """Write what a camera sees of a picture: plain JPEG frames, one after the other."""
    frame = Image.new("RGB", FRAME, (96, 96, 96))
    size = FRAME[1] - 20
    fitted = picture.convert("RGB").resize((size, size * picture.height // picture.width))
    frame.paste(fitted.crop((0, 0, size, min(fitted.height, FRAME[1]))), ((FRAME[0] - size) // 2, 10))
    jpeg = BytesIO()
    frame.save(jpeg, "JPEG", quality=90)
    path.write_bytes(jpeg.getvalue() * FRAMES)
    return path


def voucher_of(carnet: Carnet, page: int, offices: Mapping[str, PrintedOffice]) -> Image.Image:
    """Return the quarter of a printed voucher page that holds its code, as a camera of 150 dots an inch sees it."""
    pdf = render_carnet(build_sheet(carnet, offices, language=None), installed_fonts())
    document = pdfium.PdfDocument(pdf)
    whole = document[FIRST_VOUCHER + page - 1].render(scale=150 / 72).to_pil()
    document.close()
    return whole.crop((whole.width * 55 // 100, 0, whole.width, whole.width * 45 // 100))


@dataclass
class Phone:
    """One phone, which can be switched off and on again: what it holds lies in its profile."""

    browser_type: BrowserType
    profile: Path
    address: str
    film: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    context: BrowserContext = None  # type: ignore[assignment]
    page: Page = None  # type: ignore[assignment]
    errors: list[str] = field(default_factory=list)

    def switch_on(self, *, offline: bool = False) -> Page:
        """Start the browser and open the app, which needs no network once it is installed."""
        seen = (*CAMERA, f"--use-file-for-fake-video-capture={self.film}") if self.film else ()
        self.context = self.browser_type.launch_persistent_context(
            self.profile,
            executable_path=next(filter(None, map(shutil.which, CHROMIUM)), None),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts())},
            args=[*QUIET, *seen, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            viewport={"width": 360, "height": 640},
            permissions=["camera"] if self.film else [],
            **{"locale": "en-GB", "has_touch": True, **self.options},
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.set_offline(offline)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{self.address}/post/")
        return self.page

    def switch_off(self) -> None:
        self.context.close()

    def enrol(self, username: str, *, synced: str = SYNCED) -> None:
        """Sign in and choose a PIN; ends before the camera, synced, which shows as the selector `synced` says."""
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="Choose a PIN").wait_for()
        self.enter(PIN)
        self.page.get_by_role("heading", name="once more").wait_for()
        self.enter(PIN)
        self.page.locator(synced).wait_for()

    def enter(self, pin: str) -> None:
        for digit in pin:
            self.page.get_by_role("button", name=digit, exact=True).click()

    def unlock(self) -> None:
        self.page.get_by_role("heading", name="Enter the PIN").wait_for()
        self.enter(PIN)
        self.page.locator("main.scan").wait_for()

    def await_mark(self, name: str) -> None:
        """Wait until the app has come so far. Asked from outside: the page's own policy forbids `eval`."""
        while not self.page.evaluate("name => performance.getEntriesByName(name).length", name):
            self.page.wait_for_timeout(50)

    def type_number(self, number: str, page: int | None = None) -> None:
        self.page.get_by_label("Carnet number").fill(number)
        if page is not None:
            self.page.get_by_label("Page").select_option(str(page))
        self.page.get_by_role("button", name="Look", exact=True).click()
        self.page.locator(".verdict h1").wait_for()

    def verdict(self, *, settled: bool = True) -> str:
        """Wait for the verdict, and return its word: the last one, or with `settled=False` whatever stands there
        while the server is asked."""
        up = ".see[aria-busy=false]" if settled else ".see"
        return self.page.locator(f"{up} .verdict h1").inner_text().strip()

    def reasons(self) -> str:
        return self.page.locator(".verdict .reasons").inner_text()

    def stamp(self) -> None:
        self.tap_twice()
        self.page.locator("main.done").wait_for()

    def tap_twice(self) -> None:
        """The two taps of the normal case, no quicker than a finger."""
        self.page.wait_for_timeout(400)
        self.page.locator("button.primary").click()
        self.page.locator("main.confirm").wait_for()
        self.page.wait_for_timeout(400)
        self.page.locator("button.primary").click()

    def next_lorry(self) -> None:
        self.page.wait_for_timeout(400)
        self.page.get_by_role("button", name="Next lorry").first.click()
        self.page.locator("main.scan").wait_for()

    def since(self, mark: str) -> float:
        """Milliseconds from one of the app's own marks until now."""
        return float(self.page.evaluate(SINCE, mark))

    def between(self, first: str, then: str) -> float:
        """Milliseconds between the latest of two of the app's own marks."""
        marks = self.page.evaluate(
            "names => names.map(name => performance.getEntriesByName(name).at(-1).startTime)", [first, then]
        )
        return float(marks[1] - marks[0])

    def call(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(script, *arguments)
