"""A desk with a camera reads from a phone's screen what is unsent there, hands it in, and shows the phone its receipts;
one without takes the phone's files."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from carnets.models import Carnet
from checkpoints.models import Incident, Refusal, Stamp
from tests.api.calls import incident_body, refusal_body, stamp_body
from tests.browser.conftest import MODEL_BACKEND, Pictures, Violations
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import Phone
from tests.browser.scanner.test_handover import (
    CAMERA,
    COLLEAGUE,
    MAKER,
    colleague,
    film,
    press,
    stamp_offline,
    switched_on,
)
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now

__all__ = ["colleague"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/console/post/desk/"
FACES = {"en": "Start the camera", "ru": "Включить камеру", "zh-hans": "打开摄像头"}


@pytest.fixture
def errors(page: Page) -> list[str]:
    """What went wrong in the page's own code, or was refused by its policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if "Security Policy" in said.text else None)
    return found


@pytest.fixture
def desk(page: Page, live_server: Any, colleague: User, errors: list[str]) -> Page:
    """The page, where the phone's colleague sits; its camera sees what a test holds before it."""
    client = Client()
    client.force_login(colleague, backend=MODEL_BACKEND)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.add_init_script(CAMERA)
    page.goto(live_server.url + DESK)
    page.get_by_role("button", name="Start the camera").wait_for()
    return page


def refuse_and_report(phone: Phone, number: str) -> None:
    """Have the phone hold a refusal and a report besides, as it writes them itself: through a colleague's files."""
    head = {"device": None, "officer": MAKER, "exported_at": now().isoformat()}
    file = {
        "format": "tir-unsent-reports-1",
        **head,
        "refusals": [refusal_body(number, 1)],
        "incidents": [{**incident_body(number), "vehicles": [], "photos": []}],
    }
    chosen = {"name": "reports.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}
    phone.page.locator("input[type=file]").set_input_files([chosen])  # type: ignore[list-item]
    phone.page.get_by_text("3 unsent").first.wait_for()


def saved(**lists: Any) -> dict[str, Any]:
    """Return what a phone saved, as a browser chooses it."""
    kind = "tir-unsent-1" if "stamps" in lists else "tir-unsent-reports-1"
    file = {"format": kind, "device": None, "officer": MAKER, "exported_at": now().isoformat(), **lists}
    return {"name": f"{kind}.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}


def test_reads_a_phone_hands_in_and_shows_the_receipts(
    desk: Page, issue: Issue, phones: PhoneAt, errors: list[str]
) -> None:
    carnet, other = issue(), issue()
    maker = switched_on(phones, MAKER)
    stamp_offline(maker, [carnet])
    refuse_and_report(maker, other.number)
    press(maker.page, "Hand over by codes")

    desk.keyboard.press("Tab")
    desk.get_by_role("button", name="Start the camera").press("Enter")
    film(maker, SimpleNamespace(page=desk), ".desk-look")  # type: ignore[arg-type]
    assert not Stamp.objects.exists()
    expect(desk.get_by_role("heading", name="Hand this in?")).to_be_focused()
    desk.get_by_role("button", name="Hand in 3").press("Enter")

    rows = desk.locator("tbody tr")
    expect(rows).to_have_count(3)
    assert desk.locator("tbody .status").all_inner_texts() == ["on record"] * 3
    for row in (Refusal.objects.get(), Incident.objects.get()):
        assert (row.officer.get_username(), row.certified_by.get_username()) == (COLLEAGUE, MAKER)
    assert Stamp.objects.get().origin.certified_by.get_username() == MAKER

    desk.get_by_role("button", name="Show the receipts to the phone").press("Enter")
    press(maker.page, "Read the answer")
    film(SimpleNamespace(page=desk), maker, "main.heard")  # type: ignore[arg-type]
    heard = maker.page.locator("main.heard").inner_text()
    # What the phone had taken over from files is not its own: of that it waits for the server's own answer.
    assert "On record\n1" in heard
    assert "Not of this phone\n2" in heard
    assert errors == []


def test_takes_files_where_there_is_no_camera(desk: Page, issue: Issue, errors: list[str]) -> None:
    desk.evaluate("() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error('none') } }")
    desk.get_by_role("button", name="Start the camera").click()
    desk.get_by_text("There is no camera here").wait_for()
    carnet = issue()
    good, bad = stamp_body(carnet.number, 1, offline=True), stamp_body(carnet.number, 19, offline=True)
    files = [saved(stamps=[good, bad]), saved(refusals=[refusal_body(carnet.number, 1)], incidents=[])]

    wrong = {"name": "notes.json", "mimeType": "application/json", "buffer": b"{}"}
    desk.get_by_label("Choose the files").set_input_files([*files, wrong])  # type: ignore[list-item]
    desk.get_by_text("notes.json is no file").wait_for()
    desk.get_by_label("Choose the files").set_input_files(files)  # type: ignore[arg-type]
    desk.get_by_role("button", name="Hand in 3").click()

    expect(desk.locator(f"tr[data-id='{good['id']}']")).to_contain_text("on record")
    expect(desk.locator(f"tr[data-id='{bad['id']}']")).to_contain_text("not on record")
    expect(desk.locator(f"tr[data-id='{bad['id']}']")).to_contain_text(
        "vouchers"
    )  # the server's own sentence
    desk.get_by_text("On record 2 · a person must decide 1 · without an answer 0").wait_for()
    assert (Stamp.objects.count(), Refusal.objects.count()) == (1, 1)
    assert errors == []


def test_keeps_what_has_no_answer_and_sends_it_again(desk: Page, issue: Issue) -> None:
    desk.get_by_label("Choose the files").set_input_files(saved(stamps=[stamp_body(issue().number, 1)]))  # type: ignore[arg-type]
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Hand in 1").click()
    desk.get_by_text("The server did not answer").wait_for()
    assert not Stamp.objects.exists()

    desk.context.set_offline(False)
    desk.get_by_role("button", name="Try again").click()
    desk.get_by_text("On record 1").wait_for()
    assert Stamp.objects.count() == 1


@pytest.mark.parametrize("language", list(FACES))
def test_its_page_is_accessible_and_fits(
    desk: Page, world: World, issue: Issue, language: str, violations: Violations, pictures: Pictures
) -> None:
    desk.locator(f".languages button[value={language}]").click()
    start = desk.get_by_role("button", name=FACES[language])
    start.wait_for()
    faults = violations(desk)
    pictures(desk, f"desk-start-{language}")
    start.click()
    desk.locator("video").wait_for()
    pictures(desk, f"desk-read-{language}")
    carnets: list[Carnet] = [issue() for _ in range(3)]
    stamps = [stamp_body(carnet.number, page) for carnet, page in zip(carnets, (1, 1, 19), strict=True)]
    desk.locator("#desk-chosen").set_input_files(
        [saved(stamps=stamps), saved(incidents=[incident_body(carnets[0].number)])]  # type: ignore[list-item]
    )
    desk.locator(".desk-look").wait_for()
    faults += violations(desk)
    pictures(desk, f"desk-look-{language}")
    desk.locator(".desk-look .btn-primary").click()
    desk.locator(".desk-outcomes").wait_for()
    faults += violations(desk)
    pictures(desk, f"desk-outcomes-{language}")
    desk.locator(".desk-outcomes .btn-primary").click()
    desk.locator(".code canvas").wait_for()
    faults += violations(desk)
    pictures(desk, f"desk-receipts-{language}")

    assert faults == []
