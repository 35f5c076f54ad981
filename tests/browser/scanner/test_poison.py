"""One item that the server or a proxy chokes on: the others get their receipts, it is set aside in words, and sent once
the fault is mended."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from checkpoints.models import Stamp
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import Phone

PAGE = "<html><body><center><h1>413 Request Entity Too Large</h1></center></body></html>"
FAULT = json.dumps({"title": "A fault on our side", "status": 500, "code": "server_fault"})


class Between:
    """What stands between phone and server: it answers in the server's place what carries one carnet's number."""

    def __init__(self, number: str, *, status: int, body: str, content_type: str) -> None:
        self.number, self.is_mended = number, False
        self.answer: dict[str, Any] = {"status": status, "body": body, "content_type": content_type}
        self.choked = 0

    def carry(self, route: Route) -> None:
        if self.is_mended or self.number not in (route.request.post_data or ""):
            route.continue_()
        else:
            self.choked += 1
            route.fulfill(**self.answer)


def fails(number: str) -> Between:
    return Between(number, status=500, body=FAULT, content_type="application/problem+json")


def is_too_large(number: str) -> Between:
    return Between(number, status=413, body=PAGE, content_type="text/html")


def stamp_offline(phone: Phone, numbers: list[str]) -> None:
    for number in numbers:
        phone.type_number(number, 1)
        assert phone.verdict() == "GO"
        phone.page.wait_for_timeout(400)
        phone.page.locator("button.primary").click()
        phone.page.locator("main.confirm textarea.list").fill(f"S-{number}")
        phone.page.wait_for_timeout(400)
        phone.page.locator("button.primary").click()
        phone.page.locator("main.done").wait_for()
        phone.next_lorry()


def on_record() -> set[str]:
    return set(Stamp.objects.values_list("carnet__number", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fault", "said"), [(fails, "500"), (is_too_large, "413")])
def test_one_stamp_that_fails_holds_nothing_up_and_is_sent_once_mended(
    issue: Issue, phones: PhoneAt, fault: Callable[[str], Between], said: str
) -> None:
    numbers = [issue().number for _each in range(4)]
    phone = phones()
    phone.enrol("officer-cnurc001")
    phone.context.set_offline(True)
    stamp_offline(phone, numbers)
    between = fault(numbers[1])
    phone.page.route("**/api/v1/stamps/**", between.carry)

    phone.context.set_offline(False)
    phone.page.get_by_text("1 to resolve").wait_for()

    assert on_record() == {numbers[0], *numbers[2:]}
    phone.page.get_by_text("1 to resolve").click()
    aside = phone.page.locator("li.decide")
    expect(aside).to_have_count(1)
    words = aside.inner_text()
    assert numbers[1] in words
    assert f"last answered {said}" in words
    assert "hand it in at the office" in words
    phone.page.locator("button.language").click()
    expect(aside).to_contain_text(f"последний ответ {said}")
    for _language in ("zh-hans", "en"):
        phone.page.locator("button.language").click()

    between.is_mended = True
    aside.get_by_role("button", name="Send again").click()
    phone.page.get_by_text("all sent").wait_for()

    assert on_record() == set(numbers)
    assert Stamp.objects.count() == len(numbers)
    assert between.choked >= 3
