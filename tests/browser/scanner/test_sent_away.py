"""A phone that the server sends away says so in the server's words, with the time to try again, in each language; and
its receipts bear the mark of training."""

import re
from pathlib import Path

import pytest
from axes.utils import reset
from playwright.sync_api import expect
from pytest_django import Settings

from carnets.models import Carnet
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    "en-GB": (r"Too many wrong passwords came from your network\.", r"Try again at .*\d\d:\d\d", "No answer"),
    "ru-RU": (r"слишком много неверных паролей", r"Повторите после .*\d\d:\d\d", "не отвечает"),
    "zh-CN": (r"输错密码的次数过多", r"请在.*\d\d:\d\d之后重试", "没有应答"),
}


@pytest.mark.parametrize("locale", SAID)
def test_after_too_many_wrong_passwords(
    world: World, phones: PhoneAt, settings: Settings, locale: str, tmp_path: Path
) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 2
    page = phones(locale=locale).page
    for wrong in ("one", "two", "three"):
        page.locator("input[name=username]").fill(OFFICER)
        page.locator("input[name=password]").fill(wrong)
        page.locator("button.primary").click()
        page.locator(".notice:not(:empty)").wait_for()
    why, when, no_answer = SAID[locale]
    notice = page.locator(".notice")
    expect(notice).to_have_text(re.compile(f"{why}.*{when}"))
    expect(notice).not_to_contain_text(no_answer)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / f"sent-away-{locale}.png")
    reset()


def test_a_receipt_of_training_says_so(training: None, carnet: Carnet, phones: PhoneAt) -> None:
    phone = phones()
    phone.enrol(OFFICER)
    phone.type_number(carnet.number, 3)
    phone.verdict()
    phone.stamp()
    receipt = phone.page.locator("section.receipt")
    expect(receipt).to_contain_text("training")
    phone.page.emulate_media(media="print")
    expect(receipt.locator("b.sandbox")).to_be_visible()
