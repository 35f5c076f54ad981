"""A real Chromium for the pages: the one that `script/browser` found or brought, driven by Playwright."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

AXE = settings.BASE_DIR / "api/consoles/assets/node_modules/axe-core/axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

# Playwright's synchronous interface runs an event loop of its own in this thread; our database calls are plain.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; as root it has no sandbox of its own to enter."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    own = {"executable_path": found} if found else {}
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, **own, "args": [*QUIET, *as_root]}


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's own source, to be added to a page."""
    return Path(AXE).read_text()
