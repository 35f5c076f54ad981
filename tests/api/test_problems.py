"""What every refusal has in common, whoever refuses: a document, a code that the page of problems explains, facts."""

import re
from time import monotonic
from typing import Any

import pytest
from rest_framework.test import APIClient

from api.refusal_catalogue import catalogue_entries
from carnets.models import Carnet
from tests.api.calls import problem, refused_fields
from tests.api.conftest import OfficerAt

STAMPS = "/api/v1/stamps/"
# Each is what a device with a fault, or a curious stranger, has sent to some server some day.
UNREADABLE = {
    "nothing": b"",
    "not JSON": b"a=b",
    "a list": b"[]",
    "a bare text": b'"x"',
    "bytes that are not UTF-8": b'{"id": "\xff\xfe"}',
    "another encoding": "{}".encode("utf-16"),
    "half a character": b'{"carnet": "\\ud800"}',
    "NUL": b'{"carnet": "A\\u0000B"}',
    "a number of five thousand digits": b'{"page": ' + b"9" * 5_000 + b"}",
    "a number beyond every float": b'{"page": 1e400}',
    "not a number": b'{"page": NaN}',
    "a hundred thousand lists within each other": b"[" * 100_000,
    "a hundred thousand objects within each other": b'{"a":' * 100_000,
    "one field twice": b'{"id": 1, "id": 2}',
}


class TestUnreadableBodies:
    @pytest.mark.parametrize("address", [STAMPS, f"{STAMPS}batch/", f"{STAMPS}import/", "/api/v1/scans/"])
    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
    def test_are_answered_with_the_fields_at_fault(
        self, officer: APIClient, address: str, body: bytes
    ) -> None:
        answer = officer.generic("POST", address, body, content_type="application/json")

        assert refused_fields(answer)

    @pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
    def test_that_do_not_call_themselves_json_are_told_so(self, officer: APIClient, media_type: str) -> None:
        problem(
            officer.generic("POST", STAMPS, b"{}", content_type=media_type), 415, "unsupported_media_type"
        )

    def test_of_many_faults_name_fifty_and_how_many_there_are(self, officer: APIClient) -> None:
        body = {f"unknown_{index}": 1 for index in range(59)}

        found = problem(officer.post(STAMPS, body), 400, "body_invalid")

        assert len(found["errors"]) == 50
        assert found["error_count"] == 59 + 2  # id and occurred_at are missing
        assert "error_count" not in problem(officer.post(STAMPS, {"x": 1}), 400, "body_invalid")

    @pytest.mark.parametrize(
        "body",
        [
            {f"k{index}": 1 for index in range(340_000)},
            {"seals": {f"k{index}": 1 for index in range(340_000)}},
            {"stamps": [{f"k{index}": 1 for index in range(100)} for _ in range(3_500)]},
        ],
        ids=["above", "within", "in a list"],
    )
    def test_of_a_great_many_are_answered_shortly(self, officer: APIClient, body: dict[str, Any]) -> None:
        """700,000 unknown names were once answered with 68 MB."""
        began = monotonic()
        answers = [officer.post(f"{STAMPS}{rest}", body) for rest in ("", "batch/")]

        assert [answer.status_code for answer in answers] == [400, 400]
        assert max(len(answer.content) for answer in answers) < 20_000
        assert monotonic() - began < 10

    def test_repeat_no_long_name(self, officer: APIClient) -> None:
        answer = officer.post(STAMPS, {"x" * 100_000: 1})

        assert refused_fields(answer)["x" * 200] == "unknown_field"


class TestSentences:
    def test_say_that_a_blank_field_is_to_be_filled_in(self, association: APIClient, carnet: Carnet) -> None:
        answer = association.post(f"/api/v1/carnets/{carnet.number}/invalidate/", {"reason": " "})

        assert refused_fields(answer) == {"reason": "too_short"}
        assert answer.json()["errors"][0]["detail"] == "Fill this in: it cannot be blank."

    def test_name_no_pattern_where_words_can_say_it(self, association: APIClient) -> None:
        answer = association.post("/api/v1/carnets/", {"vehicles": [{"country": "kz"}]})

        said = {item["field"]: item["detail"] for item in answer.json()["errors"]}
        assert "two capital letters" in said["vehicles.0.country"]

    def test_name_the_status_a_carnet_has_and_those_it_would_need(
        self, association: APIClient, carnet: Carnet
    ) -> None:
        address = f"/api/v1/carnets/{carnet.number}/invalidate/"
        association.post(address, {"reason": "Holder withdrew."})

        refused = problem(association.post(address, {"reason": "Again."}), 409, "transition_not_allowed")

        assert (refused["current_status"], refused["possible_from"]) == ("invalidated", ["issued"])
        assert "invalidated" in refused["detail"]


class TestAddresses:
    @pytest.mark.parametrize("reference", ["No such", "CN%2F1", "%D0%A2%D0%B8%D0%A0", "%00", "a" * 400])
    def test_of_guarantees_take_any_reference(self, association: APIClient, reference: str) -> None:
        answer = association.get(f"/api/v1/guarantees/{reference}/")

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    def test_without_their_slash_send_readers_on_and_tell_writers(self, officer: APIClient) -> None:
        assert officer.get("/api/v1/stamps")["Location"] == STAMPS
        problem(officer.post("/api/v1/stamps", {}), 404, "no_such_address")


class TestThePageOfProblems:
    def test_is_where_the_type_of_a_problem_points(self, guest: APIClient, officer_at: OfficerAt) -> None:
        refused = officer_at("CNURC001").post(STAMPS, {})
        page, _hash, anchor = refused.json()["type"].partition("#")

        answer = guest.get(page, HTTP_ACCEPT="text/html")

        assert answer.status_code == 200
        assert f'<dt id="{anchor}">' in answer.content.decode()

    def test_has_each_code_once(self, guest: APIClient) -> None:
        anchors = re.findall(r'<dt id="(\w+)">', guest.get("/api/v1/problems/").content.decode())

        assert len(anchors) == len(set(anchors))
        assert {"voucher_already_stamped", "stamp_id_reused", "page_range", "csrf_failed"} <= set(anchors)

    def test_says_what_each_code_means(self) -> None:
        assert [entry.code for entry in catalogue_entries() if not entry.meaning] == []


class TestCaching:
    def test_is_forbidden_for_what_only_the_caller_may_see(self, officer: APIClient) -> None:
        assert officer.get(STAMPS)["Cache-Control"] == "private, no-store"
        assert officer.get("/api/v1/carnets/XX99000006/")["Cache-Control"] == "private, no-store"

    def test_is_welcome_for_the_keys(self, guest: APIClient) -> None:
        assert guest.get("/.well-known/jwks.json")["Cache-Control"] == "public, max-age=3600"
