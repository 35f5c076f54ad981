"""PostgreSQL itself killed under a stamping web server (invariant 2): what was acknowledged is there after the restart,
a resend of everything records everything once, and the web server needs no restart of its own."""

import json
import subprocess
import sys
from uuid import uuid4

import pytest

from tests import databases
from tests.durability.site import (
    PROJECT,
    SETTLED,
    Fleet,
    WebServer,
    environment,
    kill,
    stamp_bodies,
    web_server,
)
from tests.world import HOUR, START
from tir.laptop.postgres import Postgres
from tir.laptop.processes import wait_until

CARNETS = 90

MAKE_WORLD = f"""
import django, json
django.setup()
from knox.models import AuthToken
from tests.world import build
world = build()
numbers = [world.issue().number for _ in range({CARNETS})]
print(json.dumps([numbers, AuthToken.objects.create(world.officers["CNURC001"])[1]]))
"""
LEDGER = """
import django, json
django.setup()
from checkpoints.models import Stamp
print(json.dumps({str(id): [number, bytes(digest).hex()]
                  for id, number, digest in Stamp.objects.values_list("pk", "carnet__number", "hash")}))
"""


@pytest.fixture
def installation(cluster: Postgres, db: None) -> dict[str, str]:
    """The environment of an installation on a cluster of its own, migrated."""
    databases.copy_to(cluster.administrator_url)
    return {**environment(), "DATABASE_URL": cluster.url}


def python(settings: dict[str, str], *command: str) -> str:
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=settings, text=True, check=True, stdout=subprocess.PIPE
    ).stdout


def kill_postgres(cluster: Postgres) -> None:
    postmaster = cluster.pid
    assert postmaster is not None
    kill(postmaster)
    assert wait_until(lambda: cluster.pid is None, seconds=SETTLED)


class TestAKilledPostgres:
    def test_keeps_what_was_acknowledged_and_resending_adds_nothing(
        self, cluster: Postgres, installation: dict[str, str]
    ) -> None:
        numbers, token = json.loads(python(installation, "-c", MAKE_WORLD))
        ids = [str(uuid4()) for _ in numbers]
        fleet = Fleet(token, stamp_bodies(numbers, ids, (START + HOUR).isoformat()))

        with web_server(installation) as server:
            heard = fleet.send(
                server, on_answer=lambda count: kill_postgres(cluster) if count == 30 else None
            )
            first = dict(fleet.acknowledged)
            assert 30 <= len(first) < CARNETS
            assert set(heard) == {201, 503}, "while it is away every answer says so"

            cluster.start()
            on_record = json.loads(python(installation, "-c", LEDGER))
            assert {id: on_record[id][1] for id in first} == {id: said["hash"] for id, said in first.items()}
            assert wait_until(lambda: self.all_heard(fleet, server), seconds=SETTLED)

        assert {id: fleet.acknowledged[id] for id in first} == first, "a replay returns the first receipt"
        on_record = json.loads(python(installation, "-c", LEDGER))
        assert {id: number for id, (number, _hash) in on_record.items()} == dict(
            zip(ids, numbers, strict=True)
        )
        assert "The ledger holds." in python(installation, "manage.py", "verify_ledger")

    def all_heard(self, fleet: Fleet, server: WebServer) -> bool:
        """Send everything again, as devices do; return whether every stamp was acknowledged this time."""
        heard = fleet.send(server)
        return len(heard) == CARNETS and set(heard) <= {200, 201}
