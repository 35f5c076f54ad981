"""The registers by program: a country set up, changed, ended; each country its own; money by four eyes."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from rest_framework.test import APIClient

from checkpoints.models import CustomsOffice
from guarantees.models import Association, ClockRule, Guarantee, LiabilityMaximum, TerritoryMember
from tests.api.conftest import Person
from tests.world import World
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.registers.models import Change

OFFICE = {
    "code": "KZNEW001", "territory": "EAEU", "name_en": "New post", "latitude": 44.2, "longitude": 80.4,
    "time_zone": "Asia/Almaty", "roles": ["entry", "exit"], "valid_from": "2026-01-01", "reason": "Order 12",
}  # fmt: skip
POOL = {
    "reference": "KZ-POOL-9", "association": "085", "amount_per_carnet": "60000.00", "ceiling": "900000.00",
    "currency": "EUR", "valid_from": "2026-01-01", "reason": "Contract 7",
}  # fmt: skip


def post(client: APIClient, address: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{address}", body, format="json")


def patch(client: APIClient, address: str, **body: Any) -> Any:
    return client.patch(f"/api/v1/{address}", {"reason": "Order 13", **body}, format="json")


@pytest.fixture
def second(person: Person) -> APIClient:
    """Another person of Kazakhstan's headquarters."""
    return person(Role.CUSTOMS_HQ, Role.AUDITOR, country="KZ")


@pytest.fixture
def secretariat(person: Person) -> APIClient:
    return person(Role.SECRETARIAT)


@pytest.mark.usefixtures("world")
class TestAnOffice:
    def test_is_entered_and_stands_in_the_list(self, hq: APIClient) -> None:
        answer = post(hq, "offices/", OFFICE)

        assert (answer.status_code, answer.json()["version"]) == (201, 1)
        listed = hq.get("/api/v1/offices/?country=KZ&page_size=500").json()["results"]
        assert "KZNEW001" in {each["code"] for each in listed}

    def test_again_is_the_same_and_makes_no_version(self, hq: APIClient) -> None:
        post(hq, "offices/", OFFICE)
        again = post(hq, "offices/", OFFICE)

        assert (again.status_code, again.json()["version"]) == (200, 1)

    def test_is_changed_and_ended_with_a_reason(self, hq: APIClient) -> None:
        post(hq, "offices/", OFFICE)
        last = (now().date() + timedelta(days=30)).isoformat()

        answer = patch(hq, "offices/KZNEW001/", valid_to=last)

        assert (answer.status_code, answer.json()["version"], answer.json()["valid_to"]) == (200, 2, last)
        assert Change.objects.get(version=2).reason == "Order 13"
        assert patch(hq, "offices/KZXXX001/", valid_to=last).status_code == 404

    def test_needs_a_reason_and_says_all_that_is_wrong(self, hq: APIClient) -> None:
        unsaid = post(hq, "offices/", {**OFFICE, "reason": ""})
        assert (unsaid.status_code, unsaid.json()["errors"][0]["field"]) == (400, "reason")

        wrong = post(hq, "offices/", {**OFFICE, "time_zone": "Almaty", "roles": ["guard"], "territory": "QQ"})
        assert wrong.status_code == 422
        assert {each["field"] for each in wrong.json()["errors"]} == {"time_zone", "roles", "territory"}
        assert all(each["detail"] for each in wrong.json()["errors"])

    def test_of_another_country_is_not_for_this_headquarters(
        self, hq: APIClient, secretariat: APIClient
    ) -> None:
        foreign = {**OFFICE, "code": "UZNEW001", "territory": "UZ"}

        assert post(hq, "offices/", foreign).json()["code"] == "foreign_register"
        assert patch(hq, "offices/CNURC001/", name_en="Ours").json()["code"] == "foreign_register"
        assert patch(secretariat, "offices/CNURC001/", name_en="Urumqi").status_code == 200
        assert CustomsOffice.objects.get(code="CNURC001").name_en == "Urumqi"


