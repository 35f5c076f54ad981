"""Holders and carnet numbers over HTTP: who decides what about whom, and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from guarantees.models import Holder
from tests.api.calls import API, issue_body, ok, problem, refused_fields, today
from tests.api.conftest import Issue, Person
from tests.world import World
from tir.accounts.models import Role

HOLDER = f"{API}/holders/CHN-071-1001"
WHY = {"reason": "Because."}


@pytest.fixture
def second(person: Person) -> APIClient:
    """Another person of Kazakhstan's headquarters."""
    return person(Role.CUSTOMS_HQ, Role.AUDITOR, country="KZ")


def agreed(client: APIClient, proposed: dict[str, Any], status: str = "done") -> None:
    """Say yes to a proposal, which then stands so."""
    assert ok(client.post(f"{API}/approvals/{proposed['id']}/approve/", {}))["status"] == status


def excluded(hq: APIClient, second: APIClient, **said: str) -> Any:
    """Exclude the holder from Kazakhstan, two people together; return the exclusion."""
    agreed(second, ok(hq.post(f"{HOLDER}/exclusions/", {**WHY, **said}), 202))
    return ok(hq.get(f"{HOLDER}/"))["exclusions"][-1]


class TestAuthorising:
    def body(self, **changes: Any) -> dict[str, Any]:
        return {"number": "77", "name": "Tian Shan Cargo", "address": "Urumqi", "quota": 5, **changes}

    def test_enters_a_holder_of_the_own_association(self, association: APIClient) -> None:
        made = association.post(f"{API}/holders/", self.body())

        found = ok(association.get(made.headers["Location"]))
        assert (found["id"], found["status"], found["quota"]["allowed"]) == ("CHN/071/77", "authorised", 5)
        assert [event["verb"] for event in found["events"]] == ["authorise"]

    def test_happens_once_a_number(self, association: APIClient) -> None:
        ok(association.post(f"{API}/holders/", self.body(number="1002")), 201)

        for number in ("1001", "1002"):
            problem(association.post(f"{API}/holders/", self.body(number=number)), 409, "holder_exists")

    @pytest.mark.parametrize("number", ["", "12a", "12345678901", "٣"])
    def test_takes_a_number_in_digits(self, association: APIClient, number: str) -> None:
        assert "number" in refused_fields(association.post(f"{API}/holders/", self.body(number=number)))


class TestSteps:
    def test_stop_and_allow_carnets(self, association: APIClient) -> None:
        assert ok(association.post(f"{HOLDER}/suspend/", WHY))["status"] == "suspended"
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_not_authorised")

        ok(association.post(f"{HOLDER}/resume/", WHY))

        ok(association.post(f"{API}/carnets/", issue_body()), 201)

    def test_are_refused_from_the_wrong_status(self, association: APIClient) -> None:
        found = problem(association.post(f"{HOLDER}/resume/", WHY), 409, "holder_step_not_allowed")

        assert found["possible_from"] == ["suspended"]

    @pytest.mark.parametrize(("verb", "status"), [("withdraw", "withdrawn"), ("end", "ended")])
    def test_by_home_customs_stand_too(self, person: Person, verb: str, status: str) -> None:
        home = person(Role.CUSTOMS_HQ, country="CN")

        assert ok(home.post(f"{HOLDER}/{verb}/", WHY))["status"] == status

    def test_are_not_for_strangers(self, guarantor: APIClient, hq: APIClient, association: APIClient) -> None:
        problem(guarantor.post(f"{HOLDER}/suspend/", WHY), 404, "not_found")
        problem(hq.post(f"{HOLDER}/suspend/", WHY), 403, "forbidden")
        ok(association.post(f"{HOLDER}/suspend/", WHY))

    def test_need_a_reason(self, association: APIClient) -> None:
        assert refused_fields(association.post(f"{HOLDER}/suspend/", {})) == {"reason": "required"}


