"""A broker that is gone or stands still, over real sockets: who asks for work does not wait, and the work is kept."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets import periodic, tasks
from carnets.models import ReconciliationRun
from tests.world import World
from tir.accounts.models import Role, User
from tir.celery import app, wake
from tir.laptop.valkey import Valkey

pytestmark = pytest.mark.django_db(transaction=True)
MOST = timedelta(seconds=0.5)


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


def test_a_broker_that_is_there_is_told(broker: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", broker.url)
    assert wake(tasks.reconcile, run_id=1)

    with app.connection_for_write() as connection:
        assert connection.SimpleQueue("celery").get(timeout=5).headers["task"] == "carnets.reconcile"
