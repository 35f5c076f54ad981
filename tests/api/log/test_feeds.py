"""Feeds by index of the log: nothing is lost by them, whatever clocks say and however late a transaction commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.evidence.reading import StampRow
from guarantees.choices import NoticeKind
from guarantees.notices import Message, tell
from tests.api.calls import API, ago, fields, ok, problem
from tests.api.conftest import Issue
from tests.growing import ORIGIN, Grow
from tests.world import World
from tir.kernel.clock import now
from tir.log import feed, growing, running

FEED = f"{API}/terminations/feed/"
POLL = f"{API}/terminations/"
PATIENCE = 30.0


def ended(world: World, carnet: Carnet, **said: Any) -> StampRow:
    """Have the office of exit certify the carnet's first termination, which the association polls with `exits`."""
    row = world.stamp(carnet, 2, ago(days=8), is_offline=True, **said).row
    assert row is not None
    return row


def begun(world: World, issue: Issue) -> Carnet:
    carnet = issue()
    world.stamp(carnet, 1, ago(days=9))
    return carnet


def fed(client: APIClient, after: int, **query: Any) -> Any:
    return ok(client.get(FEED, {"after": after, "exits": "yes", **query}))


def polled(client: APIClient, since: object) -> set[str]:
    found = ok(client.get(POLL, {"from": since.isoformat(), "exits": "yes", "page_size": 500}))  # type: ignore[attr-defined]
    return {each["stamp"] for each in found["results"]}


def stamps(part: Any) -> list[str]:
    return [each["stamp"] for each in part["results"]]