class TestExclusions:
    def test_bar_the_country_until_lifted(
        self, hq: APIClient, second: APIClient, association: APIClient
    ) -> None:
        made = excluded(hq, second)
        assert (made["country"], made["notice"]["answer"]) == ("KZ", "open")
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")
        problem(hq.post(f"{HOLDER}/exclusions/", WHY), 409, "holder_already_excluded")

        lifting = ok(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 202)
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")
        agreed(second, lifting)

        ok(association.post(f"{API}/carnets/", issue_body()), 201)
        problem(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 409, "exclusion_over")

    def test_are_no_one_persons_and_no_other_offices(
        self, hq: APIClient, second: APIClient, person: Person, association: APIClient
    ) -> None:
        proposed = ok(hq.post(f"{HOLDER}/exclusions/", {"reason": "False wall.\nTwice."}), 202)
        assert (proposed["kind"], proposed["status"]) == ("holder_exclusion", "open")
        assert (proposed["reason"], proposed["content"]["reason"]) == (
            "False wall. Twice.", "False wall.\nTwice."
        )  # fmt: skip
        approve = f"{API}/approvals/{proposed['id']}/approve/"

        problem(hq.post(approve, {}), 403, "own_proposal")
        problem(person(Role.SECRETARIAT).post(approve, {}), 403, "forbidden")
        both = person(Role.CUSTOMS_HQ, Role.SECRETARIAT, country="UZ")
        problem(both.post(approve, {}), 403, "forbidden")
        problem(both.post(f"{API}/approvals/{proposed['id']}/refuse/", WHY), 403, "forbidden")
        problem(person(Role.CUSTOMS_HQ, country="UZ").post(approve, {}), 404, "not_found")
        ok(association.post(f"{API}/carnets/", issue_body()), 201)

        agreed(second, proposed)

        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")

    def test_are_not_while_they_are_refused_or_void(
        self, hq: APIClient, second: APIClient, association: APIClient
    ) -> None:
        first = ok(hq.post(f"{HOLDER}/exclusions/", WHY), 202)
        assert ok(hq.post(f"{HOLDER}/exclusions/", WHY), 202)["id"] == first["id"]
        ok(second.post(f"{API}/approvals/{first['id']}/refuse/", WHY))
        overtaken = ok(hq.post(f"{HOLDER}/exclusions/", {**WHY, "valid_from": str(today())}), 202)
        holder = Holder.objects.get(reference="CHN/071/1001")
        holder.exclusions.create(country="KZ", valid_from="2020-01-01", valid_to="2020-02-01", reason="Old.")

        problem(second.post(f"{API}/approvals/{overtaken['id']}/approve/", {}), 409, "approval_over")
        ok(association.post(f"{API}/carnets/", issue_body()), 201)

        excluded(hq, second)
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")

    def test_wait_for_as_many_as_a_rule_says(
        self, hq: APIClient, second: APIClient, person: Person, association: APIClient
    ) -> None:
        rule = {"kind": "holder_exclusion", "needed": 2, "valid_from": "2026-01-01", "reason": "Order 3"}
        organization = person(Role.SECRETARIAT)
        wrong = organization.post(f"{API}/approval-rules/", {**rule, "currency": "EUR"})
        assert problem(wrong, 422, "entry_invalid")["errors"][0]["field"] == "amount_from"
        asked = ok(organization.post(f"{API}/approval-rules/", rule), 202)
        ok(person(Role.ADMINISTRATOR).post(f"{API}/approvals/{asked['id']}/approve/", {}))
        proposed = ok(hq.post(f"{HOLDER}/exclusions/", WHY), 202)

        agreed(second, proposed, "open")
        ok(association.post(f"{API}/carnets/", issue_body()), 201)
        agreed(person(Role.CUSTOMS_HQ, Role.OFFICER, country="KZ"), proposed)

        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")

    def test_tell_the_association_at_once_and_whether_in_time(
        self, hq: APIClient, second: APIClient, association: APIClient
    ) -> None:
        decided = str(today() - timedelta(days=8))
        excluded(hq, second, decided_on=decided)

        (found,) = ok(association.get(f"{HOLDER}/"))["exclusions"]

        assert found["notice"] == {
            "latest": str(today() - timedelta(days=1)),
            "answer": "lapsed",
            "article": "art. 38(2)",
        }

    def test_are_lifted_by_their_own_country(self, hq: APIClient, second: APIClient, person: Person) -> None:
        made = excluded(hq, second)

        other = person(Role.CUSTOMS_HQ, country="UZ")

        problem(other.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 403, "forbidden")
        problem(hq.post(f"{HOLDER}/exclusions/999999/lift/", WHY), 404, "not_found")
        agreed(second, ok(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 202))


class TestQuota:
    def test_is_set_and_counted(self, association: APIClient, issue: Issue) -> None:
        issue()

        found = ok(association.post(f"{HOLDER}/quota/", {"quota": 1, **WHY}))

        assert found["quota"] == {
            "quota": 1,
            "allowed": 1,
            "outstanding": 1,
            "open_notifications": 0,
            "used_up": True,
        }
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_quota_used_up")
        assert ok(association.post(f"{HOLDER}/quota/", {"quota": None, **WHY}))["quota"]["allowed"] is None

    def test_and_history_are_for_those_who_manage(
        self, hq: APIClient, association: APIClient, person: Person
    ) -> None:
        ok(association.post(f"{HOLDER}/quota/", {"quota": 3, **WHY}))

        assert ok(hq.get(f"{HOLDER}/"))["quota"] is ok(hq.get(f"{HOLDER}/"))["events"] is None
        assert ok(person(Role.SECRETARIAT).get(f"{HOLDER}/"))["events"][0]["quota"] == 3


class TestNumberRanges:
    def test_are_given_by_the_secretariat_and_seen_by_their_association(
        self, person: Person, association: APIClient, guarantor: APIClient, world: World
    ) -> None:
        body = {"association": "085", "first": 99_100_001, "last": 99_100_100}
        secretariat = person(Role.SECRETARIAT)

        made = ok(secretariat.post(f"{API}/number-ranges/", body), 201)

        assert (made["given"], made["left"], made["low"]) == (100, 100, True)
        assert ok(guarantor.get(f"{API}/number-ranges/"))["results"] == [made]
        (own,) = ok(association.get(f"{API}/number-ranges/"))["results"]
        assert (own["association"], own["low"]) == ("071", False)
        problem(secretariat.post(f"{API}/number-ranges/", body), 409, "number_range_taken")
        problem(secretariat.post(f"{API}/number-ranges/", {**body, "association": "999"}), 404, "not_found")
        problem(secretariat.post(f"{API}/number-ranges/", {**body, "first": 1}), 422, "number_range_invalid")
