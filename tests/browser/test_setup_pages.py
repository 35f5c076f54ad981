"""The pages of setting up over countries at work: none too wide, none with a fault that axe finds, in each language."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from checkpoints.models import CustomsOffice
from checkpoints.packs import SHIPPED
from guarantees.models import Association
from guarantees.registers.associations import MAXIMA, MaximumEntry
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.registers.entering import Act, enter

PAGES = (
    "",
    "territories/",
    "members/",
    "associations/",
    "maxima/",
    "offices/",
    "offices/new/",
    "offices/import/",
    "crossings/",
    "guarantees/",
    "guarantees/new/",
    "ceilings/new/",
    "clocks/",
    "number-ranges/",
    "approval-rules/",
    "approval-rules/new/",
    "approvals/",
    "pack/",
)


@pytest.fixture
def proposed(world: World) -> None:
    """A maximum that waits for a second person."""
    by = User.objects.create_user("amal", roles=[Role.SECRETARIAT])
    entry = MaximumEntry(Association.objects.get(country="KZ").code, Decimal(200_000), "EUR", now().date())
    enter(MAXIMA, entry, Act(by, now(), "Order 7"))


@pytest.mark.usefixtures("proposed")
@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_every_page_in_every_language(
    signed_in: SignIn, violations: Violations, pictures: Pictures, language: str
) -> None:
    page = signed_in(Role.ADMINISTRATOR, "/console/setup/")
    if language != "en":
        page.locator(f"button[lang={language}]").click()
    base = page.url.split("/console/")[0]
    for path in PAGES:
        page.goto(f"{base}/console/setup/{path}")
        assert violations(page) == []
        pictures(page, f"setup-{path.strip('/').replace('/', '-') or 'steps'}-{language}")
        if language != "en":
            assert "Reason" not in page.locator("main").inner_text()


@pytest.mark.usefixtures("proposed")
@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_proposal_and_a_pack_are_looked_at(
    signed_in: SignIn, violations: Violations, pictures: Pictures, tmp_path: Path, language: str
) -> None:
    """Both ways stand side by side on the page that decides; a pack shows what it would change, and is applied."""
    page = signed_in(Role.ADMINISTRATOR, "/console/setup/approvals/")
    if language != "en":
        page.locator(f"button[lang={language}]").click()
    page.locator("main a.btn-sm.btn-primary").first.click()
    assert page.locator("button[name=word]").count() == 2
    assert violations(page) == []
    pictures(page, f"decide-{language}")

    page.goto(f"{page.url.split('/console/')[0]}/console/setup/pack/")
    archive = Path(shutil.make_archive(str(tmp_path / "velland"), "zip", SHIPPED / "fictional"))
    page.locator("input[type=file]").set_input_files(archive)
    page.locator("main form button").last.click()
    page.locator("input[name=held]").wait_for(state="attached")
    assert violations(page) == []
    pictures(page, f"pack-{language}")
    page.locator("textarea[name=reason]").fill("Order 1")
    page.locator("main form").first.locator("button").press("Enter")
    page.locator(".setup-steps").wait_for()
    assert CustomsOffice.objects.filter(country="XV").exists()
