"""Monday morning on the liability page: both sides, a past day, from a figure to its rows, on every screen."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Pictures, SignIn, Violations
from tests.traffic import some_traffic
from tests.world import World
from tir.accounts.models import Role

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds


class TestTheLiabilityPage:
    def test_shows_both_sides_and_opens_every_figure(
        self, signed_in: SignIn, world: World, violations: Violations, pictures: Pictures
    ) -> None:
        some_traffic(world)
        page = signed_in(Role.ASSOCIATION, "/console/liability/")
        page.wait_for_load_state("networkidle")
        assert violations(page) == []
        pictures(page, "liability-issuer")

        page = signed_in(Role.ASSOCIATION, "/console/liability/", country="KZ")
        page.get_by_role("link", name="As guarantor on its own territory").click()
        expect(page.get_by_role("link", name="Exposure now")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violations(page) == []
        pictures(page, "liability-guarantor")

        page.get_by_role("link", name="Exposure now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Behind the figure")
        expect(page.get_by_role("row")).to_have_count(3)
        assert violations(page) == []
        pictures(page, "liability-rows")

    def test_goes_back_to_a_day_and_to_now(self, signed_in: SignIn, world: World) -> None:
        carnets = some_traffic(world)
        page = signed_in(Role.ASSOCIATION, "/console/liability/")
        day = carnets[1].issued_at.date()
        page.get_by_label("As of the end of").fill(str(day))
        page.get_by_role("button", name="Show").click()

        expect(page.get_by_role("link", name="Exposure now")).to_contain_text("200,000.00")
        page.get_by_role("link", name="Now", exact=True).click()
        expect(page.get_by_role("link", name="Exposure now")).to_contain_text("350,000.00")

    @pytest.mark.parametrize("language", ["Русский", "简体中文"])
    def test_speaks_every_language(
        self, signed_in: SignIn, world: World, live_server: LiveServer, violations: Violations, pictures: Pictures,
        language: str,
    ) -> None:  # fmt: skip
        some_traffic(world)
        page = signed_in(Role.ASSOCIATION, "/console/liability/")
        page.get_by_role("button", name=language).click()
        page.wait_for_load_state("networkidle")

        assert violations(page) == []
        pictures(page, f"liability-{page.locator('html').get_attribute('lang')}")
