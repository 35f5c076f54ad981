"""How many statements the hot paths send: a post waits for each, and a batch costs one stamp's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.models import Stamp
from tests.api.calls import API, ok, stamp_body
from tests.api.conftest import Issue
from tests.world import START, World, reconcile

A_STAMP = 8  # the promise, from the token to the commit
A_SCAN = 8


def statements(call: Callable[[], Any]) -> list[str]:
    """Return what a call sends; a savepoint stands for the BEGIN that it is outside of tests."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def warm(officer: APIClient, issue: Issue) -> APIClient:
    """The officer at the office of departure, on a server that has its registers and this office's day in memory."""
    carnet = issue()
    ok(officer.post(f"{API}/scans/", {"number": carnet.number}))
    ok(officer.post(f"{API}/stamps/", stamp_body(carnet.number, 1)), 201)
    return officer


class TestASingleStamp:
    def test_sends_at_most_eight(self, warm: APIClient, carnet: Carnet) -> None:
        sent = statements(lambda: ok(warm.post(f"{API}/stamps/", stamp_body(carnet.number, 1)), 201))

        assert len(sent) <= A_STAMP, sent
        assert Stamp.objects.filter(carnet=carnet).count() == 1

    def test_sends_no_more_when_it_comes_again(self, warm: APIClient, carnet: Carnet) -> None:
        body = stamp_body(carnet.number, 1)
        first = ok(warm.post(f"{API}/stamps/", body), 201)

        sent = statements(lambda: ok(warm.post(f"{API}/stamps/", body)))

        assert len(sent) <= A_STAMP, sent
        assert ok(warm.post(f"{API}/stamps/", body)) == first


class TestABatch:
    def test_sends_no_more_than_a_single_stamp(self, warm: APIClient, issue: Issue) -> None:
        bodies = [stamp_body(issue().number, 1) for _ in range(12)]

        sent = statements(lambda: ok(warm.post(f"{API}/stamps/batch/", {"stamps": bodies})))

        assert len(sent) <= A_STAMP, sent
        assert Stamp.objects.count() == 1 + len(bodies)


class TestAScan:
    def test_sends_as_many_for_a_long_history_as_for_none(
        self, warm: APIClient, world: World, issue: Issue
    ) -> None:
        fresh, stamped = issue(), issue()
        world.travel(stamped, upto=2, since=stamped.issued_at)

        sent = [
            statements(lambda c=carnet: ok(warm.post(f"{API}/scans/", {"number": c.number})))
            for carnet in (fresh, stamped)
        ]

        assert [len(some) <= A_SCAN for some in sent] == [True, True], sent
        assert len(sent[0]) == len(sent[1])


class TestReconciliation:
    def test_sends_as_many_for_many_carnets_as_for_one(self, world: World) -> None:
        def sent_for(carnets: int) -> int:
            ends = [world.travel(world.issue()) for _ in range(carnets)]
            return len(statements(lambda: reconcile(max(ends, default=START))))

        assert sent_for(1) == sent_for(9)
