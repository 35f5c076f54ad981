"""Monday morning with claims: what falls due, which claim is premature, and contesting it; in a real Chromium."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from guarantees.choices import NoticeKind
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.models import Claim
from guarantees.notices import Message, tell
from tests.api.calls import ago, today
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.guarantees.claiming import headquarters, to_claim
from tests.world import World, reconcile
from tir.accounts.models import Role, User
from tir.kernel.clock import now

DAY = timedelta(days=1)


def notified_claim(world: World, *, notified_days_ago: int) -> Claim:
    """Return a claim about a carnet that entered Kazakhstan eighty days ago, notified of late."""
    at = ago(days=82)
    carnet = world.issue(at=at, acceptance_until=at.date() + 30 * DAY, issued_on=at.date())
    for page, days in ((1, 81), (2, 80.5), (3, 80)):
        world.stamp(carnet, page, ago(days=days))
    reconcile(now())
    claim = open_claim(
        operation=to_claim(carnet, 2),
        reason="No trace of the load since entry at Khorgos.",
        is_fraud=False,
        by=headquarters(),
        at=ago(days=30),
    )
    on = today() - notified_days_ago * DAY
    return claims.notify(
        claim_id=claim.pk, received_on=on, holder_notified_on=on, by=headquarters(), at=now()
    )


def letter(claim: Claim, by: User) -> Claim:
    """Customs claimed by letter five days ago."""
    return claims.demand(
        claim_id=claim.pk, amount=60_000, currency="EUR", debtor="Silk Road Haulage",
        debtor_pursued_on=today() - 10 * DAY, on=today() - 5 * DAY, by=by, at=now(), by_letter=True,
    )  # fmt: skip


@pytest.fixture
def premature(world: World) -> Claim:
    return letter(notified_claim(world, notified_days_ago=20), world.staff["KZ"])


class TestMondayMorning:
    def test_finds_the_premature_claim_and_contests_it(
        self,
        world: World,
        signed_in: SignIn,
        live_server: LiveServer,
        premature: Claim,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/claims/", country="KZ")
        expect(page.get_by_role("row", name=premature.carnet_number)).to_contain_text("premature")
        assert violations(page) == []
        pictures(page, "claims")

        page.get_by_role("link", name=premature.carnet_number).click()
        condition = page.get_by_role("listitem").filter(has_text="Premature: the first day for a claim is")
        expect(condition).to_contain_text("art. 11(3)")
        assert violations(page) == []
        pictures(page, "claim")

        page.get_by_role("link", name="Contest").click()
        expect(page.get_by_role("checkbox")).to_be_checked()
        assert violations(page) == []
        pictures(page, "contest")
        page.get_by_role("button", name="Contest").click()

        expect(page.get_by_text("The claim is contested.")).to_be_visible()
        history = page.get_by_role("region", name="History")
        expect(history).to_contain_text("Contested")
        expect(history).to_contain_text("Premature: the first day for a claim is")
        premature.refresh_from_db()
        assert premature.status == "contested"

    def test_downloads_the_dossier(self, signed_in: SignIn, premature: Claim) -> None:
        page = signed_in(Role.ASSOCIATION, f"/console/claims/{premature.pk}/", country="KZ")
        address = page.get_by_role("link", name="Dossier PDF").get_attribute("href")
        assert address

        answer = page.request.get(page.url.split("/console/")[0] + address)

        assert answer.status == 200
        assert answer.body().startswith(b"%PDF-")


class TestThePrematureAct:
    def test_is_greyed_with_its_first_day(
        self, signed_in: SignIn, world: World, violations: Violations, pictures: Pictures
    ) -> None:
        claim = notified_claim(world, notified_days_ago=3)
        User.objects.filter(pk=headquarters().pk).update(username="somebody-else")
        page = signed_in(Role.CUSTOMS_HQ, f"/console/claims/{claim.pk}/", country="KZ")

        button = page.get_by_role("button", name="Claim payment")
        expect(button).to_be_disabled()
        expect(page.get_by_role("region", name="What you can do")).to_contain_text("art. 11(3)")
        assert violations(page) == []
        pictures(page, "claim-customs")

    def test_sent_all_the_same_is_refused_beside_its_day(self, signed_in: SignIn, world: World) -> None:
        claim = notified_claim(world, notified_days_ago=3)
        User.objects.filter(pk=headquarters().pk).update(username="somebody-else")
        page = signed_in(Role.CUSTOMS_HQ, f"/console/claims/{claim.pk}/demand/", country="KZ")
        page.get_by_label("Debtor", exact=True).fill("Silk Road Haulage")
        page.get_by_label("Day payment was first required of the debtor").fill(str(today()))
        page.get_by_role("button", name="Record").click()

        expect(page.get_by_role("alert")).to_contain_text("Too early: the first day for this is")


class TestDeadlines:
    @pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
    def test_show_the_month_and_what_happens_if_missed(
        self,
        signed_in: SignIn,
        premature: Claim,
        violations: Violations,
        pictures: Pictures,
        live_server: LiveServer,
        language: str,
    ) -> None:
        due = claims.windows(premature)["pay"].latest
        assert due
        page = signed_in(Role.ASSOCIATION, f"/console/deadlines/?month={due:%Y-%m}", country="KZ")
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.reload()

        day = page.locator(f"#day-{due}")
        cited = {"en": "art. 11(4)", "ru": "ст. 11(4)", "zh-hans": "第11条第4款"}
        expect(day).to_contain_text(cited[language])
        expect(day.get_by_role("link")).to_contain_text(premature.carnet_number)
        assert violations(page) == []
        pictures(page, f"deadlines-{language}")

    def test_show_a_first_day_greyed(self, signed_in: SignIn, world: World, pictures: Pictures) -> None:
        claim = notified_claim(world, notified_days_ago=3)
        first = claims.windows(claim)["demand"].earliest
        assert first
        page = signed_in(Role.ASSOCIATION, f"/console/deadlines/?month={first:%Y-%m}", country="KZ")

        expect(page.locator(f"#day-{first} .due-premature")).to_contain_text("premature before this day")
        pictures(page, "deadlines-premature")

    @pytest.mark.parametrize(("name", "ending"), [("CSV", "csv"), ("XLSX", "xlsx"), ("Calendar", "ics")])
    def test_are_exported(self, signed_in: SignIn, premature: Claim, name: str, ending: str) -> None:
        due = claims.windows(premature)["pay"].latest
        page = signed_in(Role.ASSOCIATION, f"/console/deadlines/?month={due:%Y-%m}", country="KZ")

        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()

        assert download.value.suggested_filename.endswith(f".{ending}")


class TestTheBell:
    def test_counts_what_was_not_read(
        self, signed_in: SignIn, premature: Claim, violations: Violations, pictures: Pictures
    ) -> None:
        facts = {"holder": "CHN/071/1001", "country": "UZ", "valid_from": "2026-03-02", "reason": "offence"}
        staff = [User.objects.get(username="association-kz")]
        tell([Message(NoticeKind.EXCLUSION, "exclusion:1", facts=facts)], staff, at=now())
        page = signed_in(Role.ASSOCIATION, "/console/claims/", country="KZ")
        bell: Any = page.get_by_role("link", name="Notices")
        before = unread(page)
        assert before > 0
        bell.click()
        assert violations(page) == []
        pictures(page, "notices")

        page.get_by_role("button", name="Mark as read").first.click()
        assert unread(page) == before - 1
        page.get_by_role("button", name="Mark all as read").click()
        assert unread(page) == 0


def unread(page: Page) -> int:
    """Return what the bell says."""
    page.wait_for_load_state()
    count = page.locator(".bell-count")
    return int(count.inner_text().split()[0]) if count.count() else 0
