"""A broker that is gone or stands still, over real sockets: who asks for work does not wait, and the work is kept."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from api.counting import Counters
from carnets import periodic, tasks
from carnets.models import ReconciliationRun
from tests.world import World
from tir import celery
from tir.accounts.models import Role, User
from tir.celery import app, wake
from tir.laptop.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)
MOST = timedelta(seconds=0.5)


@pytest.fixture(autouse=True)
def not_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test leaves a broker alone for what an earlier one heard."""
    monkeypatch.setattr(celery, "_left_alone_until", 0.0)


@pytest.fixture(params=["gone", "standing still"])
def away(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker that nobody serves, or one that takes the connection and says nothing."""
    path = tmp_path / "broker.sock"
    monkeypatch.setattr(app.conf, "broker_url", f"redis+socket://{path}")
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{path}")
    with socket.socket(socket.AF_UNIX) as silent:
        if request.param == "standing still":
            silent.bind(str(path))
            silent.listen(10)
        yield


def test_a_run_is_queued_at_once_and_done_by_the_next_minute(world: World, away: None) -> None:
    user = User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="KZ")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user)[1]}")
    client.post("/api/v1/reconciliation/runs/")  # what is loaded at the first call is not what is measured

    began = perf_counter()
    answer = client.post("/api/v1/reconciliation/runs/")
    took = timedelta(seconds=perf_counter() - began)

    assert answer.status_code == 202
    assert took < MOST
    assert ReconciliationRun.objects.get(pk=answer.json()["id"]).status == "queued"
    periodic.reconcile_due()
    assert ReconciliationRun.objects.get(pk=answer.json()["id"]).status == "done"


def test_one_request_waits_for_it_and_those_after_do_not(away: None) -> None:
    """Each that waits holds a thread, of which there are as many as stamps at once."""
    assert not wake(tasks.reconcile, run_id=1)
    began = perf_counter()
    for _request in range(50):
        assert not wake(tasks.reconcile, run_id=1)
    assert perf_counter() - began < celery.WAKE_SECONDS


def test_a_broker_that_is_back_is_told_again(
    away: None, broker: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not wake(tasks.reconcile, run_id=1)
    monkeypatch.setattr(app.conf, "broker_url", broker.url)
    monkeypatch.setattr(app.conf, "broker_write_url", broker.url)
    assert not wake(tasks.reconcile, run_id=1), "it is left alone for a moment"
    monkeypatch.setattr(celery, "_left_alone_until", monotonic())
    assert wake(tasks.reconcile, run_id=1)


def test_a_broker_that_is_there_is_told(broker: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", broker.url)
    assert wake(tasks.reconcile, run_id=1)

    with app.connection_for_write() as connection:
        assert connection.SimpleQueue("celery").get(timeout=5).headers["task"] == "carnets.reconcile"


def test_are_one_for_all_processes_and_each_its_own_while_the_broker_is_away(broker: Valkey) -> None:
    counting = (
        "import json, sys; from api.counting import Counters;"
        "print(json.dumps(Counters(sys.argv[1]).add('shared', 3, window=60, at=1e9)))"
    )

    def in_another_process() -> int:
        asked = [sys.executable, "-c", counting, broker.url]
        return int(json.loads(subprocess.run(asked, capture_output=True, check=True, text=True).stdout))

    mine = Counters(broker.url)
    assert mine.add("shared", 2, window=60, at=1e9) == 2
    assert in_another_process() == 5
    assert mine.seen("shared", window=60, at=1e9) == 5
    assert mine.seen("shared", window=60, at=1e9 + 60) == 0
    broker.stop()
    assert mine.add("shared", 1, window=60, at=1e9) == 1
