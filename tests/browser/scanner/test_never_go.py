"""What must never be let go: forged, altered and foreign codes, carnets withdrawn, a history that nobody knows."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from carnets import tokens
from carnets.documents.building import page_token
from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.api.calls import ago
from tests.browser.scanner.conftest import Issue, PhoneAt
from tests.browser.scanner.phone import OFFICER
from tests.world import World
from tir.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


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
        assert phone.verdict(settled=False) == "GO"
        assert "asking the server" in phone.page.locator(".source").inner_text()
        phone.page.wait_for_timeout(400)
        phone.page.get_by_role("button", name="Stamp entry").click()
        phone.page.locator("main.confirm").wait_for()

        phone.page.locator(".see.stop").wait_for()

    def test_a_carnet_not_known_here_while_the_server_is_asked(
        self, world: World, issue: Issue, phones: PhoneAt
    ) -> None:
        phone = phones()
        phone.enrol(OFFICER)
        later = issue()  # after the phone was synced
        world.travel(later, upto=2, since=ago(days=2))
        phone.page.route("**/scans/", lambda route: (phone.page.wait_for_timeout(1_500), route.continue_()))

        phone.type_number(later.number, 3)

        assert phone.verdict(settled=False).startswith("ASKING")
        assert phone.page.locator("button.primary").count() == 0
        assert phone.verdict() == "GO"

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
