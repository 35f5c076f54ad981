"""Holders and carnet numbers over HTTP: who decides what about whom, and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import API, issue_body, ok, problem, refused_fields, today
from tests.api.conftest import Issue, Person
from tests.world import World
from tir.accounts.models import Role

HOLDER = f"{API}/holders/CHN-071-1001"
WHY = {"reason": "Because."}


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
    def test_bar_the_country_until_lifted(self, hq: APIClient, association: APIClient) -> None:
        made = ok(hq.post(f"{HOLDER}/exclusions/", WHY), 201)
        assert (made["country"], made["notice"]["answer"]) == ("KZ", "open")
        problem(association.post(f"{API}/carnets/", issue_body()), 422, "holder_excluded")
        problem(hq.post(f"{HOLDER}/exclusions/", WHY), 409, "holder_already_excluded")

        ok(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY))

        ok(association.post(f"{API}/carnets/", issue_body()), 201)
        problem(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 409, "exclusion_over")

    def test_tell_the_association_at_once_and_whether_in_time(
        self, hq: APIClient, association: APIClient
    ) -> None:
        decided = str(today() - timedelta(days=8))
        ok(hq.post(f"{HOLDER}/exclusions/", {**WHY, "decided_on": decided}), 201)

        (found,) = ok(association.get(f"{HOLDER}/"))["exclusions"]

        assert found["notice"] == {
            "latest": str(today() - timedelta(days=1)),
            "answer": "lapsed",
            "article": "art. 38(2)",
        }

    def test_are_lifted_by_their_own_country(self, hq: APIClient, person: Person) -> None:
        made = ok(hq.post(f"{HOLDER}/exclusions/", WHY), 201)

        other = person(Role.CUSTOMS_HQ, country="UZ")

        problem(other.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY), 403, "forbidden")
        problem(hq.post(f"{HOLDER}/exclusions/999999/lift/", WHY), 404, "not_found")
        ok(hq.post(f"{HOLDER}/exclusions/{made['id']}/lift/", WHY))


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
