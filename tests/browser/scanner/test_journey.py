"""The officer's day in the browser: a printed carnet before the camera, a verdict, two taps; and what goes wrong."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from knox.models import AuthToken
from PIL import Image
from pytest_django import Settings

from carnets import tokens
from carnets.documents.building import page_token
from carnets.models import Carnet
from checkpoints.models import Incident, IncidentPhoto, Refusal, Stamp
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import Phone
from tests.world import World
from tir.kernel.clock import now

Film = Callable[[Carnet, int], Path]
ONE_SECOND = 1_000
ONE_EXCHANGE = 3_000  # bytes each way
OFFICER = "officer-kzhor001"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """A carnet on its way: it left China two days ago and stands before Horgos now."""
    carnet = issue()
    world.travel(carnet, upto=2, since=ago(days=2))
    return carnet


class Meter:
    """Counts what one exchange takes on the wire, as the browser's own network stack saw it."""

    def __init__(self, phone: Phone) -> None:
        self.sent = self.received = 0
        session = phone.context.new_cdp_session(phone.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSentExtraInfo", self._ask)
        session.on("Network.requestWillBeSent", self._body)
        session.on("Network.loadingFinished", self._answer)

    def _ask(self, event: dict[str, Any]) -> None:
        self.sent += sum(len(name) + len(value) + 4 for name, value in event["headers"].items())

    def _body(self, event: dict[str, Any]) -> None:
        self.sent += len(event["request"].get("postData", "")) + len(event["request"]["url"])

    def _answer(self, event: dict[str, Any]) -> None:
        self.received += event["encodedDataLength"]  # with headers


class TestScanSeeStamp:
    def test_from_the_first_frame_to_the_ledger(self, carnet: Carnet, film: Film, phones: PhoneAt) -> None:
        phone = phones(film=film(carnet, 3))
        phone.enrol(OFFICER)

        assert phone.verdict() == "GO"
        took = phone.between("first-frame", "verdict-shown")
        phone.stamp()
        phone.page.locator("main.done[data-state=done]").wait_for()

        stamp = Stamp.objects.get(page=3)
        assert stamp.office.code == "KZHOR001"
        assert stamp.seals_intact is True
        assert stamp.seals_found == ["A-10023", "A-10024"]
        assert not stamp.is_offline
        assert "On record as No. 3" in phone.page.locator("main.done").inner_text()
        assert took < ONE_SECOND, f"{took:.0f} ms from the first frame to the verdict"

    def test_one_exchange_is_small_enough_for_2g(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.await_mark("installed")
        phone.page.wait_for_timeout(500)
        meter = Meter(phone)

        phone.page.locator("#number").fill(page_token(carnet, 3))
        phone.page.get_by_role("button", name="Look", exact=True).click()
        assert phone.verdict() == "GO"
        assert "server" in phone.page.locator(".source").inner_text()
        scanned = (meter.sent, meter.received)
        phone.page.route("**/post/*/", lambda route: route.abort())  # the sync that follows is no part of it
        phone.page.route("**/heartbeat/", lambda route: route.abort())
        phone.stamp()
        phone.page.locator("main.done[data-state=done]").wait_for()

        assert scanned[0] > 0
        assert meter.sent < ONE_EXCHANGE, f"{meter.sent} bytes sent"
        assert meter.received < ONE_EXCHANGE, f"{meter.received} bytes received"

    def test_a_handheld_scanner_types_without_touching_the_field(
        self, carnet: Carnet, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)

        phone.page.locator(".nocamera").wait_for()
        phone.page.keyboard.type(page_token(carnet, 3))
        phone.page.keyboard.press("Enter")

        assert phone.verdict() == "GO"


class TestNeverGo:
    def test_a_forged_altered_or_foreign_code(
        self, carnet: Carnet, phones: PhoneAt, settings: Settings
    ) -> None:
        genuine = page_token(carnet, 3)
        claims = tokens.verify(genuine, tokens.verification_keys())
        foreign = tokens.sign(claims, ec.generate_private_key(ec.SECP256R1()))
        altered = genuine[:-2] + ("00" if genuine[-2:] != "00" else "01")
        phone = phones()
        phone.enrol(OFFICER)

        for is_offline in (False, True):
            phone.context.set_offline(is_offline)
            for code in (foreign, altered, genuine[:-9], genuine[:50] + genuine[53:]):
                phone.page.locator("#number").fill(code)
                phone.page.get_by_role("button", name="Look", exact=True).click()
                assert phone.verdict() == "STOP", code
                phone.next_lorry()
        assert not Stamp.objects.filter(page=3).exists()

    def test_a_carnet_withdrawn_since_once_the_stop_list_is_here(
        self, world: World, carnet: Carnet, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        carnet.control, carnet.control_at = "stolen", now()
        carnet.save()

        phone.page.get_by_role("button", name="Settings").click()
        phone.page.get_by_role("button", name="Sync now").click()
        phone.page.get_by_text("1 carnets on the stop list").wait_for()
        phone.context.set_offline(True)
        phone.page.get_by_role("button", name="Back").click()
        phone.page.locator("#number").fill(page_token(carnet, 3))
        phone.page.get_by_role("button", name="Look", exact=True).click()

        assert phone.verdict() == "STOP"
        assert "reported stolen" in phone.reasons()

    def test_a_genuine_code_of_which_nothing_is_held_offline(
        self, world: World, issue: Issue, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        later = issue()  # after the phone was synced

        phone.context.set_offline(True)
        phone.page.locator("#number").fill(page_token(later, 3))
        phone.page.get_by_role("button", name="Look", exact=True).click()

        assert phone.verdict() == "LOOK"
        assert "phone only" in phone.page.locator(".source").inner_text()

    def test_a_stop_that_the_server_says_late(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        carnet.control, carnet.control_at = "stolen", now()
        carnet.save()
        phone.page.route("**/scans/", lambda route: (phone.page.wait_for_timeout(1_500), route.continue_()))
        phone.type_number(carnet.number, 3)
        assert phone.verdict() == "GO"
        phone.page.wait_for_timeout(400)
        phone.page.get_by_role("button", name="Stamp entry").click()
        phone.page.locator("main.confirm").wait_for()

        phone.page.locator(".see.stop").wait_for()

    def test_the_page_this_phone_stamped_itself(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        phone.next_lorry()

        phone.type_number(carnet.number, 3)

        assert phone.verdict() == "LOOK"
        assert "stamped already" in phone.reasons()


class TestSomethingIsWrong:
    def test_a_missing_seal_leads_to_a_report_with_photos_and_to_a_stamp(
        self, carnet: Carnet, phones: PhoneAt, tmp_path: Path
    ) -> None:
        phone, page = phones(), None
        phone.enrol(OFFICER)
        page = phone.page
        phone.type_number(carnet.number, 3)
        page.get_by_role("button", name="A-10023").click()
        page.get_by_role("button", name="Draw up a certified report").click()
        page.get_by_label("What did you find?").fill("Seal A-10023 cut, goods complete.")
        page.get_by_label("Seals affixed").fill("B-777")
        page.locator("input[type=file]").set_input_files(_photo_with_metadata(tmp_path))
        page.locator(".photo img").wait_for()
        page.wait_for_timeout(400)
        page.get_by_role("button", name="Sign the report").click()
        page.locator("main.done[data-state=done]").wait_for()
        phone.stamp()
        page.locator("main.done[data-state=done]").wait_for()

        incident = Incident.objects.get()
        assert (incident.seals_broken, incident.seals_affixed) == (["A-10023"], ["B-777"])
        photo = Image.open(BytesIO(bytes(IncidentPhoto.objects.get().content)))
        assert max(photo.size) == 1280
        assert not photo.getexif()
        stamp = Stamp.objects.get(page=3)
        assert (stamp.seals_intact, stamp.seals_found) == (False, ["A-10024"])

    def test_a_refusal_to_start_made_offline_arrives(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.page.get_by_role("button", name="Something is wrong").click()
        phone.page.get_by_role("button", name="Refuse to start").click()
        phone.page.get_by_label("Reason").select_option("seals_not_in_order")
        phone.page.get_by_label("What did you find?").fill("No seals at all.")
        phone.page.wait_for_timeout(400)
        phone.page.get_by_role("button", name="Refuse", exact=True).click()
        phone.page.get_by_text("1 unsent").wait_for()
        phone.context.set_offline(False)
        phone.page.get_by_text("all sent").wait_for()

        assert Refusal.objects.get().reason == "seals_not_in_order"

    def test_a_rejected_stamp_is_listed_until_it_is_resolved(
        self, world: World, carnet: Carnet, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        world.stamp(carnet, 3, now())  # meanwhile by a colleague
        phone.context.set_offline(False)
        phone.page.get_by_text("1 to resolve").click()
        phone.page.get_by_text("Both stamps are kept").wait_for()
        phone.page.get_by_role("button", name="Noted").click()
        phone.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 2


class TestThePhone:
    def test_is_locked_by_a_pin_and_tells_what_is_unsent(self, carnet: Carnet, phones: PhoneAt) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.await_mark("installed")
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        phone.page.reload()

        phone.page.get_by_role("heading", name="Enter the PIN").wait_for()
        assert phone.page.get_by_text("1 unsent").is_visible()
        phone.enter("000000")
        phone.page.get_by_text("Wrong PIN").wait_for()
        phone.unlock()
        phone.page.get_by_role("button", name="1 unsent").click()
        assert carnet.number in phone.page.locator(".items").inner_text()

    def test_takes_a_new_pin_with_the_password_and_loses_nothing(
        self, carnet: Carnet, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.context.set_offline(True)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        page = phone.page
        page.get_by_role("button", name="Settings").click()
        page.get_by_role("button", name="Lock", exact=True).click()
        page.get_by_role("button", name="PIN forgotten").click()
        page.get_by_label("Password").fill("guess")
        page.get_by_role("button", name="Choose a PIN").click()
        page.get_by_text("not the password").wait_for()
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Choose a PIN").click()
        page.get_by_role("heading", name="Choose a PIN").wait_for()
        phone.enter("111222")
        page.get_by_role("heading", name="once more").wait_for()
        phone.enter("111222")
        page.get_by_role("button", name="1 unsent").click()

        assert carnet.number in page.locator(".items").inner_text()

    def test_prints_a_receipt_whose_code_names_the_stamp(
        self, carnet: Carnet, phones: PhoneAt, tmp_path: Path
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        phone.type_number(carnet.number, 3)
        phone.stamp()
        phone.page.locator("main.done[data-state=done]").wait_for()
        printed = pdfium.PdfDocument(phone.page.pdf(prefer_css_page_size=True))
        paper = printed[0].render(scale=300 / 72).to_pil()
        paper.save(tmp_path / "receipt.png")

        stamp = Stamp.objects.get(page=3)
        [code] = zxingcpp.read_barcodes(paper)
        assert code.text.split()[:4] == ["TIRS1", str(stamp.pk).upper(), carnet.number, "3"]
        assert code.text.split()[-1] == bytes(stamp.hash).hex()[:32].upper()
        assert len(printed) == 1

    def test_exports_what_is_unsent_and_another_takes_it_in(
        self, carnet: Carnet, phones: PhoneAt, tmp_path: Path
    ) -> None:
        broken, other = phones(), phones()
        broken.enrol(OFFICER)
        broken.context.set_offline(True)
        broken.type_number(carnet.number, 3)
        broken.stamp()
        broken.page.get_by_role("button", name="1 unsent").click()
        with broken.page.expect_download() as saving:
            broken.page.get_by_role("button", name="Save the unsent to a file").click()
        saving.value.save_as(tmp_path / "unsent.json")

        other.enrol(OFFICER)
        other.page.get_by_role("button", name="all sent").click()
        other.page.locator("input[type=file]").set_input_files(tmp_path / "unsent.json")
        other.page.get_by_text("1 taken in").wait_for()
        other.page.get_by_role("button", name="Send now").click()
        other.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 1

    def test_that_was_revoked_keeps_what_is_unsent_and_asks_to_sign_in(
        self, carnet: Carnet, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        AuthToken.objects.all().delete()
        phone.type_number(carnet.number, 3)
        phone.stamp()
        phone.page.get_by_role("heading", name="Sign in again").wait_for()
        phone.page.get_by_label("Password").fill("secret")
        phone.page.get_by_role("button", name="Sign in").click()
        phone.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 1


def _photo_with_metadata(folder: Path) -> Path:
    photo = Image.effect_noise((2400, 1800), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "A maker of phones"
    photo.save(folder / "photo.jpg", exif=exif)
    return folder / "photo.jpg"
