"""What a phone holds: the bundle of its office, and the carnets due there, enough to judge by and small on the wire."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.v1.post.presenting import present_held
from carnets import issuing
from carnets.models import Carnet
from carnets.tokens import public_jwks, verification_keys
from checkpoints.evidence.dockets import open_docket
from checkpoints.models import Posting
from checkpoints.posts.territories import territories
from checkpoints.simulation.seeding import seed
from tests.api.calls import API, ago, ok, problem, refused_fields
from tests.api.conftest import Client, Issue, OfficerAt
from tests.judging.making import frame
from tests.judging.parts import File
from tests.world import LONG_AGO, World
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.places import day_at

BUNDLE, DUE = f"{API}/post/bundle/", f"{API}/post/carnets/?expected"
TO_TASHKENT = (("KZALA001", "KZQZQ001"), ("UZYAL001", "UZTAS001"))


def withdraw(carnet: Carnet, verb: str = "stolen") -> None:
    """Take a carnet out of circulation, as its association does."""
    if verb == "invalidated":
        issuing.invalidate(number=carnet.number, reason="wrong goods", by=carnet.issued_by, at=now())
    else:
        issuing.report_lost(
            number=carnet.number,
            reason="not found",
            is_stolen=verb == "stolen",
            by=carnet.issued_by,
            at=now(),
        )


def listed(client: APIClient, **query: Any) -> list[tuple[str, str]]:
    entries = ok(client.get(BUNDLE, query))["stop_list"]["entries"]
    return [(entry["number"], entry["control"]) for entry in entries]


class TestBundle:
    def test_says_where_and_for_whom_a_phone_judges(self, officer_at: OfficerAt) -> None:
        bundle = ok(officer_at("KZHOR001").get(BUNDLE))

        assert bundle["office"] | {"name": ""} == {
            "code": "KZHOR001", "country": "KZ", "territory": "EAEU", "name": "", "roles": ["entry", "exit"],
            "time_zone": "Asia/Almaty",
        }  # fmt: skip
        assert bundle["officer"] == {"username": "officer-kzhor001"}
        assert bundle["keys"] == public_jwks(verification_keys())
        assert {territory["suspension_days"] for territory in bundle["territories"]} == {30}
        assert (bundle["has_guarantor"], bundle["excluding"]) == (True, ["KZ"])
        offices = {office["code"]: office for office in bundle["offices"]}
        assert [face["office"] for face in offices["KZHOR001"]["faces"]] == ["CNHRS001"]
        assert [territory["code"] for territory in bundle["territories"]] == ["CN", "EAEU", "TJ", "UZ"]
        assert {tuple(sorted(name)) for item in bundle["reasons"]["refusal"] for name in [item["name"]]} == {
            ("en", "ru", "zh")
        }

    def test_is_what_the_judged_cases_are_judged_with(self, officer: APIClient) -> None:
        bundle, file = ok(officer.get(BUNDLE)), frame() | {"cases": []}
        parts = ("keys", "offices", "territories", "exclusions")

        for office in bundle["offices"]:
            assert set(office) == set(file["offices"][0])
        for territory in bundle["territories"]:
            assert set(territory) == set(file["territories"][0])
        stop_list = {name: bundle["stop_list"][name] for name in ("as_of", "entries")}
        File.model_validate(file | {name: bundle[name] for name in parts} | {"stop_list": stop_list})

    def test_lists_what_is_out_of_circulation_on_routes_through_here(
        self, world: World, issue: Issue, officer_at: OfficerAt
    ) -> None:
        elsewhere, stolen_elsewhere, here = issue(), issue(), issue(route=TO_TASHKENT, days=9)
        away = issue(route=TO_TASHKENT, days=9)
        withdraw(elsewhere, "invalidated")
        withdraw(stolen_elsewhere)
        withdraw(here, "invalidated")
        withdraw(away, "lost")
        issue()

        assert sorted(listed(officer_at("KZHOR001"))) == sorted(
            [(elsewhere.number, "invalidated"), (stolen_elsewhere.number, "stolen"),
             (here.number, "invalidated"), (away.number, "lost")]
        )  # fmt: skip
        assert sorted(listed(officer_at("CNURC001"))) == sorted(
            [(elsewhere.number, "invalidated"), (stolen_elsewhere.number, "stolen"), (away.number, "lost")]
        )

    @pytest.mark.parametrize(
        ("control", "is_listed"), [("invalidated", False), ("lost", True), ("stolen", True)]
    )
    def test_lists_off_the_route_only_what_may_turn_up_anywhere(
        self, control: str, is_listed: bool, issue: Issue, officer_at: OfficerAt
    ) -> None:
        """From Almaty to Tashkent: an office of China is not on the way."""
        carnet = issue(route=TO_TASHKENT, days=9)
        withdraw(carnet, control)

        assert listed(officer_at("KZALA001")) == [(carnet.number, control)]
        assert listed(officer_at("CNURC001")) == ([(carnet.number, control)] if is_listed else [])

    def test_gives_what_was_withdrawn_since(self, issue: Issue, officer: APIClient) -> None:
        first, second = issue(), issue()
        withdraw(first)
        held = ok(officer.get(BUNDLE))["stop_list"]
        withdraw(second)

        assert held["complete"]
        assert listed(officer, since=held["as_of"]) == [(second.number, "stolen")]
        assert not ok(officer.get(BUNDLE, {"since": held["as_of"]}))["stop_list"]["complete"]

    @pytest.mark.parametrize("since", ["yesterday", "", "2026-03-01", "2026-03-01T10:00:00", "12"])
    def test_asks_for_an_instant_to_count_from(self, officer: APIClient, since: str) -> None:
        assert refused_fields(officer.get(BUNDLE, {"since": since})) == {"since": "not_a_time"}

    def test_forgets_what_no_office_could_accept_for_a_year(self, issue: Issue, officer: APIClient) -> None:
        carnet = issue()
        withdraw(carnet)
        Carnet.objects.update(acceptance_until=now().date() - timedelta(days=366))

        assert listed(officer) == []

    def test_names_holders_excluded_here(self, world: World, officer_at: OfficerAt) -> None:
        today = now().date()
        world.holder.exclusions.create(country="KZ", valid_from=LONG_AGO, reason="unpaid duty")
        world.holder.exclusions.create(country="UZ", valid_from=LONG_AGO, reason="unpaid duty")

        assert ok(officer_at("KZHOR001").get(BUNDLE))["exclusions"] == [
            {"holder": world.holder.reference, "country": "KZ", "valid_from": str(LONG_AGO), "valid_to": None}
        ]
        world.holder.exclusions.filter(country="KZ").update(valid_to=today)
        assert ok(officer_at("KZHOR001").get(BUNDLE))["exclusions"] == []

    def test_is_for_officers_who_serve_somewhere(self, client_of: Client, world: World) -> None:
        unposted = User.objects.create_user("unposted", roles=[Role.OFFICER], country="CN")

        problem(client_of(unposted).get(BUNDLE), 403, "not_posted")
        ok(client_of(world.officers["CNURC001"]).get(BUNDLE))

    def test_reads_the_same_few_tables_however_long_the_list(self, issue: Issue, officer: APIClient) -> None:
        ok(officer.get(BUNDLE))
        few = queries_of(officer, BUNDLE)
        for _each in range(5):
            withdraw(issue())

        assert queries_of(officer, BUNDLE) == few <= 9


class TestBundleOnTheWire:
    def test_is_not_sent_again_while_nothing_changed(self, issue: Issue, officer: APIClient) -> None:
        first = officer.get(BUNDLE)
        again = officer.get(BUNDLE, headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again["As-Of"] >= first["As-Of"]
        withdraw(issue())
        changed = officer.get(BUNDLE, headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]

    def test_leaves_out_the_registers_that_the_caller_holds(self, issue: Issue, officer: APIClient) -> None:
        whole = ok(officer.get(BUNDLE))
        withdraw(issue())

        news = ok(officer.get(BUNDLE, {"since": whole["as_of"], "version": whole["version"]}))

        assert set(news) == {
            "as_of",
            "log",
            "version",
            "installation",
            "sandbox",
            "office",
            "officer",
            "stop_list",
        }
        assert len(news["stop_list"]["entries"]) == 1
        assert "offices" in ok(officer.get(BUNDLE, {"version": "another"}))

    def test_names_another_version_when_a_register_changes(self, world: World, officer_at: OfficerAt) -> None:
        client = officer_at("KZHOR001")
        before = ok(client.get(BUNDLE))["version"]
        world.holder.exclusions.create(country="KZ", valid_from=LONG_AGO, reason="unpaid duty")

        assert ok(client.get(BUNDLE, {"version": before}))["exclusions"]

    def test_is_another_one_in_another_language(self, officer: APIClient) -> None:
        answer = officer.get(BUNDLE)

        assert "Accept-Language" in answer["Vary"]
        assert "private" in answer["Cache-Control"]

    def test_of_the_real_register_is_small(self, client_of: Client, tmp_path: Any, db: None) -> None:
        seed(card_path=tmp_path / "demo.json", at=now())
        posting = Posting.objects.select_related("user").first()
        assert posting is not None

        answer = client_of(posting.user).get(BUNDLE, headers={"Accept-Encoding": "gzip"})

        assert answer["Content-Encoding"] == "gzip"
        assert len(ok_json(answer)["offices"]) > 100
        assert len(answer.content) < 8_000


class TestTokens:
    def test_are_never_compressed(self, world: World) -> None:
        """An answer with a secret in it must not tell its content by its length."""
        answer = APIClient().post(
            f"{API}/auth/token/", {"username": "officer-cnurc001", "password": "secret"},
            headers={"Accept-Encoding": "gzip"},
        )  # fmt: skip

        assert ok(answer)["token"]
        assert not answer.has_header("Content-Encoding")


class TestDueCarnets:
    def test_are_those_whose_next_stamp_is_planned_here(
        self, world: World, issue: Issue, officer_at: OfficerAt
    ) -> None:
        fresh, left, entered, gone = issue(), issue(), issue(), issue()
        for carnet, pages in ((left, 2), (entered, 3), (gone, 4)):
            world.travel(carnet, upto=pages, since=ago(days=9))

        assert due(officer_at("CNURC001")) == [fresh.number]
        assert due(officer_at("CNHRS001")) == []
        assert due(officer_at("KZHOR001")) == [left.number]
        assert due(officer_at("KZQZQ001")) == [entered.number]
        assert due(officer_at("UZYAL001")) == [gone.number]
        assert due(officer_at("TJDYU001")) == []

    def test_are_not_those_that_cannot_come(self, world: World, issue: Issue, officer: APIClient) -> None:
        withdraw(issue())
        late = issue(days=10, acceptance_until=day_at(ago(days=10), "Asia/Shanghai"))
        there = issue()
        ended = issue()
        world.travel(ended, since=ago(days=9))

        assert late.number not in due(officer)
        assert due(officer) == [there.number]

    def test_hold_everything_the_judge_asks(self, world: World, issue: Issue, officer_at: OfficerAt) -> None:
        carnet = issue()
        world.travel(carnet, upto=2, since=ago(days=9))
        world.refuse(carnet, 3, ago(days=8))
        world.report(carnet, "CNHRS001", ago(days=7), seals_broken=["A-10023"], seals_affixed=["N-1"])

        (held,) = ok(officer_at("KZHOR001").get(DUE))["carnets"]

        docket = open_docket(carnet.number, lock=False)
        assert docket is not None
        codes = {key: territory.code for key, territory in territories().items()}
        assert held == json.loads(json.dumps(present_held(docket, codes)))
        assert held["seals_expected"] == ["A-10024", "N-1"]
        assert [stamp["page"] for stamp in held["stamps"]] == [1, 2]
        assert held["refused"] == [3]

    def test_come_in_pages(self, issue: Issue, officer: APIClient) -> None:
        numbers = [issue().number for _each in range(3)]

        first = ok(officer.get(DUE, {"limit": 2}))
        second = ok(officer.get(first["next"]))

        assert [held["number"] for held in first["carnets"]] == numbers[:0:-1]
        assert [held["number"] for held in second["carnets"]] == numbers[:1]
        assert second["next"] is None
        assert refused_fields(officer.get(DUE, {"limit": 0})) == {"limit": "too_small"}

    def test_reads_the_same_few_tables_however_many(
        self, world: World, issue: Issue, officer_at: OfficerAt
    ) -> None:
        def arrive() -> None:
            carnet = issue()
            world.travel(carnet, upto=2, since=ago(days=9))
            world.report(carnet, "CNHRS001", ago(days=8))

        client = officer_at("KZHOR001")
        arrive()
        few = queries_of(client, DUE)
        for _each in range(4):
            arrive()

        assert queries_of(client, DUE) == few <= 13

    def test_are_small_on_the_wire(self, world: World, issue: Issue, officer_at: OfficerAt) -> None:
        for _each in range(20):
            world.travel(issue(), upto=2, since=ago(days=9))

        answer = officer_at("KZHOR001").get(DUE, headers={"Accept-Encoding": "gzip"})

        assert len(ok_json(answer)["carnets"]) == 20
        assert len(answer.content) < 20 * 400


def due(client: APIClient) -> list[str]:
    return [held["number"] for held in ok(client.get(DUE))["carnets"]]


def queries_of(client: APIClient, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        ok(client.get(address))
    return len(queries)


def ok_json(answer: Any) -> Any:
    assert answer.status_code == 200
    return json.loads(gzip.decompress(answer.content))
