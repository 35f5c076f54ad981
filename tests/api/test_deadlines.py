"""Deadlines as JSON and as a calendar, and the notices about them: each caller its own."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from guarantees.notices import Message, NoticeKind, tell
from tests.api.calls import API, ago, ok, problem, refused_fields, today
from tests.api.conftest import Issue, Person
from tests.world import World, reconcile
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.places import day_at

DAY = timedelta(days=1)


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    carnet = issue(days=82)
    world.travel(carnet, upto=3, since=ago(days=81))
    reconcile(now())
    return carnet


def year() -> dict[str, str]:
    return {"from": str(today()), "to": str(today() + 365 * DAY)}


class TestDeadlines:
    def test_are_the_callers_own(
        self, guarantor: APIClient, association: APIClient, hq: APIClient, person: Person, carnet: Carnet
    ) -> None:
        roles = {}
        for name, client in (("guarantor", guarantor), ("issuer", association), ("customs", hq)):
            found = ok(client.get(f"{API}/deadlines/", year()))
            roles[name] = {row["role"] for row in found["results"] if row["code"] == "notification"}

        assert roles == {name: {name} for name in roles}
        uzbek = person(Role.CUSTOMS_HQ, country="UZ")
        assert ok(uzbek.get(f"{API}/deadlines/", year()))["results"] == []

    def test_say_what_by_when_and_what_if_not(self, guarantor: APIClient, carnet: Carnet) -> None:
        found = ok(guarantor.get(f"{API}/deadlines/", year()))
        row = next(row for row in found["results"] if row["code"] == "notification")

        assert row["on"] == row["latest"] > str(today())
        assert (row["answer"], row["article"]) == ("open", "art. 11(1)")
        assert row["missed"] == "The association is no longer liable for this operation, but on fraud."
        assert (row["carnet"], row["page"], row["claim"]) == (carnet.number, 3, None)
        assert found["complete"] is True

    def test_are_of_thirty_days_when_nobody_says(self, guarantor: APIClient, carnet: Carnet) -> None:
        found = ok(guarantor.get(f"{API}/deadlines/"))

        there = day_at(now(), "Asia/Almaty")
        assert (found["first"], found["last"]) == (str(there), str(there + 30 * DAY))

    @pytest.mark.parametrize(
        ("asked", "fault"),
        [
            ({"from": "tomorrow"}, {"from": "not_a_time"}),
            ({"from": "2026-02-30"}, {"from": "not_a_date"}),
            ({"from": "2026-03-02", "to": "2026-03-01"}, {"to": "out_of_range"}),
            ({"from": "2026-03-02", "to": "2030-03-01"}, {"to": "out_of_range"}),
        ],
    )
    def test_need_days_in_order(
        self, guarantor: APIClient, asked: dict[str, str], fault: dict[str, str]
    ) -> None:
        assert refused_fields(guarantor.get(f"{API}/deadlines/", asked)) == fault


class TestCalendar:
    def test_holds_what_the_list_holds(self, guarantor: APIClient, carnet: Carnet) -> None:
        listed = ok(guarantor.get(f"{API}/deadlines/", year()))["results"]

        answer = guarantor.get(f"{API}/deadlines/calendar.ics", year())

        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        text = answer.content.decode()
        assert text.count("BEGIN:VEVENT") == len(listed) > 0
        for row in listed:
            assert f"DTSTART;VALUE=DATE:{row['on'].replace('-', '')}" in text


class TestNotices:
    @pytest.fixture
    def notice(self, world: World) -> dict[str, Any]:
        facts = {"holder": "CHN/071/1001", "country": "UZ", "valid_from": "2026-03-02", "reason": "offence"}
        tell([Message(NoticeKind.EXCLUSION, "exclusion:1", facts=facts)], [world.staff["CN"]], at=now())
        return facts

    def test_are_read_by_who_they_are_for(
        self, association: APIClient, guarantor: APIClient, notice: dict[str, Any]
    ) -> None:
        row = ok(association.get(f"{API}/notices/", {"unread": "true"}))["results"][0]
        assert row["text"] == "Holder CHN/071/1001 is excluded from TIR in UZ from 2026-03-02: offence"
        assert ok(guarantor.get(f"{API}/notices/"))["results"] == []
        problem(guarantor.post(f"{API}/notices/{row['id']}/read/"), 404, "not_found")

        read = ok(association.post(f"{API}/notices/{row['id']}/read/"))

        assert read["read_at"]
        assert ok(association.get(f"{API}/notices/", {"unread": "true"}))["results"] == []
        assert ok(association.post(f"{API}/notices/{row['id']}/read/"))["read_at"] == read["read_at"]
        assert User.objects.get(username="association-cn").notices.count() == 1
