"""A real Chromium for the pages: the one that `script/browser` found or brought, driven by Playwright."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.world import World
from tir.accounts.models import Role, User

FIGURES: dict[str, str] = {}
SignIn = Callable[..., Page]
Violations = Callable[[Page], list[str]]
Pictures = Callable[[Page, str], None]

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
SCREENSHOTS = settings.BASE_DIR / ".local/screenshots"
PATIENCE = 30_000  # milliseconds
SCREENS = ((360, 640), (768, 1024), (1440, 900))
NEXT_FRAME = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
AXE = settings.BASE_DIR / "api/consoles/assets/node_modules/axe-core/axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

# Playwright's synchronous interface runs an event loop of its own in this thread; our database calls are plain.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was measured: the limits are in the tests, the figures are for people."""
    if FIGURES:
        terminalreporter.section("in a real browser, measured")
        for name, figure in FIGURES.items():
            terminalreporter.write_line(f"{name}: {figure}")


@pytest.fixture
def measured() -> dict[str, str]:
    return FIGURES


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; as root it has no sandbox of its own to enter."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    own = {"executable_path": found} if found else {}
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    lent = {"env": {**os.environ, "FONTCONFIG_FILE": str(fonts())}}
    return {**browser_type_launch_args, **own, **lent, "args": [*QUIET, *as_root]}


def fonts() -> Path:
    """Lend the browser the fonts that the carnets are printed with: a bare machine has none for Chinese."""
    file = settings.BASE_DIR / ".local/fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{settings.BASE_DIR / '.local/fonts'}</dir></fontconfig>"
    )
    return Path(file)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's own source, to be added to a page."""
    return Path(AXE).read_text()


@pytest.fixture(autouse=True)
def patient(page: Page) -> None:
    """What has not come by then does not come: longer than anything takes, also on a busy machine."""
    page.set_default_timeout(PATIENCE)


@pytest.fixture
def signed_in(live_server: LiveServer, page: Page, world: World) -> SignIn:
    """Return the page, signed in as somebody of this role: `signed_in(Role.ASSOCIATION)`.

    Associations are the world's own, China's unless `country` says another; officers are those of `office`; whoever
    else is of `country`. `path` is opened at once.
    """

    def sign_in(
        role: Role, path: str = "/console/", *, country: str = "CN", office: str = "CNURC001"
    ) -> Page:
        client = Client()
        client.force_login(person(world, role, country, office), backend=MODEL_BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.goto(live_server.url + path)
        return page

    return sign_in


def person(world: World, role: Role, country: str, office: str) -> User:
    if role == Role.ASSOCIATION:
        return world.staff[country]
    if role == Role.OFFICER:
        return world.officers[office]
    bound = country if role in (Role.CUSTOMS_HQ, Role.SYSTEM) else ""
    return User.objects.create_user(f"{role}-{bound}".lower(), roles=[role], country=bound)


@pytest.fixture
def violations(axe: str) -> Violations:
    """Return what axe finds on a page, one line each: a test asserts that the list is empty."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe)  # not a script tag: the policy of the pages would refuse it
        found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {rule['help']} at {node['target']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return run


def keep(page: Page, name: str, *, is_whole: bool = True) -> None:
    """Save what a page shows under .local/screenshots, for eyes, with PICTURES=1; else do nothing: it costs minutes."""
    if os.environ.get("PICTURES") == "1":
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=is_whole)


@pytest.fixture
def pictures() -> Pictures:
    """Show a page on a phone, a tablet and a desktop: it may be wider than none."""

    def take(page: Page, name: str) -> None:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(NEXT_FRAME)  # charts follow the size of their place
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{name} is wider than {width}"
            )
            keep(page, f"{name}-{width}")

    return take
