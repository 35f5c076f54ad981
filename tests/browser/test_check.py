"""The page that checks papers, on a phone and on a screen, without a script."""

from base64 import urlsafe_b64encode
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from checkpoints.evidence.receipts import receipt_text
from tests.api.calls import ago
from tests.browser.conftest import SignIn, Violations, keep
from tests.browser.scanner.conftest import Issue, issue  # noqa: F401  (a fixture)
from tests.growing import Grow
from tests.world import World
from tir.accounts.models import Role
from tir.kernel.clock import now

SIZES = ((360, 640), (1280, 800))


@pytest.fixture
def receipt(live_server: LiveServer, world: World, issue: Issue, grow: Grow) -> str:  # noqa: F811
    """The receipt of a stamp that is on record and in the log."""
    row = world.stamp(issue(), 1, ago(days=9), now=now()).row
    assert row is not None
    grow()
    text = receipt_text(row)
    assert text is not None
    return text


def link(live_server: LiveServer, text: str) -> str:
    return f"{live_server.url}/check/?r={urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_receipt_s_link_says_what_is_on_record(
    page: Page,
    live_server: LiveServer,
    receipt: str,
    violations: Violations,
    size: tuple[int, int],
    language: str,
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_extra_http_headers({"Accept-Language": language})
    for name, text, look in (("good", receipt, "go"), ("forged", receipt.replace(" 1 CN", " 3 CN"), "stop")):
        page.goto(link(live_server, text))
        keep(page, f"check-{name}-{language}-{size[0]}")

        assert page.locator(f".verdict-{look}").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert violations(page) == []


def test_a_pasted_receipt_needs_no_script(browser: Browser, live_server: LiveServer, receipt: str) -> None:
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(f"{live_server.url}/check/")
    without.locator("textarea").fill(receipt)
    without.locator("main button").click()

    assert "On record" in without.locator(".verdict-go").inner_text()
    without.context.close()


def test_the_code_on_a_stamp_s_page_opens_it(signed_in: SignIn, receipt: str, page: Page) -> None:
    stamp_id, place = receipt.splitlines()[1:3]
    signed_in(Role.ASSOCIATION, f"/console/carnets/{place.split()[0]}/stamps/{stamp_id}/")
    shown = Image.open(BytesIO(page.locator(".receipt-code svg").screenshot()))
    (code,) = zxingcpp.read_barcodes(shown.resize((shown.width * 3, shown.height * 3)))
    page.goto(code.text)

    assert "On record" in page.locator(".verdict-go").inner_text()