@pytest.mark.usefixtures("world")
class TestTheOtherRegisters:
    def test_a_territory_with_its_member_is_set_up_by_its_own_headquarters(self, person: Person) -> None:
        georgia = person(Role.CUSTOMS_HQ, country="GE")

        assert (
            post(georgia, "territories/", {"code": "GE", "name_en": "Georgia", "reason": "Start"}).status_code
            == 201
        )
        member = {"country": "GE", "valid_from": "2026-01-01", "reason": "Start"}
        assert post(georgia, "territories/GE/members/", member).status_code == 201
        foreign = {"country": "AM", "valid_from": "2026-01-01", "reason": "Start"}
        assert post(georgia, "territories/GE/members/", foreign).json()["code"] == "foreign_register"
        assert [
            each["country"] for each in georgia.get("/api/v1/territories/GE/members/").json()["results"]
        ] == ["GE"]
        assert patch(georgia, "territories/GE/", grace_hours=48).json()["grace_hours"] == 48
        assert patch(georgia, "territories/UZ/", grace_hours=48).json()["code"] == "foreign_register"
        assert TerritoryMember.objects.filter(territory__code="GE").count() == 1

    def test_an_association_is_entered_and_its_alarm_changed(self, person: Person) -> None:
        georgia = person(Role.CUSTOMS_HQ, country="GE")
        body = {
            "code": "033",
            "country": "GE",
            "name": "GIRCA",
            "time_zone": "Asia/Tbilisi",
            "reason": "Start",
        }

        assert post(georgia, "associations/", body).status_code == 201
        assert patch(georgia, "associations/033/", stock_alarm=50).json()["stock_alarm"] == 50
        assert patch(georgia, "associations/085/", stock_alarm=50).status_code == 403
        assert Association.objects.get(code="033").country_alpha3 == "GEO"

    def test_crossings_are_paired_by_either_side(self, hq: APIClient, person: Person) -> None:
        post(hq, "offices/", OFFICE)
        body = {
            "code": "KZ-UZ-NEW", "name_en": "New", "office_a": "KZNEW001", "office_b": "UZYAL001",
            "valid_from": "2026-02-01", "reason": "Agreement",
        }  # fmt: skip

        assert post(person(Role.CUSTOMS_HQ, country="TJ"), "crossings/", body).status_code == 403
        assert post(hq, "crossings/", body).status_code == 201
        assert post(hq, "crossings/", {**body, "code": "KZ-UZ-TWO"}).json()["code"] == "entry_taken"
        assert patch(hq, "crossings/KZ-UZ-NEW/", remarks="Bridge").json()["remarks"] == "Bridge"

    def test_clocks_of_a_territory_are_its_members_and_the_laws_the_organizations(
        self, hq: APIClient, secretariat: APIClient
    ) -> None:
        own = {
            "clock": "suspension",
            "article": "Order 9",
            "valid_from": "2026-01-01",
            "days": 20,
            "reason": "Order 9",
        }

        assert post(hq, "clocks/", own).status_code == 403  # of no territory: everybody's
        assert post(hq, "clocks/", {**own, "territory": "EAEU"}).status_code == 201
        assert post(secretariat, "clocks/", own).status_code == 201
        last = (now().date() + timedelta(days=30)).isoformat()
        assert patch(hq, "clocks/suspension/EAEU/2026-01-01/", valid_to=last).json()["valid_to"] == last
        assert ClockRule.objects.get(territory__code="EAEU").days == 20

    def test_a_range_is_cut_by_the_organization(self, world: World, secretariat: APIClient) -> None:
        given = world.associations["CN"].number_ranges.get()

        answer = patch(secretariat, f"number-ranges/{given.first}/", last=given.first + 10)

        given.refresh_from_db()
        assert (answer.status_code, given.last) == (200, given.first + 10)


