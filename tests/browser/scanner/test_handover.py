"""What is unsent goes from one officer's phone to a colleague's through a chain of codes, camera to screen, and the
receipts come back the same way."""

import base64
import time
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from carnets.choices import Made
from carnets.models import Carnet
from checkpoints.models import CustomsOffice, Posting, Stamp
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import FRAME, OFFICER, Phone
from tests.browser.scanner.test_offline import STAMP_ALL
from tests.browser.scanner.test_screens import Inspector
from tests.world import World
from tir.accounts.models import Role, User

STAMPS = 200
EVERY = 7  # one frame in seven never reaches the camera
CODE = 430  # how many of the camera's dots the symbol is wide: some four a module, as at 20 to 25 cm
MAKER, COLLEAGUE = "officer-cnurc001", "colleague"
SHARP = {"device_scale_factor": 2}

# A camera that sees what a test holds before it, picture by picture.
CAMERA = """(() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const pen = canvas.getContext("2d");
  pen.fillRect(0, 0, 1280, 720);
  window.holdBefore = async jpeg => {
    const bytes = Uint8Array.from(atob(jpeg), each => each.charCodeAt(0));
    pen.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
  };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
})()"""

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Filmed:
    """How a chain of codes came over: how much it was, which frames the camera saw, and which were kept from it."""

    bytes: int
    parts: int
    seen: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    seconds: float = 0


