"""Clocks that are wrong: ahead is refused, behind is warned of, late is flagged, and what a device measured is kept."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from checkpoints.models import Stamp, StampOrigin
from tests.api.calls import API, ago, incident_body, ok, problem, refusal_body, refused_fields, stamp_body
from tests.api.conftest import Issue
from tir.kernel.clock import now

STAMPS, BATCH = f"{API}/stamps/", f"{API}/stamps/batch/"


def at(**ahead: float) -> str:
    return (now() + timedelta(**ahead)).isoformat()


def warned(receipt: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in receipt["warnings"]]


def batched(client: APIClient, body: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = ok(client.post(BATCH, {"stamps": [body]}))["results"][0]
    return result


class TestOnline:
    @pytest.mark.parametrize("minutes", [11, 60, 3 * 24 * 60])
    def test_ahead_is_refused_and_says_what_to_do(
        self, officer: APIClient, issue: Issue, minutes: int
    ) -> None:
        body = stamp_body(issue().number, 1, occurred_at=at(minutes=minutes))

        told = problem(officer.post(STAMPS, body), 422, "occurred_in_future")

        assert "Set the clock" in told["detail"]
        assert told["now"] < told["occurred_at"]
        assert not Stamp.objects.exists()
        assert warned(ok(officer.post(STAMPS, {**body, "occurred_at": at(minutes=9)}), 201)) == []

    @pytest.mark.parametrize("minutes", [11, 180])
    def test_behind_is_recorded_with_a_warning(self, officer: APIClient, issue: Issue, minutes: int) -> None:
        right = stamp_body(issue().number, 1, occurred_at=at(minutes=-9))
        behind = stamp_body(issue().number, 1, occurred_at=at(minutes=-minutes))

        assert warned(ok(officer.post(STAMPS, right), 201)) == []
        receipt = ok(officer.post(STAMPS, behind), 201)
        assert warned(receipt) == ["clock_wrong"]
        assert "Set the clock" in receipt["warnings"][0]["detail"]

    @pytest.mark.parametrize("address", ["refusals", "incidents"])
    def test_ahead_is_refused_of_refusals_and_reports_too(
        self, officer: APIClient, issue: Issue, address: str
    ) -> None:
        number = issue().number
        ok(officer.post(STAMPS, stamp_body(number, 1)), 201)
        body = incident_body(number) if address == "incidents" else refusal_body(issue().number, 1)

        told = problem(
            officer.post(f"{API}/{address}/", {**body, "occurred_at": at(minutes=11)}),
            422,
            "occurred_in_future",
        )

        assert "Set the clock" in told["detail"]
        ok(officer.post(f"{API}/{address}/", {**body, "occurred_at": at(minutes=9)}), 201)


class TestFromOffline:
    def test_ahead_is_evidence_and_flagged(self, officer: APIClient, issue: Issue) -> None:
        made = at(hours=3)

        result = batched(officer, stamp_body(issue().number, 1, occurred_at=made, offline=True))

        assert result["outcome"] == "recorded"
        assert "occurred_in_future" in warned(result["receipt"])
        assert Stamp.objects.get().occurred_at.isoformat() == made

    def test_late_is_flagged_with_both_times(self, officer: APIClient, issue: Issue) -> None:
        made = ago(days=5)
        device = ok(officer.post(f"{API}/devices/", {"name": "Phone"}), 201)
        phone = APIClient()
        phone.credentials(HTTP_AUTHORIZATION=f"Token {device['token']}")

        fresh = batched(phone, stamp_body(issue().number, 1, occurred_at=at(hours=-5), offline=True))
        late = batched(phone, stamp_body(issue().number, 1, occurred_at=made.isoformat(), offline=True))

        assert warned(fresh["receipt"]) == []
        (warning,) = late["receipt"]["warnings"]
        recorded = Stamp.objects.get(pk=late["id"]).recorded_at
        assert warning["code"] == "recorded_late"
        for time in (made, recorded):
            assert f"{time:%Y-%m-%d %H:%M}" in warning["detail"]


class TestTheOffset:
    def test_is_kept_beside_the_stamp_and_shown(self, officer: APIClient, issue: Issue) -> None:
        measured, unknown = stamp_body(issue().number, 1, clock_offset=-90_500), stamp_body(issue().number, 1)

        for body in (measured, unknown):
            ok(officer.post(STAMPS, body), 201)

        assert list(StampOrigin.objects.values_list("clock_offset", "device")) == [(-90_500, None)]
        assert ok(officer.get(f"{STAMPS}{measured['id']}/"))["clock_offset"] == -90_500
        assert ok(officer.get(f"{STAMPS}{unknown['id']}/"))["clock_offset"] is None

    def test_is_kept_of_each_stamp_of_a_batch(self, officer: APIClient, issue: Issue) -> None:
        bodies = [
            stamp_body(issue().number, 1, offline=True, clock_offset=offset) for offset in (0, 3_600_000)
        ]

        ok(officer.post(BATCH, {"stamps": bodies}))

        kept = {
            str(stamp): offset for stamp, offset in StampOrigin.objects.values_list("stamp", "clock_offset")
        }
        assert kept == {body["id"]: body["clock_offset"] for body in bodies}

    def test_measured_anew_makes_no_other_stamp(self, officer: APIClient, issue: Issue) -> None:
        body = stamp_body(issue().number, 1, offline=True, clock_offset=500)

        first, again = batched(officer, body), batched(officer, {**body, "clock_offset": 900})

        assert [first["outcome"], again["outcome"]] == ["recorded", "duplicate"]
        assert StampOrigin.objects.get().clock_offset == 500

    @pytest.mark.parametrize(
        ("said", "code"), [(1.5, "not_a_number"), ("5", "not_a_number"), (10**14, "too_large")]
    )
    def test_is_whole_milliseconds(self, officer: APIClient, issue: Issue, said: object, code: str) -> None:
        body = stamp_body(issue().number, 1, clock_offset=said)

        assert refused_fields(officer.post(STAMPS, body)) == {"clock_offset": code}
        ok(officer.post(STAMPS, {**body, "clock_offset": 1}), 201)
