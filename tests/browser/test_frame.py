"""The frame around every page: signing in, the three languages, light and dark, the keyboard."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role


class TestSigningIn:
    def test_leads_to_the_page_asked_for(self, live_server: LiveServer, page: Page, world: World) -> None:
        page.goto(f"{live_server.url}/console/carnets/?status=issued")
        page.get_by_label("Username").fill("officer-cnurc001")
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Sign in").click()

        expect(page).to_have_url(f"{live_server.url}/console/carnets/?status=issued")

    def test_says_what_was_wrong_and_puts_the_focus_there(
        self, live_server: LiveServer, page: Page, world: World, violations: Violations, pictures: Pictures
    ) -> None:
        page.goto(f"{live_server.url}/console/sign-in/")
        page.get_by_label("Username").fill("association-cn")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_label("Password")).to_have_attribute("type", "text")
        page.get_by_role("button", name="Sign in").click()

        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("Username or password is wrong")
        assert violations(page) == []
        pictures(page, "sign-in")

    def test_locks_after_five_wrong_passwords_and_says_for_how_long(
        self, live_server: LiveServer, page: Page, world: World
    ) -> None:
        page.goto(f"{live_server.url}/console/sign-in/")
        for _attempt in range(6):
            page.get_by_label("Username").fill("association-cn")
            page.get_by_label("Password").fill("wrong")
            page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_role("alert")).to_contain_text("Wait a quarter of an hour")

    def test_ends_by_signing_out(self, signed_in: SignIn, live_server: LiveServer) -> None:
        page = signed_in(Role.ASSOCIATION)
        page.get_by_role("button", name="Sign out").click()

        page.goto(f"{live_server.url}/console/carnets/")
        expect(page).to_have_url(f"{live_server.url}/console/sign-in/?next=%2Fconsole%2Fcarnets%2F")


class TestLanguage:
    @pytest.mark.parametrize(("name", "code"), [("Русский", "ru"), ("简体中文", "zh-hans")])
    def test_is_remembered(self, signed_in: SignIn, live_server: LiveServer, name: str, code: str) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/carnets/?status=issued")
        page.get_by_role("button", name=name).click()

        expect(page).to_have_url(f"{live_server.url}/console/carnets/?status=issued")
        page.goto(f"{live_server.url}/console/carnets/")
        expect(page.locator("html")).to_have_attribute("lang", code)


class TestKeyboard:
    def test_skips_to_the_content_with_the_first_key(self, signed_in: SignIn) -> None:
        page = signed_in(Role.ASSOCIATION)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.locator("main")).to_be_focused()


class TestPolicy:
    def test_lets_the_pages_run_and_nothing_else(self, signed_in: SignIn, live_server: LiveServer) -> None:
        complaints: list[str] = []
        foreign: list[str] = []
        page = signed_in(Role.ASSOCIATION)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: None if live_server.url in asked.url else foreign.append(asked.url))
        page.reload()
        page.wait_for_load_state("networkidle")

        assert complaints == []
        assert [url for url in foreign if not url.startswith("data:")] == []
        assert page.evaluate("typeof htmx") == "object"
        with pytest.raises(Exception, match="Content Security Policy"):
            page.add_script_tag(content="window.broken = true")


class TestFaults:
    def test_are_pages_in_the_same_frame(
        self, signed_in: SignIn, live_server: LiveServer, violations: Violations
    ) -> None:
        page = signed_in(Role.ASSOCIATION)
        answer = page.goto(f"{live_server.url}/console/nowhere/")

        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
        assert violations(page) == []