class TestAFeed:
    def test_has_the_members_of_the_list_in_the_order_of_the_log(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        carnets = [begun(world, issue) for _each in range(3)]
        rows = [ended(world, carnet) for carnet in carnets]
        log = grow()
        part = fed(association, 0)
        listed = ok(association.get(POLL, {"exits": "yes"}))["results"]

        assert (part["log"], part["size"], part["after"], part["more"]) == (ORIGIN, log.size, log.size, False)
        assert stamps(part) == [str(row["id"]) for row in rows]
        indices = [each.pop("index") for each in part["results"]]
        assert indices == sorted(set(indices))
        assert part["results"] == listed[::-1]

    def test_tells_of_what_is_taken_back_by_an_entry_of_its_own(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        first = ended(world, carnet := begun(world, issue))
        grow()
        place = fed(association, 0)
        second = ended(world, carnet, cancels=first["id"], cancel_reason="Another lorry.")
        grow()
        part = fed(association, place["after"])

        assert [(each["stamp"], each["update"], each["cancels"]) for each in part["results"]] == [
            (str(second["id"]), "C", str(first["id"]))
        ]

    def test_shows_what_the_caller_may_see_and_moves_on(
        self, world: World, issue: Issue, grow: Grow, association: APIClient, guarantor: APIClient
    ) -> None:
        ended(world, begun(world, issue))
        log = grow()

        assert len(fed(association, 0)["results"]) == 1
        assert fed(guarantor, 0)["results"] == []
        assert fed(guarantor, 0)["after"] == log.size

    def test_shows_nothing_that_is_not_published(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        grow()
        ended(world, begun(world, issue))
        assert fed(association, 0)["results"] == []
        grow()
        assert len(fed(association, 0)["results"]) == 1

    def test_is_read_in_parts(self, world: World, issue: Issue, grow: Grow) -> None:
        for _each in range(3):
            ended(world, begun(world, issue))
        log = grow()
        read: list[str] = []
        after, more, calls = 0, True, 0
        while more:
            part = feed.read("stamp", after=after, most=4)
            read += part.refs.values()
            after, more, calls = part.after, part.more, calls + 1

        assert (len(read), len(set(read)), after, calls) == (6, 6, log.size, 2)

    def test_refuses_what_is_no_place(self, grow: Grow, association: APIClient) -> None:
        log = grow()

        assert fed(association, log.size)["results"] == []
        found = problem(association.get(FEED, {"after": log.size + 1}), 409, "log_began_anew")
        assert (fields(found), found["log"], found["size"]) == ({"after": "log_began_anew"}, ORIGIN, log.size)
        found = problem(association.get(FEED, {"after": 0, "log": "other.example"}), 409, "log_began_anew")
        assert fields(found) == {"log": "log_began_anew"}
        assert list(fields(problem(association.get(FEED, {"after": "-1"}), 400, "body_invalid"))) == ["after"]

    def test_of_a_log_that_ended_is_read_to_its_end(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        first = ended(world, begun(world, issue))
        old = grow()
        growing.end(log=old, head=running.head_of(ORIGIN), reason="A backup was restored.", at=now())
        second = ended(world, begun(world, issue))
        grow()
        part = fed(association, 0, log=ORIGIN)

        assert (stamps(part), part["log"], part["after"], part["more"]) == (
            [str(first["id"])],
            ORIGIN,
            old.size,
            True,
        )
        found = problem(association.get(FEED, {"after": part["after"], "log": ORIGIN}), 409, "log_began_anew")
        assert stamps(fed(association, 0, log=found["log"])) == [str(second["id"])]

    def test_of_notices_is_everybody_s_own(
        self, world: World, grow: Grow, association: APIClient, guarantor: APIClient
    ) -> None:
        facts = {"holder": "CHN/071/1001", "country": "KZ", "valid_from": "2026-01-01", "reason": "Smuggled."}
        for number in range(2):
            message = Message(NoticeKind.EXCLUSION, f"exclusion:{number}", facts=facts)
            tell([message], [world.staff["CN"] if number else world.staff["KZ"]], at=now())
        log = grow()
        own, others = (ok(each.get(f"{API}/notices/feed/?after=0")) for each in (association, guarantor))

        assert own["after"] == others["after"] == log.size
        (mine,), (theirs,) = own["results"], others["results"]
        assert mine.pop("index") != theirs.pop("index")
        assert [mine] == ok(association.get(f"{API}/notices/"))["results"]


class TestPollingByTimeLosesWhatAFeedDoesNot:
    """Finding m6: a time is what some clock said when something began, and says nothing of when it could be read."""

    def test_from_a_node_whose_clock_is_behind(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        first = ended(world, begun(world, issue), now=ago(minutes=1))
        grow()
        place, newest = fed(association, 0), first["recorded_at"]
        assert polled(association, newest) == {str(first["id"])}
        behind = ended(world, begun(world, issue), now=ago(minutes=21))  # recorded after, by another clock
        grow()

        assert str(behind["id"]) not in polled(association, newest)
        assert stamps(fed(association, place["after"])) == [str(behind["id"])]

    @pytest.mark.django_db(transaction=True)
    def test_from_a_transaction_that_commits_late(
        self, world: World, issue: Issue, grow: Grow, association: APIClient
    ) -> None:
        slow, quick = begun(world, issue), begun(world, issue)
        grow()
        place = fed(association, 0)
        is_written, is_read = Event(), Event()

        def commit_late() -> UUID:
            try:
                with transaction.atomic():
                    row = ended(world, slow, now=ago(minutes=2))
                    is_written.set()
                    assert is_read.wait(PATIENCE)
                return row["id"]
            finally:
                is_written.set()
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(commit_late)
            assert is_written.wait(PATIENCE)
            first = ended(world, quick, now=ago(minutes=1))
            grow()
            before = fed(association, place["after"])
            is_read.set()
            late_id = str(late.result(PATIENCE))
        grow()

        assert stamps(before) == [str(first["id"])]
        assert late_id not in polled(association, first["recorded_at"])
        assert stamps(fed(association, before["after"])) == [late_id]


class TestThePhone:
    def stop_list(self, client: APIClient, **query: Any) -> Any:
        return ok(client.get(f"{API}/post/bundle/", query))

    def test_holds_the_checkpoint(self, grow: Grow, officer: APIClient) -> None:
        assert self.stop_list(officer)["log"] is None
        log = grow()
        held = self.stop_list(officer)["log"]

        assert (held["origin"], held["size"]) == (ORIGIN, log.size)
        assert held["checkpoint"] == officer.get(f"{API}/log/checkpoint").content.decode()

    def test_learns_of_every_carnet_withdrawn(
        self, world: World, issue: Issue, grow: Grow, officer: APIClient, association: APIClient
    ) -> None:
        early, late, waiting = issue(), issue(), issue()
        withdraw(association, early)
        grow()
        held = self.stop_list(officer)
        place = {"after": held["log"]["size"], "log": ORIGIN}
        assert numbers(held) == [early.number]
        withdraw(association, late)
        Carnet.objects.filter(pk=late.pk).update(control_at=ago(minutes=20))  # by a clock that is behind
        grow()
        withdraw(association, waiting)  # it has no place in the log yet

        by_time = self.stop_list(officer, since=held["as_of"])
        assert numbers(by_time) == [waiting.number]
        by_index = self.stop_list(officer, **place)
        assert (numbers(by_index), by_index["stop_list"]["complete"]) == (
            [late.number, waiting.number],
            False,
        )

    def test_gets_the_whole_list_where_the_log_is_another(
        self, issue: Issue, grow: Grow, officer: APIClient, association: APIClient
    ) -> None:
        carnet = issue()
        withdraw(association, carnet)
        log = grow()

        for place in ({"after": log.size, "log": "other.example"}, {"after": log.size + 1}):
            whole = self.stop_list(officer, **place)
            assert (numbers(whole), whole["stop_list"]["complete"]) == ([carnet.number], True)
        part = self.stop_list(officer, after=log.size, log=ORIGIN)
        assert (numbers(part), part["stop_list"]["complete"]) == ([], False)


def withdraw(association: APIClient, carnet: Carnet) -> None:
    ok(association.post(f"{API}/carnets/{carnet.number}/report-lost/", {"reason": "Left in a café."}))


def numbers(bundle: Any) -> list[str]:
    return [each["number"] for each in bundle["stop_list"]["entries"]]
