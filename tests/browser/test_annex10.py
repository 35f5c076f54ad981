"""Holders and stock, returned carnets, requests answered at one tap, terminations, and a guarantee confirmed."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carnets.annex10 import returns
from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.annex10 import daily, safetir
from guarantees import excluding, holders
from guarantees.models import Holder
from tests.api.calls import ago
from tests.browser.conftest import Pictures, SignIn, Violations
from tests.world import World
from tir.accounts.models import Role, User
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.clock import now


def issue_at(world: World, at: datetime) -> Carnet:
    approved = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", at.date() + timedelta(days=300))
    return world.issue(at=at, acceptance_until=at.date() + timedelta(days=30), vehicles=[approved])


@pytest.fixture
def arrived(world: World) -> Carnet:
    """A carnet at its destination, its exit at page 6 not recorded; a daily file for each day."""
    carnet = issue_at(world, ago(days=12))
    world.travel(carnet, since=ago(days=11), but={6: None, 8: {"reservation": "two cartons wet"}})
    daily.make_files(upto=ago(days=2).date(), at=now())
    return carnet


def bring_back(world: World, carnet: Carnet) -> None:
    returns.record_return(
        number=carnet.number,
        counterfoils=[{"page": 8, "packages": 400, "office": "TJDYU001"}, {"page": 6, "packages": 420}],
        reason="Journey over.",
        by=world.staff["CN"],
        at=now(),
    )


class TestHolders:
    def test_are_suspended_with_a_reason_that_stays(
        self, signed_in: SignIn, world: World, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/holders/")
        assert violations(page) == []
        pictures(page, "holders")
        page.get_by_role("link", name="CHN/071/1001").click()
        page.get_by_role("link", name="Suspend").click()
        page.get_by_label("Reason").fill("Membership dues unpaid.")
        page.get_by_role("button", name="Suspend").click()

        expect(page.get_by_role("status").first).to_contain_text("The holder is suspended")
        expect(page.locator(".history")).to_contain_text("Membership dues unpaid.")
        assert Holder.objects.get(pk=world.holder.pk).status == "suspended"

    def test_show_quota_exclusions_and_history(
        self, signed_in: SignIn, world: World, arrived: Carnet, violations: Violations, pictures: Pictures
    ) -> None:
        staff = world.staff["CN"]
        hq = User.objects.create_user("hq-kz", roles=[Role.CUSTOMS_HQ], country="KZ")
        holders.set_quota(holder_id=world.holder.pk, quota=1, reason="New member.", by=staff, at=now())
        holders.exclude(
            holder_id=world.holder.pk, country="KZ", valid_from=ago(days=3).date(), decided_on=ago(days=20).date(),
            reason="Undeclared goods behind a false wall.", by=hq, at=now(),
        )  # fmt: skip

        page = signed_in(Role.ASSOCIATION, "/console/holders/CHN-071-1001/")

        expect(page.get_by_text("used up: no carnet is issued")).to_be_visible()
        expect(page.get_by_text("notice was late")).to_be_visible()
        assert violations(page) == []
        pictures(page, "holder")
        page.get_by_role("button", name="Русский").click()
        pictures(page, "holder-ru")

    def test_are_excluded_and_taken_in_again_by_two_people_of_a_country(self, signed_in: SignIn) -> None:
        second = User.objects.create_user("second", roles=[Role.CUSTOMS_HQ], country="UZ")
        page = signed_in(Role.CUSTOMS_HQ, "/console/holders/CHN-071-1001/", country="UZ")
        for link, reason, state in (
            ("Exclude from your country", "Smuggling.", "in force"),
            ("Lift the exclusion", "Settled.", "over"),
        ):
            page.get_by_role("link", name=link).click()
            page.get_by_label("Reason").fill(reason)
            page.get_by_role("button", name="Propose").click()
            expect(page.get_by_text("It counts once another person approves it.")).to_be_visible()
            expect(page.get_by_text(state, exact=True)).not_to_be_attached()

            excluding.approve(Approval.objects.get(status=ApprovalStatus.OPEN).pk, by=second, at=now())
            page.reload()
            expect(page.get_by_text(state, exact=True)).to_be_visible()


class TestStock:
    def test_says_what_is_left(self, signed_in: SignIn, violations: Violations, pictures: Pictures) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/stock/")

        expect(page.locator(".figure-value")).to_have_text("9,999")
        assert violations(page) == []
        pictures(page, "stock")


class TestReturns:
    def test_are_recorded_page_by_page_and_ask_customs(
        self, signed_in: SignIn, arrived: Carnet, violations: Violations, pictures: Pictures
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/returns/")
        page.get_by_role("link", name="Record a returned carnet").click()
        page.get_by_label("Carnet number", exact=True).fill(arrived.number)
        page.get_by_role("button", name="Next").click()
        page.get_by_label("Page 8: the counterfoil is stamped").check()
        page.get_by_label("Page 8: packages").fill("400")
        page.get_by_label("Page 8: with a reservation").check()
        assert violations(page) == []
        pictures(page, "return-record")
        page.get_by_role("button", name="Record the return").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Reconciliation requests")
        expect(page.locator("tbody tr")).to_have_count(1)
        pictures(page, "requests")


class TestRequests:
    def test_are_answered_at_one_tap(
        self, signed_in: SignIn, world: World, arrived: Carnet, violations: Violations, pictures: Pictures
    ) -> None:
        bring_back(world, arrived)
        page = signed_in(Role.OFFICER, "/console/requests/", office="TJDYU001")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.locator("tbody a").click()
        assert violations(page) == []
        pictures(page, "request")
        page.get_by_role("button", name="The record stands").click()

        expect(page.get_by_role("status").first).to_contain_text("The answer is given.")
        expect(page.get_by_role("button", name="The record stands")).to_have_count(0)

    def test_are_corrected_by_a_stamp(
        self, signed_in: SignIn, world: World, arrived: Carnet, violations: Violations, pictures: Pictures
    ) -> None:
        bring_back(world, arrived)
        page = signed_in(Role.OFFICER, "/console/requests/", office="TJDYU001")
        page.locator("tbody a").click()
        page.get_by_role("link", name="Correct the termination").click()
        page.get_by_label("Packages").fill("400")
        assert violations(page) == []
        pictures(page, "request-correct")
        page.get_by_role("button", name="Stamp the correction").click()

        expect(page.get_by_role("status").first).to_contain_text("Corrected")
        assert arrived.operations.get(sequence=4).packages == 400
        assert arrived.stamps.filter(page=8).count() == 3

    def test_are_forwarded_by_headquarters(self, signed_in: SignIn, world: World, arrived: Carnet) -> None:
        bring_back(world, arrived)
        page = signed_in(Role.CUSTOMS_HQ, "/console/requests/", country="UZ")
        page.locator("tbody a").click()
        page.get_by_role("link", name="Forward to an office").click()
        page.get_by_label("Office").select_option("UZGIS001")
        page.get_by_role("button", name="Forward").click()

        expect(page.locator(".lead")).to_contain_text("UZGIS001")


class TestTerminations:
    def test_are_listed_and_downloaded(
        self,
        signed_in: SignIn,
        live_server: LiveServer,
        arrived: Carnet,
        violations: Violations,
        pictures: Pictures,
    ) -> None:
        page = signed_in(Role.ASSOCIATION, "/console/terminations/")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_label("Exits too").check()
        expect(page.locator("tbody tr")).to_have_count(3)
        assert violations(page) == []
        pictures(page, "terminations")
        page.get_by_role("link", name="Daily SafeTIR files").click()
        pictures(page, "safetir")
        day = arrived.stamps.get(page=8).recorded_at.date()

        text = page.request.get(f"{live_server.url}/console/safetir/{day}/").text()

        assert [record["VPN"] for record in safetir.records_in(text)] == ["8"]


class TestConfirming:
    def test_fills_the_screen_and_reaches_the_association(
        self, signed_in: SignIn, arrived: Carnet, violations: Violations, pictures: Pictures
    ) -> None:
        page = self.ask(signed_in, arrived)
        expect(page.locator(".verdict")).to_contain_text("NOT GOOD")
        assert violations(page) == []
        pictures(page, "confirm-not-good")

        page = signed_in(Role.ASSOCIATION, "/console/enquiries/?waiting=true")
        page.locator("tbody a").click()
        page.get_by_role("link", name="Confirm by hand").click()
        page.get_by_label("What customs should know").fill("The transport is over; all is in order.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("The transport is over; all is in order.")).to_be_visible()
        pictures(page, "enquiry")

    def test_says_good_with_the_sum(self, signed_in: SignIn, world: World, pictures: Pictures) -> None:
        fresh = issue_at(world, now())
        page = self.ask(signed_in, fresh)

        expect(page.locator(".verdict")).to_contain_text("GOOD")
        expect(page.locator(".verdict")).to_contain_text("60,000.00")
        pictures(page, "confirm-good")

    def ask(self, signed_in: SignIn, carnet: Carnet) -> Page:
        page = signed_in(Role.OFFICER, "/console/confirm/", office="KZHOR001")
        page.get_by_label("Carnet number", exact=True).fill(carnet.number.lower())
        page.get_by_role("button", name="Ask").click()
        return page