@pytest.mark.usefixtures("world")
class TestFourEyes:
    def test_a_guarantee_waits_for_a_second_person_of_its_country(
        self, hq: APIClient, second: APIClient, person: Person
    ) -> None:
        proposed = post(hq, "guarantees/", POOL)
        assert (proposed.status_code, proposed.json()["status"]) == (202, "open")
        address = f"approvals/{proposed.json()['id']}/approve/"

        assert post(hq, address, {}).json()["code"] == "own_proposal"
        assert post(person(Role.CUSTOMS_HQ, country="CN"), address, {}).status_code == 404
        assert not Guarantee.objects.filter(reference="KZ-POOL-9").exists()

        done = post(second, address, {"reason": "Seen the contract"})
        assert (done.status_code, done.json()["status"]) == (200, "done")
        assert Guarantee.objects.filter(reference="KZ-POOL-9").exists()
        assert post(second, address, {}).json()["code"] == "approval_over"

    def test_a_ceiling_follows_the_guarantee_the_same_way(self, hq: APIClient, second: APIClient) -> None:
        for address, body in (
            ("guarantees/", POOL),
            (
                "guarantees/KZ-POOL-9/ceilings/",
                {"ceiling": "1000000", "valid_from": "2026-12-01", "reason": "More"},
            ),
        ):
            proposed = post(hq, address, body).json()
            assert post(second, f"approvals/{proposed['id']}/approve/", {}).json()["status"] == "done"

        assert Guarantee.objects.get(reference="KZ-POOL-9").ceilings.count() == 2

    def test_a_maximum_is_refused_with_a_reason_or_approved(self, hq: APIClient, second: APIClient) -> None:
        body = {"amount": "100000", "currency": "EUR", "valid_from": "2026-01-01", "reason": "Agreement"}
        first = post(hq, "associations/085/maxima/", body).json()
        refused = post(second, f"approvals/{first['id']}/refuse/", {"reason": "Wrong year"})
        assert refused.json()["status"] == "refused"

        again = post(hq, "associations/085/maxima/", {**body, "valid_from": "2026-06-01"}).json()
        post(second, f"approvals/{again['id']}/approve/", {})

        rows = LiabilityMaximum.objects.filter(association__code="085").order_by("valid_from")
        assert [str(row.valid_to) for row in rows] == ["2026-06-01", "None"]
        listed = hq.get("/api/v1/approvals/?status=refused").json()["results"]
        assert [each["words"][0]["reason"] for each in listed] == ["Wrong year"]

    def test_a_change_of_a_guarantee_answers_202_and_its_fixed_terms_422(
        self, hq: APIClient, second: APIClient
    ) -> None:
        proposed = post(hq, "guarantees/", POOL).json()
        post(second, f"approvals/{proposed['id']}/approve/", {})
        last = (now().date() + timedelta(days=400)).isoformat()

        assert patch(hq, "guarantees/KZ-POOL-9/", valid_to=last).status_code == 202
        fixed = patch(hq, "guarantees/KZ-POOL-9/", currency="USD", ceiling="1.00")
        assert fixed.status_code == 422
        assert {each["field"] for each in fixed.json()["errors"]} == {"currency", "ceiling"}


@pytest.mark.usefixtures("world")
class TestHowManyMustApprove:
    RULE: ClassVar = {
        "kind": "guarantee", "needed": 2, "valid_from": "2026-01-01", "amount_from": "500000.00", "reason": "Order 9",
    }  # fmt: skip

    @pytest.fixture
    def givers(self, person: Person) -> tuple[APIClient, APIClient, APIClient]:
        return (
            person(Role.SECRETARIAT),
            person(Role.ADMINISTRATOR),
            person(Role.SECRETARIAT, Role.ADMINISTRATOR),
        )

    def approve(self, client: APIClient, proposal: Any) -> Any:
        return post(client, f"approvals/{proposal.json()['id']}/approve/", {"reason": "Seen"})

    def test_is_a_rule_that_another_person_approved(self, givers: tuple[APIClient, ...]) -> None:
        first, second, third = givers
        proposal = post(first, "approval-rules/", self.RULE)
        assert proposal.status_code == 202
        assert post(first, "guarantees/", POOL).json()["needed"] == 1, "not before it is approved"
        assert self.approve(first, proposal).status_code == 403
        assert self.approve(second, proposal).json()["status"] == "done"

        assert [each["needed"] for each in first.get("/api/v1/approval-rules/").json()["results"]] == [2]
        pool = post(first, "guarantees/", {**POOL, "reference": "KZ-POOL-10"})
        assert pool.json()["needed"] == 2
        assert self.approve(second, pool).json()["status"] == "open"
        assert self.approve(third, pool).json()["status"] == "done"
        small = {**POOL, "reference": "KZ-POOL-11", "ceiling": "499999.99"}
        assert post(first, "guarantees/", small).json()["needed"] == 1

    def test_ends_on_a_day_and_stays_what_it_was(self, givers: tuple[APIClient, ...]) -> None:
        first, second, _third = givers
        self.approve(second, post(first, "approval-rules/", self.RULE))
        again = post(first, "approval-rules/", self.RULE)
        assert (again.status_code, again.json()["version"]) == (200, 1)

        lower = post(first, "approval-rules/", {**self.RULE, "needed": 1})
        assert (lower.status_code, lower.json()["code"]) == (422, "entry_fixed")
        today = f"{now().date()}"
        self.approve(second, post(first, "approval-rules/", {**self.RULE, "valid_to": today}))
        assert post(first, "guarantees/", POOL).json()["needed"] == 1

    def test_is_not_for_one_country_to_say(self, hq: APIClient, givers: tuple[APIClient, ...]) -> None:
        assert post(hq, "approval-rules/", self.RULE).status_code == 403
        assert hq.get("/api/v1/approval-rules/").status_code == 200
        unknown = post(givers[0], "approval-rules/", {**self.RULE, "kind": "office", "needed": 0})
        assert {each["field"] for each in unknown.json()["errors"]} == {"kind", "needed"}
