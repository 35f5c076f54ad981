"""A batch of stamps of which one is bad: it is told apart by its place, and every other one goes on record."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from checkpoints.models import Stamp
from checkpoints.recording import stamping
from tests.api.calls import API, ago, ok, problem, refused_fields, stamp_body
from tests.api.conftest import Issue

BATCH, FILE = f"{API}/stamps/batch/", f"{API}/stamps/import/"
HALF = "\ud800"
# What a phone with a fault has made of a stamp, and which field of it the answer names.
WITHOUT_ID = {
    "no id": ({"id": ...}, "id"),
    "an id that is no UUID": ({"id": "7"}, "id"),
    "a number as id": ({"id": 7}, "id"),
    "a list as id": ({"id": []}, "id"),
    "half a character as id": ({"id": HALF}, "id"),
    "not an object": (None, ""),
    "a text": ("stamp", ""),
    "a list": ([], ""),
}
WITH_ID = {
    "half a character": ({"reservation": f"short{HALF}"}, "reservation"),
    "half a character in a list": ({"seals": {"found": ["A-1", HALF]}}, "seals.found.1"),
    "half a character as a name": ({f"a{HALF}": 1}, ""),
    "five thousand digits": ({"packages": int("9" * 4_000)}, "packages"),
    "a field nobody knows": ({"seal": "A-1"}, "seal"),
    "a hundred fields": ({f"k{index}": 1 for index in range(100)}, ""),
    "no page": ({"page": "one"}, "page"),
    "a list three hundred deep": ({"reason": json.loads("[" * 300 + "]" * 300)}, ""),
}


def spoilt(good: dict[str, Any], change: Any) -> Any:
    if not isinstance(change, dict):
        return change
    return {name: value for name, value in (good | change).items() if value is not ...}


def sent(client: APIClient, *stamps: Any, address: str = BATCH) -> list[dict[str, Any]]:
    """Send stamps as a phone writes them, half characters and all, and return a result each."""
    body: dict[str, Any] = {"stamps": list(stamps)}
    if address == FILE:
        body |= {"format": "tir-unsent-1", "officer": "officer-cnurc001", "exported_at": ago().isoformat()}
    return results(client.generic("POST", address, json.dumps(body), content_type="application/json"))


def results(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(answer)["results"]
    return found


@pytest.mark.parametrize("address", [BATCH, FILE])
class TestOneUnreadable:
    @pytest.mark.parametrize(("change", "field"), WITHOUT_ID.values(), ids=WITHOUT_ID.keys())
    def test_has_no_id_and_is_told_by_its_place(
        self, officer: APIClient, issue: Issue, address: str, change: Any, field: str
    ) -> None:
        first, good, last = (stamp_body(issue().number, 1) for _each in range(3))

        found = sent(officer, first, spoilt(good, change), last, address=address)

        assert [result["id"] for result in found] == [first["id"], None, last["id"]]
        assert [result["outcome"] for result in found] == ["recorded", "rejected", "recorded"]
        assert found[1]["problem"]["errors"][0]["field"] == field
        assert sent(officer, good, address=address)[0]["outcome"] == "recorded"

    @pytest.mark.parametrize(("change", "field"), WITH_ID.values(), ids=WITH_ID.keys())
    def test_is_rejected_under_its_id(
        self, officer: APIClient, issue: Issue, address: str, change: Any, field: str
    ) -> None:
        bad, good = stamp_body(issue().number, 1), stamp_body(issue().number, 1)

        found = sent(officer, spoilt(bad, change), good, address=address)

        assert [result["id"] for result in found] == [bad["id"], good["id"]]
        assert [result["outcome"] for result in found] == ["rejected", "recorded"]
        assert found[0]["problem"]["errors"][0]["field"] == field

    def test_may_hold_bytes_that_are_no_text(self, officer: APIClient, issue: Issue, address: str) -> None:
        bad, good = stamp_body(issue().number, 1, reservation="?"), stamp_body(issue().number, 1)
        head = {"format": "tir-unsent-1", "officer": "officer-cnurc001", "exported_at": ago().isoformat()}
        text = json.dumps({"stamps": [bad, good], **(head if address == FILE else {})})

        spoilt_body = text.encode().replace(b"?", b"\xff\xfe")
        found = results(officer.generic("POST", address, spoilt_body, content_type="application/json"))

        assert [result["outcome"] for result in found] == ["rejected", "recorded"]

    def test_alone_is_answered_like_any_other(self, officer: APIClient, address: str) -> None:
        assert [(one["id"], one["outcome"]) for one in sent(officer, None, {}, address=address)] == [
            (None, "rejected"),
            (None, "rejected"),
        ]


class TestTheEnvelope:
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"stamps": []}, "stamps"),
            ({"stamps": [None] * 501}, "stamps"),
            ({"stamps": {"0": {}}}, "stamps"),
            ({"stamps": [None], "more": HALF}, ""),
            ({"stamps": [None], "more": 1}, "more"),
            ({}, "stamps"),
        ],
    )
    def test_that_cannot_be_read_is_refused_whole(
        self, officer: APIClient, issue: Issue, body: dict[str, Any], field: str
    ) -> None:
        answer = officer.generic("POST", BATCH, json.dumps(body), content_type="application/json")

        assert list(refused_fields(answer)) == [field]
        assert sent(officer, stamp_body(issue().number, 1))[0]["outcome"] == "recorded"


class TestAFaultOfOurOwn:
    @pytest.fixture
    def fails_on(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        """Numbers of carnets on which our own code fails after some of it was written."""
        numbers: set[str] = set()
        tell = stamping.deviations.tell_of_deviation

        def fail(docket: Any, row: Any, **how: Any) -> None:
            if docket.carnet.number in numbers:
                raise ZeroDivisionError(docket.carnet.number)
            tell(docket, row, **how)

        monkeypatch.setattr(stamping.deviations, "tell_of_deviation", fail)
        return numbers

    @pytest.mark.parametrize("address", [BATCH, FILE])
    def test_neither_undoes_nor_blocks_the_others(
        self,
        officer: APIClient,
        issue: Issue,
        fails_on: set[str],
        address: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        stamps = [stamp_body(issue().number, 1) for _each in range(7)]
        fails_on.add(stamps[4]["carnet"])

        found = sent(officer, *stamps, address=address)

        assert [result["id"] for result in found] == [stamp["id"] for stamp in stamps]
        assert [result["outcome"] for result in found] == [*["recorded"] * 4, "rejected", *["recorded"] * 2]
        told = found[4]["problem"]
        assert (told["code"], told["status"]) == ("recording_failed", 500)
        assert told["reference"] in told["detail"]
        assert told["reference"] in caplog.text
        assert "ZeroDivisionError" in caplog.text
        assert Stamp.objects.count() == 6

    def test_once_mended_takes_the_same_stamp(
        self, officer: APIClient, issue: Issue, fails_on: set[str]
    ) -> None:
        stamps = [stamp_body(issue().number, 1) for _each in range(3)]
        fails_on.add(stamps[1]["carnet"])
        first = sent(officer, *stamps)
        fails_on.clear()

        again = sent(officer, *stamps)

        assert [one["outcome"] for one in first] == ["recorded", "rejected", "recorded"]
        assert [one["outcome"] for one in again] == ["duplicate", "recorded", "duplicate"]
        assert [one["receipt"] for one in again[::2]] == [one["receipt"] for one in first[::2]]

    def test_is_told_to_one_stamp_sent_alone_as_ever(
        self, officer: APIClient, issue: Issue, fails_on: set[str]
    ) -> None:
        body = stamp_body(issue().number, 1)
        fails_on.add(body["carnet"])
        officer.raise_request_exception = False

        problem(officer.post(f"{API}/stamps/", body), 500, "server_fault")
        assert not Stamp.objects.exists()
        fails_on.clear()
        ok(officer.post(f"{API}/stamps/", body), 201)
        assert [str(each.pk) for each in Stamp.objects.all()] == [body["id"]]

    def test_of_every_stamp_rejects_each(self, officer: APIClient, issue: Issue, fails_on: set[str]) -> None:
        stamps = [stamp_body(issue().number, 1) for _each in range(3)]
        fails_on.update(stamp["carnet"] for stamp in stamps)

        found = sent(officer, *stamps)

        assert {one["problem"]["code"] for one in found} == {"recording_failed"}
        assert len({one["problem"]["reference"] for one in found}) == 3
        assert not Stamp.objects.exists()


class TestOrder:
    def test_is_that_of_the_request_whatever_becomes_of_each(self, officer: APIClient, issue: Issue) -> None:
        one, two = stamp_body(issue().number, 1), stamp_body(issue().number, 1)
        rival = stamp_body(one["carnet"], 1, offline=True)
        unknown = stamp_body(one["carnet"], 15)

        found = sent(officer, {}, one, one, unknown, rival, 7, two)

        assert [(each["id"], each["outcome"]) for each in found] == [
            (None, "rejected"),
            (one["id"], "recorded"),
            (one["id"], "duplicate"),
            (unknown["id"], "rejected"),
            (rival["id"], "conflict"),
            (None, "rejected"),
            (two["id"], "recorded"),
        ]
