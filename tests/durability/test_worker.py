"""A Celery worker killed with a run in its hands, over a real broker: nothing that was asked for is lost."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F
from kombu import Connection

from carnets import periodic, tasks
from carnets.models import Carnet, ReconciliationRun
from carnets.reconciliation import job
from guarantees.models import LiabilityEntry
from tests.durability.blocking import guarantee_held
from tests.durability.site import SETTLED, Started, environment, started
from tests.ledger import balance_as_recorded
from tests.world import World
from tir.kernel.clock import now
from tir.laptop.processes import wait_until
from tir.laptop.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker(settings: Mapping[str, str]) -> Iterator[Started]:
    """Start a worker as production does, without beat: the test rings in its place."""
    command = ["-m", "celery", "--app", "tir", "worker", "--concurrency", "1", "--loglevel", "warning"]
    with started(command, settings, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as family:
        yield family


@pytest.fixture
def settings_of_worker(broker: Valkey) -> dict[str, str]:
    return environment("WORKER", CELERY_BROKER_URL=broker.url)


def status(run: ReconciliationRun) -> str:
    run.refresh_from_db()
    return str(run.status)


class TestAKilledWorker:
    def test_leaves_a_run_that_the_next_one_finishes(
        self, world: World, broker: Valkey, settings_of_worker: dict[str, str]
    ) -> None:
        carnets = [world.issue() for _ in range(3)]
        for carnet in carnets:
            world.travel(carnet)
        run = job.request_run(by=None, at=now())

        with Connection(broker.url) as messages:
            tasks.reconcile.apply_async(kwargs={"run_id": run.pk}, connection=messages)
            with guarantee_held(world.guarantee) as wait_until_it_waits, worker(settings_of_worker) as first:
                wait_until_it_waits()
                first.kill()
            assert (status(run), Carnet.objects.filter(status="discharged").count()) == ("running", 0)

            with worker(settings_of_worker):
                periodic.reconcile_due.apply_async(connection=messages)
                assert wait_until(lambda: not job.anything_due(at=now()), seconds=SETTLED), (
                    "the work is done at once"
                )
                assert status(run) == "running"
                self.let_pass(job.ABANDONED_AFTER, run)
                periodic.reconcile_due.apply_async(connection=messages)
                assert wait_until(lambda: status(run) == "done", seconds=SETTLED), (
                    "and so is the run that was asked for"
                )

        assert Carnet.objects.filter(status="discharged").count() == len(carnets)
        assert LiabilityEntry.objects.filter(kind="released").count() == len(carnets)
        world.guarantee.refresh_from_db()
        assert world.guarantee.exposure == 0 == balance_as_recorded(world.guarantee)

    def test_loses_no_run_whose_message_never_came(
        self, world: World, broker: Valkey, settings_of_worker: dict[str, str]
    ) -> None:
        carnet = world.issue()
        world.travel(carnet)
        run = job.request_run(by=None, at=now())

        with Connection(broker.url) as messages, worker(settings_of_worker):
            periodic.reconcile_due.apply_async(connection=messages)
            assert wait_until(lambda: status(run) == "done", seconds=SETTLED)

        run.refresh_from_db()
        assert (run.carnets, run.discharged) == (1, 4)

    def let_pass(self, span: timedelta, run: ReconciliationRun) -> None:
        """Nobody can wait half an hour: the run began so much earlier."""
        ReconciliationRun.objects.filter(pk=run.pk).update(
            started_at=F("started_at") - span - timedelta(seconds=1)
        )