def as_seen(screenshot: bytes) -> str:
    """Return what the camera makes of a screen: held askew, a little out of focus, compressed; base64."""
    code = Image.open(BytesIO(screenshot)).convert("RGB").resize((CODE, CODE), Image.Resampling.BILINEAR)
    askew = code.rotate(3, expand=True, fillcolor=(90, 90, 90), resample=Image.Resampling.BICUBIC)
    frame = Image.new("RGB", FRAME, (90, 90, 90))
    frame.paste(askew, ((FRAME[0] - askew.width) // 2 + 40, (FRAME[1] - askew.height) // 2))
    jpeg = BytesIO()
    frame.filter(ImageFilter.GaussianBlur(0.7)).save(jpeg, "JPEG", quality=80)
    return base64.b64encode(jpeg.getvalue()).decode()


def film(shows: Phone, reads: Phone, until: str) -> Filmed:
    """Hold the screen of one phone before the camera of the other until that shows the selector `until`."""
    canvas = shows.page.locator(".code canvas")
    size = [int(canvas.get_attribute(f"data-{name}") or 0) for name in ("bytes", "parts")]
    filmed, began = Filmed(*size), time.monotonic()
    while not reads.page.locator(until).count():
        assert time.monotonic() - began < 120, reads.page.locator("main").inner_text()
        index = int(canvas.get_attribute("data-frame") or 0)
        if index % EVERY == EVERY - 1:
            filmed.lost.add(index)
            shows.page.wait_for_timeout(50)
            continue
        filmed.seen.add(index)
        reads.page.evaluate("jpeg => holdBefore(jpeg)", as_seen(shows.page.locator(".code").screenshot()))
    filmed.seconds = time.monotonic() - began
    return filmed


def press(page: Page, name: str) -> None:
    """No sooner than a finger after the screen has changed."""
    page.wait_for_timeout(400)
    page.get_by_role("button", name=name, exact=True).click()


def switched_on(phones: PhoneAt, username: str) -> Phone:
    """Return a phone with such a camera, enrolled, with the whole app on it."""
    phone = phones(**SHARP)
    phone.context.add_init_script(CAMERA)
    phone.page.reload()
    phone.enrol(username)
    phone.await_mark("installed")
    return phone


@pytest.fixture
def colleague(world: World) -> User:
    """Another officer of the departure office."""
    user = User.objects.create_user(COLLEAGUE, password="secret", roles=[Role.OFFICER], country="CN")
    office = CustomsOffice.objects.get(code="CNURC001")
    Posting.objects.create(user=user, office=office, valid_from=ago(days=20).date())
    return user


def stamp_offline(phone: Phone, carnets: list[Carnet]) -> None:
    phone.context.set_offline(True)
    assert phone.page.evaluate(STAMP_ALL, [carnet.number for carnet in carnets]) == "stamped"
    phone.page.get_by_role("button", name=f"{len(carnets)} unsent").click()


def test_two_hundred_stamps_and_their_receipts_cross_from_screen_to_camera(
    world: World, issue: Issue, colleague: User, phones: PhoneAt, measured: dict[str, str]
) -> None:
    world.guarantee.ceilings.update(ceiling=Decimal(100_000_000))
    carnets = [issue() for _ in range(STAMPS)]
    maker, other = switched_on(phones, MAKER), switched_on(phones, COLLEAGUE)
    stamp_offline(maker, carnets)
    other.context.set_offline(True)

    press(maker.page, "Hand over by codes")
    press(other.page, "all sent")
    press(other.page, "Take over from a phone")
    over = film(maker, other, "main.look")
    seen = other.page.locator("main.look").inner_text()
    assert [MAKER in seen, "CNURC001" in seen, f"\n{STAMPS}\n" in seen] == [True, True, True]
    press(other.page, f"Take over {STAMPS}")
    other.page.get_by_role("heading", name=f"Taken over: {STAMPS}").wait_for()

    press(maker.page, "Read the answer")
    press(other.page, "Show what became of it")
    film(other, maker, "main.heard")
    assert f"Taken over, still unsent\n{STAMPS}" in maker.page.locator("main.heard").inner_text()
    press(maker.page, "To the list")
    assert maker.page.locator(".items li").first.inner_text().count("still unsent") == 1
    maker.page.get_by_text(f"{STAMPS} unsent").wait_for()
    assert not Stamp.objects.exists()

    other.context.set_offline(False)
    other.page.get_by_text("all sent").wait_for(timeout=60_000)
    handed_in = Stamp.objects.filter(made=Made.HANDED_IN, origin__certified_by__username=MAKER)
    assert (handed_in.count(), Stamp.objects.count()) == (STAMPS, STAMPS)

    press(other.page, "To the list")
    press(other.page, "Show what became of it")
    press(maker.page, "Take over from a phone")
    back = film(other, maker, "main.heard")
    assert f"On record\n{STAMPS}" in maker.page.locator("main.heard").inner_text()
    maker.page.get_by_text("all sent").wait_for()
    for name, filmed in (("handed over", over), ("receipts back", back)):
        measured[f"{STAMPS} {name} by codes"] = (
            f"{filmed.bytes} bytes, {filmed.parts} codes; {len(filmed.seen)} seen, {len(filmed.lost)} lost, "
            f"{filmed.seconds:.1f} s"
        )


def test_it_does_no_harm_when_both_phones_send(
    world: World, issue: Issue, colleague: User, phones: PhoneAt
) -> None:
    carnet = issue()
    maker, other = switched_on(phones, MAKER), switched_on(phones, COLLEAGUE)
    stamp_offline(maker, [carnet])
    press(maker.page, "Hand over by codes")
    press(other.page, "all sent")
    press(other.page, "Take over from a phone")
    film(maker, other, "main.look")
    press(other.page, "Take over 1")
    other.page.get_by_role("heading", name="Taken over: 1").wait_for()
    other.page.get_by_text("all sent").wait_for()
    [first] = Stamp.objects.all()

    maker.context.set_offline(False)
    maker.page.get_by_text("all sent").wait_for()

    [again] = Stamp.objects.all()
    assert (again.pk, bytes(again.hash), again.made) == (first.pk, bytes(first.hash), Made.HANDED_IN)


def test_a_phone_of_another_office_takes_nothing_over(world: World, issue: Issue, phones: PhoneAt) -> None:
    carnet = issue()
    maker, stranger = switched_on(phones, MAKER), switched_on(phones, OFFICER)
    stamp_offline(maker, [carnet])
    press(maker.page, "Hand over by codes")

    film(maker, stranger, "main.look")  # from the screen for vouchers: it knows what it sees

    assert "Only a colleague of that office" in stranger.page.locator("main.look").inner_text()
    assert not stranger.page.get_by_role("button", name="Take over").count()
    press(stranger.page, "Leave it")
    stranger.page.get_by_text("all sent").wait_for()
    assert not stranger.page.locator(".items li").count()


def test_its_screens_are_accessible_and_fit(
    world: World, issue: Issue, colleague: User, phones: PhoneAt, axe: str
) -> None:
    carnet = issue()
    maker, other = switched_on(phones, MAKER), switched_on(phones, COLLEAGUE)
    stamp_offline(maker, [carnet])
    by_maker, by_other = Inspector(maker, axe), Inspector(other, axe)
    by_maker.inspect("handover-queue", fits=False)
    press(maker.page, "Hand over by codes")
    by_maker.inspect("handover-show", fits=False)
    press(other.page, "all sent")
    press(other.page, "Take over from a phone")
    by_other.inspect("handover-read")
    film(maker, other, "main.look")
    by_other.inspect("handover-look")
    press(other.page, "Take over 1")
    other.page.get_by_role("heading", name="Taken over: 1").wait_for()
    other.page.get_by_text("all sent").wait_for()
    by_other.inspect("handover-taken")
    press(other.page, "Show what became of it")
    by_other.inspect("handover-answer", fits=False)
    press(maker.page, "Read the answer")
    film(other, maker, "main.heard")
    by_maker.inspect("handover-heard")

    assert by_maker.faults + by_other.faults == []
