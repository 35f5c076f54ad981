"""The phone itself: locked by a PIN, printing, exporting, and coming back after its token was refused."""

from base64 import urlsafe_b64decode
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp
from knox.models import AuthToken

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER

pytestmark = pytest.mark.django_db(transaction=True)


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
        address, _parameter, receipt = code.text.partition("/check/?r=")
        assert phone.page.url.startswith(address)
        said = urlsafe_b64decode(receipt + "=" * (-len(receipt) % 4)).decode().splitlines()
        assert said[:2] == ["TIR receipt 1", str(stamp.pk)]
        assert said[2].startswith(f"{carnet.number} 3 ")
        assert len(printed) == 1
        for _language in ("ru", "zh"):
            phone.page.locator("button.language").click()
            phone.page.wait_for_timeout(100)
            assert len(pdfium.PdfDocument(phone.page.pdf(prefer_css_page_size=True))) == 1

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
        phone.tap_twice()  # the receipt may stand there for no longer than the server takes to answer
        phone.page.get_by_role("heading", name="Sign in again").wait_for()
        phone.page.get_by_label("Password").fill("secret")
        phone.page.get_by_role("button", name="Sign in").click()
        phone.page.get_by_text("all sent").wait_for()

        assert Stamp.objects.filter(page=3).count() == 1
