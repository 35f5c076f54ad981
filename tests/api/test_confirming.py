"""Confirm a guarantee over HTTP: one call, and both sides see it."""

from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ok, problem
from tests.api.conftest import Issue, OfficerAt, Person
from tests.world import World
from tir.accounts.models import Role

CONFIRM = f"{API}/guarantees/confirm/"
QUERIES = f"{API}/guarantees/queries/"
ENQUIRIES = f"{API}/guarantees/enquiries/"


class TestConfirm:
    def test_says_good_with_the_sum_guaranteed_there(self, carnet: Carnet, officer_at: OfficerAt) -> None:
        found = ok(officer_at("KZHOR001").post(CONFIRM, {"carnet": carnet.number, "page": 3}))

        assert (found["answer"], found["reasons"]) == ("good", [])
        assert (found["amount"], found["currency"], found["guarantor"], found["office"]) == (
            "60000.00", "EUR", "085", "KZHOR001",
        )  # fmt: skip

    def test_says_why_not(self, carnet: Carnet, hq: APIClient, association: APIClient) -> None:
        ok(association.post(f"{API}/carnets/{carnet.number}/invalidate/", {"reason": "Unused."}))

        found = ok(hq.post(CONFIRM, {"carnet": carnet.number}))

        assert found["answer"] == "not_good"
        assert [reason["code"] for reason in found["reasons"]] == [
            "not_in_circulation",
            "guarantee_not_reserved",
        ]
        assert found["amount"] is found["guarantee"] is None

    def test_refuses_a_mistyped_number(self, officer: APIClient) -> None:
        found = problem(officer.post(CONFIRM, {"carnet": "XZ99000002"}), 400, "bad_number")

        assert found["errors"][0]["field"] == "carnet"


class TestEnquiries:
    def test_are_seen_by_both_sides_and_nobody_else(
        self, carnet: Carnet, hq: APIClient, association: APIClient, guarantor: APIClient, person: Person
    ) -> None:
        asked = ok(hq.post(CONFIRM, {"carnet": carnet.number}))

        for one in (hq, association, person(Role.SECRETARIAT)):
            assert [row["id"] for row in ok(one.get(ENQUIRIES))["results"]] == [asked["id"]]
        for other in (guarantor, person(Role.CUSTOMS_HQ, country="UZ")):
            assert ok(other.get(ENQUIRIES))["results"] == []

    def test_are_found_under_their_new_name_and_under_their_first(
        self, carnet: Carnet, hq: APIClient, association: APIClient
    ) -> None:
        asked = ok(hq.post(CONFIRM, {"carnet": carnet.number}))

        assert ok(hq.get(QUERIES))["results"] == ok(hq.get(ENQUIRIES))["results"] != []
        word = {"answer": "good", "text": "We have the file here."}
        for list_of in (QUERIES, ENQUIRIES):
            ok(association.post(f"{list_of}{asked['id']}/confirm/", word), 201)
        assert len(ok(hq.get(QUERIES))["results"][0]["confirmations"]) == 2

    def test_are_confirmed_by_hand(self, carnet: Carnet, hq: APIClient, association: APIClient) -> None:
        asked = ok(hq.post(CONFIRM, {"carnet": carnet.number}))
        address = f"{ENQUIRIES}{asked['id']}/confirm/"
        assert len(ok(association.get(f"{ENQUIRIES}?by_hand=no"))["results"]) == 1

        made = ok(association.post(address, {"answer": "good", "text": "We have the file here."}), 201)

        assert made["confirmations"][0]["text"] == "We have the file here."
        assert ok(hq.get(ENQUIRIES))["results"][0]["confirmations"][0]["answer"] == "good"
        assert ok(association.get(f"{ENQUIRIES}?by_hand=no"))["results"] == []

    def test_are_confirmed_by_the_issuer_alone(
        self, carnet: Carnet, hq: APIClient, guarantor: APIClient, association: APIClient
    ) -> None:
        asked = ok(hq.post(CONFIRM, {"carnet": carnet.number}))
        address, word = f"{ENQUIRIES}{asked['id']}/confirm/", {"answer": "good", "text": "Yes."}

        problem(guarantor.post(address, word), 404, "not_found")
        ok(association.post(address, word), 201)

    def test_are_filtered_by_answer(
        self, world: World, issue: Issue, hq: APIClient, association: APIClient
    ) -> None:
        ok(hq.post(CONFIRM, {"carnet": issue().number}))
        gone = issue().number
        ok(association.post(f"{API}/carnets/{gone}/invalidate/", {"reason": "Unused."}))
        ok(hq.post(CONFIRM, {"carnet": gone}))

        found = ok(association.get(f"{ENQUIRIES}?answer=not_good"))["results"]

        assert [row["carnet"] for row in found] == [gone]
