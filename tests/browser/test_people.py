"""A team made on pages alone: the first administrator opens a link, invites others, and closes an account."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Pictures, Violations
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import totp
from tir.signin.administrators import add_administrator

PASSWORD = "camel ladder quiet orchard"


@pytest.fixture
def root(live_server: LiveServer, page: Page, world: World) -> Page:
    """The first administrator, as the command's link lets them in."""
    made = add_administrator(username="root", reason="", at=now())
    set_password(page, f"{live_server.url}/console/invitations/{made.secret}/")
    return page


def set_password(page: Page, link: str) -> None:
    """Follow an invitation to the first page of the role; administrators set their second factor up on the way."""
    page.goto(link)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and go on").click()
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    letters = page.locator("ol .font-monospace").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(totp.code_of(letters, totp.step_at(now())))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="I have written them down").click()


def invite_chief(page: Page, live_server: LiveServer) -> str:
    """Fill in the form for an administrator of Kazakhstan's officers; return the link that is shown."""
    page.goto(f"{live_server.url}/console/people/")
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Name to sign in with").fill("chief.kz")
    page.get_by_label("Name of the person").fill("Chief of posts")
    page.get_by_label("Country").fill("KZ")
    page.get_by_role("group", name="Roles").get_by_label("administrator", exact=True).check()
    page.get_by_role("group", name="For an administrator or manager").get_by_label(
        "checkpoint officer"
    ).check()
    page.get_by_label("Reason").fill("Order 1.")
    page.get_by_role("button", name="Invite").click()
    return page.get_by_label("Link", exact=True).input_value()


class TestATeam:
    def test_begins_with_a_link_and_a_password_of_ones_own(
        self, live_server: LiveServer, page: Page, world: World, violations: Violations, pictures: Pictures
    ) -> None:
        made = add_administrator(username="root", reason="", at=now())
        page.goto(f"{live_server.url}/console/invitations/{made.secret}/")
        page.get_by_label("Your password").fill("short")
        page.get_by_label("Once more").fill("short")
        page.get_by_role("button", name="Set the password and go on").click()
        expect(page.get_by_role("alert")).to_contain_text("too short")
        assert violations(page) == []
        pictures(page, "people-accept")

        set_password(page, page.url)

        expect(page.get_by_role("heading", level=1)).to_have_text("Set up")
        page.goto(f"{live_server.url}/console/invitations/{made.secret}/")
        expect(page.get_by_text("This link is not valid")).to_be_visible()

    def test_grows_by_invitation_to_those_below(
        self,
        root: Page,
        browser: Browser,
        live_server: LiveServer,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        link = invite_chief(root, live_server)
        expect(root.get_by_role("img", name="The link as a code to scan")).to_be_visible()
        assert violations(root) == []
        pictures(root, "people-invited")

        chief = browser.new_context().new_page()
        set_password(chief, link)
        chief.goto(f"{live_server.url}/console/people/invite/")
        assert violations(chief) == []
        pictures(chief, "people-invite")
        expect(chief.get_by_label("customs headquarters")).to_have_count(0)
        offices = chief.get_by_label("Office", exact=True).locator("option").all_inner_texts()
        assert [text for text in offices if "(UZ" in text] == []

        chief.get_by_label("Name to sign in with").fill("aigerim.n")
        chief.get_by_label("Name of the person").fill("Aigerim Nurlanova")
        chief.get_by_label("checkpoint officer").check()
        chief.get_by_label("Office", exact=True).select_option("KZALA001")
        chief.get_by_label("Shift", exact=True).fill("Night")
        chief.get_by_label("Shift begins").fill("20:00")
        chief.get_by_label("Shift ends").fill("08:00")
        chief.get_by_label("Reason").fill("Order 2.")
        chief.get_by_role("button", name="Invite").click()
        chief.get_by_role("link", name="To the person").click()

        expect(chief.get_by_role("heading", level=1)).to_have_text("Aigerim Nurlanova")
        expect(chief.get_by_text("Night 20:00–08:00")).to_be_visible()
        assert violations(chief) == []
        pictures(chief, "people-person")

    def test_is_listed_with_who_may_what(
        self, root: Page, live_server: LiveServer, violations: Violations, pictures: Pictures
    ) -> None:
        invite_chief(root, live_server)
        for name in ("people", "people/access"):
            root.goto(f"{live_server.url}/console/{name}/")
            expect(root.get_by_role("link", name="Chief of posts")).to_be_visible()
            assert violations(root) == []
            pictures(root, name.replace("/", "-"))
        expect(root.get_by_text("may give: checkpoint officer")).to_be_visible()

        root.get_by_label("Name", exact=True).fill("nobody of this name")
        root.get_by_role("button", name="Filter").click()
        expect(root.get_by_role("link", name="Chief of posts")).to_have_count(0)

    @pytest.mark.parametrize("language", ["Русский", "简体中文"])
    def test_reads_in_every_language(
        self, root: Page, live_server: LiveServer, language: str, pictures: Pictures
    ) -> None:
        root.goto(f"{live_server.url}/console/people/invite/")
        root.get_by_role("button", name=language).click()

        expect(root.get_by_text("Reason", exact=True)).to_have_count(0)
        pictures(root, f"people-invite-{language}")

    def test_closes_and_opens_an_account_by_keyboard(
        self, root: Page, live_server: LiveServer, world: World, violations: Violations
    ) -> None:
        officer = world.officers["KZALA001"]
        root.goto(f"{live_server.url}/console/people/{officer.pk}/deactivate/")
        assert violations(root) == []
        root.get_by_label("Reason").focus()
        root.keyboard.type("Left the service.")
        root.keyboard.press("Tab")
        root.keyboard.press("Enter")

        expect(root.get_by_text("The account is closed")).to_be_visible()
        assert User.objects.get(pk=officer.pk).is_active is False
        root.get_by_role("link", name="Open the account again").click()
        root.get_by_label("Reason").fill("Back.")
        root.get_by_role("button", name="Open it").click()
        expect(root.get_by_text("The account is open.")).to_be_visible()
        assert User.objects.get(pk=officer.pk).is_active is True
