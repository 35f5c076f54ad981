"""Refusals and reports that a colleague hands in: on record once, under both names, each on its own merits."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carnets import tokens
from carnets.numbering import format_number
from checkpoints.evidence.receipts import is_signed
from checkpoints.evidence.statements import covered
from checkpoints.models import CustomsOffice, Incident, Posting, Refusal, Stamp
from tests.api.calls import (
    API,
    ago,
    fields,
    incident_body,
    ok,
    problem,
    refusal_body,
    refused_fields,
    stamp_body,
)
from tests.api.conftest import Client, Issue, OfficerAt
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now

UNSENT, FIRST_NAME = f"{API}/unsent/", f"{API}/stamps/import/"


@pytest.fixture
def colleague(world: World) -> User:
    """An officer of the office whose phone broke, who came on the day before yesterday."""
    user = User.objects.create_user("colleague", roles=[Role.OFFICER], country="CN")
    office = CustomsOffice.objects.get(code="CNURC001")
    Posting.objects.create(user=user, office=office, valid_from=ago(days=2).date())
    return user


def file_of(**lists: Any) -> dict[str, Any]:
    """Return the file of refusals and reports that a phone saved."""
    head = {"format": "tir-unsent-reports-1", "officer": "colleague", "exported_at": now().isoformat()}
    return head | lists


def outcomes(answer: Any) -> list[str]:
    return [
        result["outcome"] if "problem" not in result else result["problem"]["code"]
        for result in ok(answer)["results"]
    ]


@pytest.mark.usefixtures("colleague")
class TestHandIn:
    def test_names_who_made_it_and_who_handed_it_in(self, issue: Issue, officer: APIClient) -> None:
        made_at = ago(hours=3).isoformat()
        refusal = refusal_body(issue().number, 1, occurred_at=made_at)
        report = incident_body(issue().number, occurred_at=made_at)

        results = ok(officer.post(UNSENT, file_of(refusals=[refusal], incidents=[report])))["results"]

        assert [(each["kind"], each["id"], each["outcome"]) for each in results] == [
            ("refusal", refusal["id"], "recorded"),
            ("incident", report["id"], "recorded"),
        ]
        for row in (Refusal.objects.get(), Incident.objects.get()):
            assert row.officer.get_username() == "officer-cnurc001"
            assert row.certified_by.get_username() == "colleague"
            assert (row.office.code, row.occurred_at.isoformat()) == ("CNURC001", made_at)
        read = ok(officer.get(f"{API}/refusals/{refusal['id']}/"))
        assert (read["officer"], read["certified_by"]) == ("officer-cnurc001", "colleague")

    def test_says_no_other_name_of_what_an_officer_sent(self, issue: Issue, officer: APIClient) -> None:
        sent = ok(officer.post(f"{API}/refusals/", refusal_body(issue().number, 1)), 201)

        assert (sent["officer"], sent["certified_by"]) == ("officer-cnurc001", None)

    def test_may_be_sent_again(self, issue: Issue, officer: APIClient) -> None:
        number = issue().number
        file = file_of(refusals=[refusal_body(number, 1)], incidents=[incident_body(number)])
        first = ok(officer.post(UNSENT, file))["results"]

        again = ok(officer.post(UNSENT, file))["results"]

        assert [each["outcome"] for each in (*first, *again)] == ["recorded"] * 2 + ["duplicate"] * 2
        assert [each["receipt"] for each in first] == [each["receipt"] for each in again]
        assert (Refusal.objects.count(), Incident.objects.count()) == (1, 1)

    def test_knows_what_the_phone_had_sent_after_all(
        self, colleague: User, issue: Issue, officer: APIClient, client_of: Client
    ) -> None:
        report = incident_body(issue().number)
        ok(client_of(colleague).post(f"{API}/incidents/", report), 201)

        assert outcomes(officer.post(UNSENT, file_of(incidents=[report]))) == ["duplicate"]
        assert Incident.objects.get().officer == colleague
        assert Incident.objects.get().certified_by is None

    def test_counts_one_id_once_in_one_file(self, issue: Issue, officer: APIClient) -> None:
        refusal = refusal_body(issue().number, 1)

        assert outcomes(officer.post(UNSENT, file_of(refusals=[refusal, refusal]))) == [
            "recorded",
            "duplicate",
        ]

    def test_judges_each_on_its_own_merits_and_answers_in_order(
        self, issue: Issue, officer: APIClient
    ) -> None:
        number = issue().number
        unreadable = {**refusal_body(number, 1), "reason": "bad weather"}
        before = refusal_body(number, 1, occurred_at=ago(days=5).isoformat())
        even, good = refusal_body(number, 2), refusal_body(number, 1)
        unknown = incident_body(format_number(99_009_001))
        other = {**incident_body(number), "id": good["id"]}
        timeless = incident_body(number)
        del timeless["occurred_at"]
        file = file_of(refusals=[unreadable, before, even, good], incidents=[unknown, timeless, other])

        answer = officer.post(UNSENT, file)

        assert outcomes(answer) == [
            "body_invalid", "made_elsewhere", "page_parity", "recorded", "carnet_unknown", "body_invalid", "recorded",
        ]  # fmt: skip
        sent = [*file["refusals"], *file["incidents"]]
        assert [each["id"] for each in ok(answer)["results"]] == [each["id"] for each in sent]

    def test_keeps_another_statement_of_the_same_id_out(self, issue: Issue, officer: APIClient) -> None:
        refusal = refusal_body(issue().number, 1)
        ok(officer.post(UNSENT, file_of(refusals=[refusal])))

        [result] = ok(officer.post(UNSENT, file_of(refusals=[{**refusal, "text": "Changed."}])))["results"]

        assert (result["outcome"], result["problem"]["code"]) == ("conflict", "incident_id_reused")
        assert Refusal.objects.get().text == refusal["text"]

    def test_records_a_refusal_before_the_stamp_that_followed(self, issue: Issue, officer: APIClient) -> None:
        number = issue().number
        stamp = stamp_body(number, 1, offline=True)

        answer = officer.post(UNSENT, file_of(stamps=[stamp], refusals=[refusal_body(number, 1)]))

        assert outcomes(answer) == ["recorded", "recorded"]
        assert [each["kind"] for each in ok(answer)["results"]] == ["refusal", "stamp"]
        assert (Stamp.objects.count(), Refusal.objects.count()) == (1, 1)

    @pytest.mark.parametrize("address", [UNSENT, FIRST_NAME])
    def test_takes_it_only_at_the_office_where_it_was_made(
        self, issue: Issue, officer_at: OfficerAt, address: str
    ) -> None:
        file = file_of(refusals=[refusal_body(issue().number, 1)])

        found = problem(officer_at("CNHRS001").post(address, file), 422, "officer_unknown")
        assert fields(found) == {"officer": "officer_unknown"}
        assert not Refusal.objects.exists()
        assert outcomes(officer_at("CNURC001").post(address, file)) == ["recorded"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"refusals": []}, "stamps"),
            ({"refusals": "none"}, "refusals"),
            ({"format": "tir-unsent-reports-2"}, "format"),
            ({"notes": []}, "notes"),
        ],
    )
    def test_reads_nothing_but_such_a_file(
        self, issue: Issue, officer: APIClient, changes: dict[str, Any], field: str
    ) -> None:
        file = file_of(refusals=[refusal_body(issue().number, 1)])

        assert list(refused_fields(officer.post(UNSENT, {**file, **changes}))) == [field]
        assert outcomes(officer.post(UNSENT, file)) == ["recorded"]

    def test_sets_apart_what_our_own_code_fails_on(
        self, issue: Issue, officer: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good, bad = incident_body(issue().number), incident_body(issue().number)
        write = Incident.save

        def save(row: Incident, **options: Any) -> None:
            if str(row.pk) == bad["id"]:
                raise RuntimeError("a fault of ours")
            write(row, **options)

        monkeypatch.setattr(Incident, "save", save)

        assert outcomes(officer.post(UNSENT, file_of(incidents=[bad, good]))) == [
            "recording_failed",
            "recorded",
        ]


class TestReceipt:
    def test_is_signed_and_the_same_for_ever(self, issue: Issue, officer: APIClient) -> None:
        number = issue().number
        refusal, report = refusal_body(number, 1), incident_body(number)

        sent = ok(officer.post(f"{API}/refusals/", refusal), 201)
        told = ok(officer.post(f"{API}/incidents/", report), 201)

        assert sent["signed"].startswith(
            f"TIR receipt of a refusal 1\n{refusal['id']}\n{number} 1 CNURC001\n"
        )
        assert told["signed"].startswith(f"TIR receipt of a report 1\n{report['id']}\n{number} - CNURC001\n")
        for row in (Refusal.objects.get(), Incident.objects.get()):
            assert is_signed(covered(row), tokens.verification_keys())
        assert ok(officer.post(f"{API}/refusals/", refusal)) == sent
        assert ok(officer.get(f"{API}/incidents/{report['id']}/")) == told

    def test_covers_what_is_said_and_who_said_it(self, issue: Issue, officer: APIClient) -> None:
        refusal = refusal_body(issue().number, 1)
        hashes = {
            ok(officer.post(f"{API}/refusals/", {**refusal, "id": str(uuid4()), **said}), 201)["hash"]
            for said in ({}, {"text": "No seals at all!"}, {"reason": "other"})
        }

        assert len(hashes) == 3
