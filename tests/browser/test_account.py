"""One's own account in a real browser: an app set up by keyboard, a passkey made and used, and every page looked at."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.signin import totp

PASSWORD = "four lorries at dawn"


@pytest.fixture
def authenticator(page: Page) -> Any:
    """Chromium's own authenticator, which always finds its person present."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def officer_of(world: World) -> User:
    user = world.officers["CNURC001"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Page, url: str, user: User) -> None:
    page.goto(f"{url}/console/sign-in/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.usefixtures("authenticator")
def test_a_passkey_is_made_and_signs_in(live_server: LiveServer, page: Page, world: World) -> None:
    user, url = officer_of(world), live_server.url.replace("127.0.0.1", "localhost")
    sign_in(page, url, user)
    page.goto(f"{url}/console/account/passkeys/add/")
    page.fill("#id_present", PASSWORD)
    page.fill("#id_name", "My phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert user.passkeys.get().name == "My phone"

    page.context.clear_cookies()
    sign_in(page, url, user)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.goto(f"{url}/console/account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    sign_in(page, url, user)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{url}/console/post/**")
    assert user.passkeys.get().last_used_at is not None


def test_an_app_is_set_up_by_keyboard(
    live_server: LiveServer, page: Page, world: World, violations: Violations, pictures: Pictures
) -> None:
    user = User.objects.create_user("hq", password=PASSWORD, roles=[Role.CUSTOMS_HQ], country="KZ")
    sign_in(page, live_server.url, user)
    page.wait_for_url("**/console/sign-in/set-up/")
    assert violations(page) == []
    pictures(page, "account-set-up")
    letters = page.locator("ol .font-monospace").inner_text().replace(" ", "")
    page.fill("#id_code", totp.code_of(letters, totp.step_at(now())))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert violations(page) == []
    pictures(page, "account-codes")
    page.get_by_role("link", name="I have written them down").click()
    page.goto(f"{live_server.url}/console/account/")
    assert violations(page) == []
    pictures(page, "account")


@pytest.mark.parametrize("path", ["account/", "account/password/", "account/passkeys/add/", "account/app/"])
@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_pages_in_other_languages(
    signed_in: SignIn, violations: Violations, pictures: Pictures, path: str, language: str
) -> None:
    page = signed_in(Role.OFFICER, "/console/account/")
    page.locator(f"button[lang={language}]").click()
    page.goto(page.url.split("/console/")[0] + "/console/" + path)

    assert violations(page) == []
    pictures(page, f"{path.strip('/').replace('/', '-')}-{language}")
