"""Annex 10 over HTTP: terminations by the minute, daily files, and requests answered at one tap."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.annex10 import daily, safetir
from tests.api.calls import API, ago, ok, problem, stamp_body
from tests.api.conftest import Issue, OfficerAt, Person
from tests.world import SEALS, World
from tir.accounts.models import Role
from tir.kernel.clock import now


@pytest.fixture
def arrived(world: World, issue: Issue) -> Carnet:
    """A carnet terminated at its destination five days ago; page 6 was never stamped."""
    carnet = issue()
    world.travel(carnet, since=ago(days=9), but={6: None})
    return carnet


def terminations(client: APIClient, query: str = "") -> list[dict[str, Any]]:
    return ok(client.get(f"{API}/terminations/{query}"))["results"]  # type: ignore[no-any-return]


def bring_back(client: APIClient, carnet: Carnet, *counterfoils: dict[str, Any]) -> list[int]:
    body = {"counterfoils": list(counterfoils)}
    return ok(client.post(f"{API}/carnets/{carnet.number}/return/", body), 201)["requests"]  # type: ignore[no-any-return]


class TestTerminations:
    def test_are_there_the_minute_they_are_stamped(
        self, arrived: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        officer, first = officer_at("TJDYU001"), arrived.stamps.get(page=8)
        cancelling = stamp_body(arrived.number, 8, cancels=str(first.pk), reason="Miscounted.")
        ok(officer.post(f"{API}/stamps/", cancelling), 201)
        again = stamp_body(arrived.number, 8, packages=400, reservation="20 short")
        ok(officer.post(f"{API}/stamps/", again), 201)

        rows = terminations(association)

        assert [(row["update"], row["stands"], row["record"]["CWR"]) for row in rows] == [
            ("N", True, "R"),
            ("C", False, "OK"),
            ("N", False, "OK"),
        ]
        new, cancelled, sent = (row["record"] for row in rows)
        assert safetir.termination_key(cancelled) == safetir.termination_key(sent)
        assert (new["COM"], new["PIC"], new["ICC"], new["COF"]) == ("20 short", "400", "TJK", "TJDYU001")

    def test_are_of_the_issuer_and_of_the_customs_that_certified(
        self, arrived: Carnet, association: APIClient, guarantor: APIClient, person: Person, hq: APIClient
    ) -> None:
        assert len(terminations(association)) == 1
        assert len(terminations(person(Role.SECRETARIAT))) == 1
        assert len(terminations(person(Role.CUSTOMS_HQ, country="TJ"))) == 1
        assert terminations(guarantor) == []
        assert terminations(hq) == []

    @pytest.mark.parametrize(
        ("query", "pages"),
        [
            ("", [8]),
            ("?exits=yes", [8, 4, 2]),
            ("?carnet=xz99000001", [8]),
            ("?carnet=AX99000007", []),
            ("?from={yesterday}", []),
            ("?to={yesterday}", [8]),
            ("?country=tj", [8]),
        ],
    )
    def test_are_filtered(
        self, arrived: Carnet, association: APIClient, query: str, pages: list[int]
    ) -> None:
        rows = terminations(association, query.format(yesterday=ago(days=1).date()))

        assert [row["page"] for row in rows] == pages

    @pytest.mark.parametrize("query", ["?from=yesterday", "?to=2026-13-01", "?exits=maybe"])
    def test_refuse_a_filter_nobody_can_mean(self, association: APIClient, query: str) -> None:
        problem(association.get(f"{API}/terminations/{query}"), 400, "body_invalid")

    @pytest.mark.parametrize(
        "fetch",
        [
            lambda client: client.get(f"{API}/terminations.csv"),
            lambda client: client.get(f"{API}/terminations/", headers={"accept": "text/csv"}),
        ],
        ids=["path", "accept"],
    )
    def test_come_as_csv(
        self, arrived: Carnet, association: APIClient, fetch: Callable[[APIClient], Any]
    ) -> None:
        answer = fetch(association)

        head, *lines = b"".join(answer.streaming_content).decode().split("\r\n")
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert head.startswith("UPG,TNO,ICC,COF,CNL,DCL,PFD,CWR,VPN")
        assert [line.split(",")[1] for line in lines if line] == [arrived.number]

    def test_keep_a_formula_a_text(self, world: World, issue: Issue, association: APIClient) -> None:
        carnet = issue()
        world.travel(carnet, since=ago(days=9), but={8: {"reservation": "=1+1"}})

        answer = association.get(f"{API}/terminations.csv")

        assert ",'=1+1," in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    def test_cost_the_same_number_of_statements_for_any_number(
        self, world: World, issue: Issue, association: APIClient, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(3):
            world.travel(issue(), since=ago(days=9))

        with django_assert_max_num_queries(11):
            assert len(terminations(association)) == 3


class TestSafetirDay:
    def test_is_a_file_of_what_the_caller_may_see(
        self, arrived: Carnet, association: APIClient, guarantor: APIClient
    ) -> None:
        day = arrived.stamps.get(page=8).recorded_at.date()
        daily.make_files(upto=day, at=now())

        found = ok(association.get(f"{API}/safetir/{day}/"))
        text = association.get(f"{API}/safetir/{day}/", headers={"accept": "text/csv"}).content.decode()

        assert found["TCN"] == 1
        assert safetir.records_in(text) == found["records"]
        assert ok(guarantor.get(f"{API}/safetir/{day}/"))["TCN"] == 0

    def test_is_absent_before_it_is_made(self, association: APIClient) -> None:
        problem(association.get(f"{API}/safetir/2026-01-01/"), 404, "not_found")
        assert association.get(f"{API}/safetir/2026-02-30/").status_code == 404


class TestRequests:
    def test_open_with_the_return_and_reach_the_office(
        self, arrived: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 8, "packages": 400})

        (found,) = ok(officer_at("TJDYU001").get(f"{API}/reconciliation-requests/?status=open"))["results"]

        assert (found["id"], found["fields"], found["reminder"]) == (request_id, ["packages"], 0)
        assert (found["counterfoil"]["packages"], found["recorded"]["packages"]) == (400, 420)
        assert ok(officer_at("TJDUS001").get(f"{API}/reconciliation-requests/"))["results"] == []

    def test_are_confirmed_at_one_tap(
        self, arrived: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 8, "packages": 400})
        officer = officer_at("TJDYU001")

        answered = ok(
            officer.post(f"{API}/reconciliation-requests/{request_id}/answer/", {"answer": "confirmed"})
        )

        assert (answered["status"], answered["events"][-1]["office"]) == ("confirmed", "TJDYU001")
        again = officer.post(f"{API}/reconciliation-requests/{request_id}/answer/", {"answer": "not_found"})
        assert problem(again, 409, "request_answered")["status"] == 409

    def test_are_corrected_by_the_office_and_end_in_the_ledger(
        self, arrived: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 8, "packages": 400})

        answered = ok(
            officer_at("TJDYU001").post(
                f"{API}/reconciliation-requests/{request_id}/answer/",
                {"answer": "corrected", "packages": 400, "reservation": "20 short", "remark": "Recounted."},
            )
        )

        assert answered["status"] == "corrected"
        assert len(answered["events"][-1]["stamps"]) == 2
        assert [row["update"] for row in terminations(association)] == ["N", "C", "N"]

    def test_are_forwarded_not_corrected_by_headquarters(
        self, arrived: Carnet, association: APIClient, person: Person, officer_at: OfficerAt
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 6, "packages": 420})
        address, hq = f"{API}/reconciliation-requests/{request_id}", person(Role.CUSTOMS_HQ, country="UZ")
        problem(hq.post(f"{address}/answer/", {"answer": "corrected", "packages": 1}), 403, "only_the_office")
        problem(hq.post(f"{address}/forward/", {"office": "UZXXX001"}), 422, "office_unknown")
        problem(hq.post(f"{address}/forward/", {"office": "TJDYU001"}), 422, "office_in_other_country")

        assert ok(hq.post(f"{address}/forward/", {"office": "UZGIS001"}))["office"] == "UZGIS001"

        data = {"answer": "corrected", "occurred_at": ago(days=6).isoformat(), "packages": 420}
        data |= {"seals_intact": True, "seals_found": list(SEALS)}
        assert ok(officer_at("UZGIS001").post(f"{address}/answer/", data))["status"] == "corrected"
        assert arrived.operations.get(sequence=3).termination_office == "UZGIS001"

    def test_say_what_is_missing_for_an_answer(
        self, arrived: Carnet, association: APIClient, officer_at: OfficerAt
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 6})
        address, officer = f"{API}/reconciliation-requests/{request_id}/answer/", officer_at("UZSYA001")

        problem(officer.post(address, {"answer": "confirmed"}), 422, "nothing_to_confirm")
        problem(officer.post(address, {"answer": "corrected", "packages": 420}), 422, "correction_incomplete")
        problem(officer.post(address, {"answer": "perhaps"}), 400, "body_invalid")

    def test_are_no_business_of_others(
        self, arrived: Carnet, association: APIClient, guarantor: APIClient, hq: APIClient
    ) -> None:
        (request_id,) = bring_back(association, arrived, {"page": 8, "packages": 400})

        for other in (guarantor, hq):
            problem(other.get(f"{API}/reconciliation-requests/{request_id}/"), 404, "not_found")

    def test_are_shown_without_a_statement_each(
        self, world: World, issue: Issue, association: APIClient, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(3):
            carnet = issue()
            world.travel(carnet, since=ago(days=9))
            bring_back(association, carnet, {"page": 8, "packages": 1})

        with django_assert_max_num_queries(11):
            assert len(ok(association.get(f"{API}/reconciliation-requests/"))["results"]) == 3
