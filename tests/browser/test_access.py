"""Links for colleagues, lost phones and service accounts in a real browser, looked at in three languages."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checkpoints.models import Device
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from tests.api.calls import ago
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.models import Reach, Role, User
from tir.kernel.clock import now

SECRET = re.compile(r"tirsvc_[A-Za-z0-9_-]{43}")
NEW = "seven quiet lorries north"
LANGUAGES = ["ru", "zh-hans"]


@pytest.fixture
def administrator(signed_in: SignIn) -> Page:
    """Who looks after all people, and may give every role."""
    page = signed_in(Role.ADMINISTRATOR)
    person, at = User.objects.get(roles=[Role.ADMINISTRATOR]), now()
    assigning.end(assignments=person.assignments.all(), by=None, reason="Order 1.", on=assigning.day_of(at))
    wanted = Wanted(Role.ADMINISTRATOR, Reach.ALL, frozenset(Role))
    assigning.give(person=person, wanted=[wanted], by=None, reason="Order 1.", at=at)
    return page


@pytest.fixture
def phone(world: World) -> Device:
    """A phone at the office of departure, last heard five hours ago with three stamps unsent."""
    officer = world.officers["CNURC001"]
    officer.set_password("four lorries at dawn")
    officer.save()
    device = devices.enrol(
        name="Phone 3", lane="2", token_digest="a", by=officer_of(officer.pk), at=ago(days=2)
    )
    heard = {"unsent": 3, "oldest_unsent_at": ago(hours=6), "app_version": "2", "at": ago(hours=5)}
    return devices.record_device_state(device_id=device.pk, **heard)


class TestALinkForAColleague:
    def test_is_shown_once_and_lets_them_choose_a_password(
        self,
        administrator: Page,
        browser: Browser,
        live_server: LiveServer,
        phone: Device,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        page, officer = administrator, phone.officer
        page.goto(f"{live_server.url}/console/people/{officer.pk}/")
        expect(page.get_by_text("3 stamps not sent")).to_be_visible()
        assert violations(page) == []
        pictures(page, "person-with-phone")
        page.get_by_role("link", name="Link for a new password").click()
        assert violations(page) == []
        pictures(page, "password-link")
        page.get_by_label("Reason").fill("Rang up: forgotten.")
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("img", name="The link as a code to scan")).to_be_visible()
        assert violations(page) == []
        pictures(page, "password-link-made")

        theirs = browser.new_context().new_page()
        theirs.goto(page.get_by_label("Link", exact=True).input_value())
        theirs.get_by_label("New password").fill(NEW)
        theirs.get_by_role("button", name="Save the password").click()
        expect(theirs.get_by_text("Your password is changed. Sign in with it.")).to_be_visible()
        theirs.get_by_label("Username").fill(officer.username)
        theirs.get_by_label("Password").fill(NEW)
        theirs.get_by_role("button", name="Sign in").click()
        expect(theirs.get_by_role("link", name="Lost phone")).to_be_visible()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_in_other_languages(
        self, administrator: Page, live_server: LiveServer, phone: Device, pictures: Pictures, language: str
    ) -> None:
        page = administrator
        page.goto(f"{live_server.url}/console/people/{phone.officer_id}/hand-over/")
        page.locator(f"button[lang={language}]").click()
        pictures(page, f"hand-over-{language}")
        page.goto(f"{live_server.url}/console/people/access/")
        pictures(page, f"access-{language}")

    def test_duties_are_handed_over_with_what_waits(
        self,
        administrator: Page,
        live_server: LiveServer,
        phone: Device,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        page = administrator
        page.goto(f"{live_server.url}/console/people/{phone.officer_id}/hand-over/")

        expect(page.get_by_text("Phone 3 (3 stamps not sent)")).to_be_visible()
        assert violations(page) == []
        pictures(page, "hand-over")


class TestALostPhone:
    def test_is_ended_by_its_officer_who_reads_what_comes_next(
        self,
        signed_in: SignIn,
        phone: Device,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        page = signed_in(Role.OFFICER, "/console/lost-phone/")
        assert violations(page) == []
        pictures(page, "lost-phones")
        page.get_by_role("link", name="Phone 3").click()
        expect(page.get_by_text("3 stamps were not sent when it was last heard")).to_be_visible()
        assert violations(page) == []
        pictures(page, "lost-phone")

        page.get_by_label("Where and when it was lost").focus()
        page.keyboard.type("Left in a taxi on Monday.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
        assert violations(page) == []
        pictures(page, "lost-phone-ended")
        page.get_by_role("link", name="Settle the loss").click()
        page.get_by_label("Reason").fill("Three counterfoils offered as proofs.")
        page.get_by_role("button", name="Settle").click()
        expect(page.get_by_text("The loss is settled.")).to_be_visible()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_in_other_languages(
        self, signed_in: SignIn, phone: Device, pictures: Pictures, language: str
    ) -> None:
        page = signed_in(Role.OFFICER, f"/console/lost-phone/{phone.pk}/")
        page.locator(f"button[lang={language}]").click()

        pictures(page, f"lost-phone-{language}")
        page.locator("textarea").fill("…")
        page.locator("button.btn-danger").click()
        pictures(page, f"lost-phone-ended-{language}")


class TestServiceAccounts:
    def test_are_opened_shown_once_rotated_and_ended(
        self, signed_in: SignIn, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/service-accounts/")
        page.get_by_role("link", name="Open a service account").click()
        page.get_by_label("Name").fill("issuing-desk")
        page.get_by_label("Purpose").fill("Issues carnets from the association's own desk")
        page.get_by_label("guaranteeing association").check()
        page.get_by_label("Networks it may come from").fill("192.0.2.0/24")
        assert violations(page) == []
        pictures(page, "service-account-open")
        page.get_by_role("button", name="Open it").click()
        expect(page.get_by_label("Secret", exact=True)).to_have_value(SECRET)
        assert violations(page) == []
        pictures(page, "service-account-secret")
        page.get_by_role("link", name="It is put away").click()
        assert violations(page) == []
        pictures(page, "service-account")
        expect(page.get_by_label("Secret", exact=True)).to_have_count(0)

        page.get_by_role("link", name="Make a new secret").click()
        page.get_by_label("The secrets before it end").select_option("0")
        page.get_by_role("button", name="Make it").click()
        page.get_by_role("link", name="It is put away").click()
        expect(page.get_by_text("over")).to_be_visible()
        page.get_by_role("link", name="End the service account").click()
        page.get_by_label("Reason").fill("The desk is closed.")
        page.get_by_role("button", name="End it").click()
        expect(page.get_by_text("The desk is closed.")).to_be_visible()
        page.goto(page.url.split("/of/")[0] + "/")
        expect(page.get_by_text("ended")).to_be_visible()
        assert violations(page) == []
        pictures(page, "service-accounts")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_in_other_languages(self, signed_in: SignIn, pictures: Pictures, language: str) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/service-accounts/open/")
        page.locator(f"button[lang={language}]").click()
        pictures(page, f"service-account-open-{language}")
