"""The page of a shift in a browser: what renews itself, what narrows, and how it looks."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.models import CustomsOffice
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from checkpoints.recording import scanning
from checkpoints.recording.stamping import Origin, record_stamp
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.kernel.kept import Kept


@pytest.fixture
def busy(world: World) -> World:
    """Three phones on their lanes, a morning's stamps from two of them, a stamp and a start refused."""
    at, officer = now(), officer_of(world.officers["CNURC001"].pk)
    let_it_be_noon(at)
    phones = [
        devices.enrol(name=f"Phone {lane}", lane=str(lane), token_digest=str(lane), by=officer, at=at)
        for lane in (1, 2, 3)
    ]
    for phone, unsent in zip(phones[:2], (0, 12), strict=True):
        since = at - timedelta(minutes=9)
        devices.record_device_state(
            device_id=phone.pk, unsent=unsent, oldest_unsent_at=since, app_version="1.0", at=at
        )
    for index in range(8):
        stamped_at = at - timedelta(minutes=3 * index)
        carnet = issue(world)
        scanned_at = stamped_at - timedelta(seconds=25 + 7 * index)
        scanning.scan(number=carnet.number, officer=officer, occurred_at=scanned_at, at=scanned_at)
        request = world.request(carnet, 1, stamped_at, is_offline=index % 3 == 0)
        origin = Origin(device_id=phones[index % 2].pk)
        record_stamp(request=request, officer=officer, at=stamped_at, origin=origin)
    world.batch("CNURC001", [world.request(carnet, 15, at)], at)
    world.refuse(issue(world), 1, at)
    return world


def let_it_be_noon(at: datetime) -> None:
    """Move the office to where its day does not turn between two stamps: the page shows one day of its own clock."""
    east_of_greenwich = 12 - at.hour
    CustomsOffice.objects.filter(code="CNURC001").update(time_zone=f"Etc/GMT{-east_of_greenwich:+d}")
    Kept.forget_all()


def issue(world: World) -> Carnet:
    at = now() - timedelta(hours=2)
    until = at.date() + timedelta(days=30)
    vehicle = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", until + timedelta(days=300))
    return world.issue(at=at, acceptance_until=until, vehicles=[vehicle])


def figure(page: Page, label: str) -> str:
    card = page.locator(".figure", has_text=label).locator(".figure-value")
    return card.inner_text()


class TestPost:
    def test_is_what_an_officer_sees_first(
        self, signed_in: SignIn, busy: World, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.OFFICER)

        expect(page).to_have_url(re.compile("/console/post/"))
        assert figure(page, "Not sent yet") == "12"
        expect(page.locator("#devices").get_by_role("row", name=re.compile("Phone 2"))).to_contain_text(
            "12 unsent, oldest"
        )
        assert violations(page) == []
        pictures(page, "post")

    @pytest.mark.parametrize("language", ["Русский", "简体中文"])
    def test_speaks_every_language(
        self, signed_in: SignIn, busy: World, violations: Violations, pictures: Pictures, language: str
    ) -> None:
        page = signed_in(Role.OFFICER, "/console/post/")
        page.get_by_role("button", name=language).click()

        expect(page.get_by_text("Not sent yet")).to_have_count(0)
        assert violations(page) == []
        pictures(page, f"post-{language}")

    def test_is_readable_at_night(self, signed_in: SignIn, busy: World, violations: Violations) -> None:
        page = signed_in(Role.OFFICER, "/console/post/")
        page.emulate_media(color_scheme="dark")

        assert violations(page) == []

    def test_renews_its_figures_and_leaves_the_filter_alone(self, signed_in: SignIn, busy: World) -> None:
        page = signed_in(Role.OFFICER, "/console/post/")
        page.get_by_label("Officer").fill("nobody")
        busy.stamp(issue(busy), 1, now())

        with page.expect_response(re.compile("/console/post/")):
            page.evaluate(
                "htmx.ajax('GET', location.href, {source: '#live', select: '#live', swap: 'outerHTML'})"
            )
        expect(page.locator(".figure-value").first).to_have_text("9")

        expect(page.get_by_label("Officer")).to_have_value("nobody")
        expect(page.locator("canvas")).to_be_visible()

    def test_keeps_what_was_chosen_in_the_address_bar(self, signed_in: SignIn, busy: World) -> None:
        page = signed_in(Role.OFFICER, "/console/post/")
        page.get_by_label("Network").select_option("offline")

        expect(page).to_have_url(re.compile("made=offline"))
        expect(page.locator("#results tbody tr")).to_have_count(3)
