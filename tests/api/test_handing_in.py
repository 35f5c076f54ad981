"""What a broken phone left unsent: a colleague hands its file in, and answers for it."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from carnets.numbering import format_number
from checkpoints.models import CustomsOffice, Posting, Scan, Stamp, StampOrigin
from tests.api.calls import API, ago, fields, ok, problem, refused_fields, stamp_body
from tests.api.conftest import Client, Enrol, Issue, OfficerAt
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now


@pytest.fixture
def colleague(world: World) -> User:
    """An officer of the office whose phone broke, who came on the day before yesterday."""
    user = User.objects.create_user("colleague", roles=[Role.OFFICER], country="CN")
    office = CustomsOffice.objects.get(code="CNURC001")
    Posting.objects.create(user=user, office=office, valid_from=ago(days=2).date())
    return user


def unsent(*stamps: dict[str, Any], **head: Any) -> dict[str, Any]:
    """Return the file of a broken phone."""
    exported = {"format": "tir-unsent-1", "officer": "colleague", "exported_at": now().isoformat()}
    return exported | {"stamps": list(stamps)} | head


def hand_in(client: APIClient, file: dict[str, Any]) -> Any:
    return client.post(f"{API}/stamps/import/", file)


def offline(carnet: Carnet, page: int = 1, **said: Any) -> dict[str, Any]:
    return stamp_body(carnet.number, page, offline=True, **said)


class TestImport:
    def test_records_what_a_colleague_certified(
        self, colleague: User, issue: Issue, officer: APIClient, enrol: Enrol
    ) -> None:
        device, _client = enrol()
        made_at = ago(hours=3).isoformat()
        stamp = offline(issue(), occurred_at=made_at)

        (result,) = ok(hand_in(officer, unsent(stamp, device=device["id"])))["results"]

        assert result["outcome"] == "recorded"
        row = Stamp.objects.select_related("officer", "origin").get()
        assert row.occurred_at.isoformat() == made_at
        assert row.officer.get_username() == "officer-cnurc001"
        assert row.origin.certified_by == colleague
        assert str(row.origin.device_id) == device["id"]

    def test_may_be_sent_again(self, colleague: User, issue: Issue, officer: APIClient) -> None:
        file = unsent(offline(issue()))
        first = ok(hand_in(officer, file))["results"]

        again = ok(hand_in(officer, file))["results"]

        assert [result["outcome"] for result in (*first, *again)] == ["recorded", "duplicate"]
        assert first[0]["receipt"] == again[0]["receipt"]

    def test_knows_what_the_phone_had_sent_after_all(
        self, colleague: User, issue: Issue, officer: APIClient, client_of: Client
    ) -> None:
        stamp = offline(issue(), time_limit="2099-01-01")
        ok(client_of(colleague).post(f"{API}/stamps/", stamp), 201)

        (result,) = ok(hand_in(officer, unsent(stamp)))["results"]

        assert result["outcome"] == "duplicate"
        assert Stamp.objects.get().officer == colleague

    def test_judges_each_on_its_own_merits(self, colleague: User, issue: Issue, officer: APIClient) -> None:
        good, unreadable = offline(issue()), {**offline(issue()), "page": "one"}
        before = offline(issue(), occurred_at=ago(days=5).isoformat())
        unknown = {**offline(issue()), "carnet": format_number(99_009_001)}
        forged = {**offline(issue()), "qr": "TIR1:NOT A CODE"}

        results = ok(hand_in(officer, unsent(unreadable, before, forged, unknown, good)))["results"]

        codes = [result.get("problem", {}).get("code", result["outcome"]) for result in results]
        assert codes == ["body_invalid", "made_elsewhere", "token_malformed", "carnet_unknown", "recorded"]
        assert [result["id"] for result in results] == [
            stamp["id"] for stamp in (unreadable, before, forged, unknown, good)
        ]

    @pytest.mark.parametrize("name", ["officer-kzhor001", "nobody at all", "association-cn"])
    def test_takes_no_officer_who_never_served_here(
        self, world: World, issue: Issue, officer: APIClient, name: str
    ) -> None:
        found = problem(hand_in(officer, unsent(offline(issue()), officer=name)), 422, "officer_unknown")

        assert fields(found) == {"officer": "officer_unknown"}
        assert not Stamp.objects.exists()

    def test_takes_it_only_at_the_office_where_it_was_made(
        self, colleague: User, issue: Issue, officer_at: OfficerAt
    ) -> None:
        items = unsent(offline(issue()))

        problem(hand_in(officer_at("CNHRS001"), items), 422, "officer_unknown")
        assert ok(hand_in(officer_at("CNURC001"), items))["results"][0]["outcome"] == "recorded"

    def test_takes_it_from_one_who_came_to_the_office_later(
        self, world: World, issue: Issue, client_of: Client
    ) -> None:
        new = User.objects.create_user("new", roles=[Role.OFFICER], country="CN")
        office = CustomsOffice.objects.get(code="CNURC001")
        Posting.objects.create(user=new, office=office, valid_from=now().date())
        stamp = offline(issue(), occurred_at=ago(days=4).isoformat())

        (result,) = ok(hand_in(client_of(new), unsent(stamp, officer="officer-cnurc001")))["results"]

        assert result["outcome"] == "recorded"
        assert Stamp.objects.get().office.code == "CNURC001"

    def test_takes_a_file_of_a_device_nobody_knows(
        self, colleague: User, issue: Issue, officer: APIClient
    ) -> None:
        ok(hand_in(officer, unsent(offline(issue()), device=str(uuid4()))))

        assert StampOrigin.objects.get().device is None

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"format": "tir-unsent-2"}, "format"),
            ({"officer": ""}, "officer"),
            ({"exported_at": "today"}, "exported_at"),
            ({"stamps": []}, "stamps"),
            ({"stamps": "none"}, "stamps"),
            ({"more": 1}, "more"),
        ],
    )
    def test_reads_nothing_but_such_a_file(
        self, colleague: User, issue: Issue, officer: APIClient, changes: dict[str, Any], field: str
    ) -> None:
        assert list(refused_fields(hand_in(officer, unsent(offline(issue()), **changes)))) == [field]

    def test_keeps_a_refused_stamp_as_a_scan(self, colleague: User, issue: Issue, officer: APIClient) -> None:
        wrong = offline(issue(), page=15)

        (result,) = ok(hand_in(officer, unsent(wrong)))["results"]

        assert result["problem"]["code"] == "page_range"
        assert "page_range" in Scan.objects.get().codes
