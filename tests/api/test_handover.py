"""The shift handover on paper, for whoever serves at the office and for its headquarters."""

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, ok, problem, refused_fields, stamp_body, text_of
from tests.api.conftest import Issue, OfficerAt, Person
from tests.world import World
from tir.accounts.models import Role
from tir.kernel.clock import now

HANDOVER = f"{API}/post/handover.pdf"


@pytest.fixture
def busy(world: World, issue: Issue, officer: APIClient) -> Carnet:
    """A carnet scanned, stamped and reported at the office of departure, and a stamp refused there."""
    carnet = issue()
    ok(officer.post(f"{API}/scans/", {"number": carnet.number}))
    ok(officer.post(f"{API}/stamps/", stamp_body(carnet.number, 1)), 201)
    officer.post(f"{API}/stamps/", stamp_body(carnet.number, 3))
    world.report(carnet, "CNURC001", now())
    world.refuse(issue(), 1, now())
    return carnet


class TestHandover:
    def test_says_what_happened_and_what_waits(self, busy: Carnet, officer: APIClient) -> None:
        device = ok(officer.post(f"{API}/devices/", {"name": "Phone 3", "lane": "2"}), 201)
        ok(officer.post(f"{API}/devices/{device['id']}/heartbeat/", {"unsent": 4}))

        answer = officer.get(HANDOVER)

        assert answer["Content-Type"] == "application/pdf"
        assert "handover-CNURC001-" in answer["Content-Disposition"]
        text = text_of(answer)
        for said in (
            "Shift handover",
            "CNURC001",
            busy.number,
            "Phone 3",
            "not_planned",
            "No seals at all.",
        ):
            assert said in text
        assert "Seals cut at night" in text

    def test_covers_the_period_asked_for(self, busy: Carnet, officer: APIClient) -> None:
        before = officer.get(HANDOVER, {"from": ago(hours=9).isoformat(), "to": ago(hours=1).isoformat()})

        assert busy.number not in text_of(before)
        assert "No stamp came on record." in text_of(before)

    @pytest.mark.parametrize(
        ("period", "field", "code"),
        [
            ({"from": "this morning"}, "from", "not_a_time"),
            ({"to": "2026-01-01"}, "to", "not_a_time"),
            ({"from": "2026-01-05T00:00:00Z", "to": "2026-01-04T00:00:00Z"}, "from", "out_of_period"),
            ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-05T00:00:00Z"}, "from", "out_of_period"),
        ],
    )
    def test_takes_three_days_at_most(
        self, officer: APIClient, period: dict[str, str], field: str, code: str
    ) -> None:
        assert refused_fields(officer.get(HANDOVER, period)) == {field: code}

    def test_is_of_an_officers_own_office(self, officer: APIClient) -> None:
        problem(officer.get(HANDOVER, {"office": "KZHOR001"}), 404, "not_found")
        assert officer.get(HANDOVER, {"office": "cnurc001"}).status_code == 200

    def test_is_of_any_office_of_the_headquarters_country(self, busy: Carnet, person: Person) -> None:
        hq = person(Role.CUSTOMS_HQ, country="CN")

        assert busy.number in text_of(hq.get(HANDOVER, {"office": "CNURC001"}))
        problem(hq.get(HANDOVER, {"office": "KZHOR001"}), 404, "not_found")
        problem(hq.get(HANDOVER), 404, "not_found")

    @pytest.mark.parametrize("language", ["ru", "zh-hans"])
    def test_speaks_the_readers_language(self, busy: Carnet, officer_at: OfficerAt, language: str) -> None:
        answer = officer_at("CNURC001").get(HANDOVER, headers={"Accept-Language": language})

        assert "Shift handover" not in text_of(answer)
