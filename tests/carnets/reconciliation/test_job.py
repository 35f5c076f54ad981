"""The job around reconciliation: runs that are queued, taken once, counted, marked failed, and taken up again."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError

from carnets.models import Carnet, ReconciliationRun
from carnets.reconciliation import job, statements
from carnets.reconciliation.job import ChunkTally
from tests.threads import at_once
from tests.world import START, World, build

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LATER = START + 20 * DAY


def at_later() -> datetime:
    return LATER


def delivered(world: World, count: int) -> None:
    for _number in range(count):
        world.travel(world.issue())


class TestARun:
    def test_counts_what_its_chunks_did(self, world: World) -> None:
        delivered(world, 3)
        heard: list[ChunkTally] = []
        run = job.request_run(by=world.staff["CN"], at=START)

        done = job.carry_out(run_id=run.pk, at=LATER, clock=at_later, progress=heard.append, chunk=2)

        assert [tally.carnets for tally in heard] == [2, 1]
        assert (done.carnets, done.examined, done.discharged, done.flagged) == (3, 12, 12, 0)
        assert (done.status, done.requested_by, done.started_at, done.finished_at) == (
            "done",
            world.staff["CN"],
            LATER,
            LATER,
        )

    def test_leaves_nothing_due(self, world: World) -> None:
        delivered(world, 1)
        assert job.anything_due(at=LATER)

        job.carry_out(run_id=job.request_run(by=None, at=START).pk, at=LATER, clock=at_later)

        assert not job.anything_due(at=LATER)
        assert job.reconcile_chunk(at=LATER) == ChunkTally()

    def test_that_fails_keeps_the_chunks_before_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A statement that PostgreSQL refuses, from the second chunk on."""
        delivered(world, 3)
        run = job.request_run(by=None, at=START)

        def break_the_rest(_tally: ChunkTally) -> None:
            monkeypatch.setattr(statements, "FLAG", "SELECT 1 / 0")

        with pytest.raises(DatabaseError):
            job.carry_out(run_id=run.pk, at=LATER, clock=at_later, progress=break_the_rest, chunk=2)

        run.refresh_from_db()
        assert (run.status, run.carnets, run.finished_at) == ("failed", 2, LATER)
        assert "division by zero" in run.failure
        assert Carnet.objects.filter(status="discharged").count() == 2


class TestTheQueue:
    def test_is_taken_oldest_first(self, world: World) -> None:
        runs = [job.request_run(by=None, at=START + hours * SECOND).pk for hours in range(3)]

        job.carry_out_queued(run_id=runs[1], at=LATER, clock=at_later)

        assert job.queued_runs() == [runs[0], runs[2]]

    def test_gives_a_run_to_one_worker(self, transactional_db: None) -> None:
        delivered(build(), 2)
        run = job.request_run(by=None, at=START)

        results = at_once(*[lambda: job.carry_out_queued(run_id=run.pk, at=LATER, clock=at_later)] * 3)

        assert [result for result in results if result is not None] == [run]
        run.refresh_from_db()
        assert (run.carnets, run.discharged) == (2, 8)

    @pytest.mark.parametrize(("after", "is_queued"), [(timedelta(0), False), (SECOND, True)])
    def test_takes_back_what_a_silent_worker_holds(
        self, world: World, after: timedelta, is_queued: bool
    ) -> None:
        run = job.request_run(by=None, at=START)
        ReconciliationRun.objects.filter(pk=run.pk).update(status="running", started_at=START)

        count = job.requeue_abandoned(at=START + job.ABANDONED_AFTER + after)

        assert count == int(is_queued)
        assert job.queued_runs() == ([run.pk] if is_queued else [])
