"""What was acknowledged survives SIGKILL of the process that stamps, and of the web server (invariant 2)."""

import os
import signal
import subprocess
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from knox.models import AuthToken

from carnets.models import Carnet
from checkpoints.models import Stamp
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import OutcomeKind, StampRequest, record_stamps
from tests.durability.site import SETTLED, Fleet, environment, kill, stamp_bodies, started, web_server
from tests.world import HOUR, START, World
from tir.laptop.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# Stamps one carnet after the other and says so after each commit, until it is killed.
STAMPER = """
import sys
import django
django.setup()
from uuid import UUID
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import StampRequest, record_stamp
from tests.world import HOUR, START
officer = officer_of(int(sys.argv[1]))
for line in sys.stdin:
    stamp_id, number = line.split()
    request = StampRequest(id=UUID(stamp_id), number=number, page=1, occurred_at=START + HOUR)
    record_stamp(request=request, officer=officer, at=START + HOUR)
    print(stamp_id, flush=True)
"""


class TestAKilledStampingProcess:
    def test_leaves_what_it_acknowledged_and_resending_adds_nothing(self, world: World) -> None:
        wanted = {uuid4(): world.issue().number for _ in range(60)}

        acknowledged = stamp_until_killed(world, wanted, after=20)

        on_record = set(Stamp.objects.values_list("pk", flat=True))
        assert acknowledged <= on_record
        assert len(on_record) - len(acknowledged) <= 1, "at most the one whose answer was on its way"
        officer = officer_of(world.officers["CNURC001"].pk)
        again = [
            StampRequest(id=stamp_id, number=number, page=1, occurred_at=START + HOUR)
            for stamp_id, number in wanted.items()
        ]
        outcomes = record_stamps(requests=again, officer=officer, at=START + HOUR)
        assert {
            outcome.request.id for outcome in outcomes if outcome.kind is OutcomeKind.DUPLICATE
        } == on_record
        assert set(Stamp.objects.values_list("pk", flat=True)) == set(wanted)
        assert Carnet.objects.filter(latest_sequence=1).count() == len(wanted)
        call_command("verify_ledger", verbosity=0)


def stamp_until_killed(world: World, wanted: dict[UUID, str], *, after: int) -> set[UUID]:
    """Start a stamping process, kill it with SIGKILL after some answers, and return what it acknowledged."""
    command = ["-c", STAMPER, str(world.officers["CNURC001"].pk)]
    with started(command, environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as family:
        process = family.process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{stamp_id} {number}\n" for stamp_id, number in wanted.items()))
        process.stdin.flush()
        acknowledged = {UUID(process.stdout.readline().strip()) for _ in range(after)}
        os.kill(process.pid, signal.SIGKILL)
        rest, _errors = process.communicate()
    assert process.returncode == -signal.SIGKILL
    return acknowledged | {UUID(line) for line in rest.split()}


class TestAKilledWebServer:
    def test_leaves_what_it_acknowledged_and_resending_adds_nothing(self, world: World) -> None:
        numbers = [world.issue().number for _ in range(100)]
        _record, token = AuthToken.objects.create(world.officers["CNURC001"])
        ids = [str(uuid4()) for _ in numbers]
        fleet = Fleet(token, stamp_bodies(numbers, ids, (START + HOUR).isoformat()))

        with web_server(environment()) as server:
            web, workers = server.family, server.family.children
            assert len(workers) == 2

            def kill_one_by_one(answers: int) -> None:
                if answers == 15:
                    kill(workers[0])
                if answers == 45:
                    web.kill()
                    kill(workers[1])

            fleet.send(server, on_answer=kill_one_by_one)
            assert wait_until(lambda: not server.is_ready(), seconds=SETTLED)

        first = dict(fleet.acknowledged)
        assert 45 <= len(first) < len(ids)
        assert set(map(UUID, first)) <= set(Stamp.objects.values_list("pk", flat=True))
        with web_server(environment()) as server:
            statuses = fleet.send(server)
        assert sorted(set(statuses)) == [200, 201]
        assert {id: fleet.acknowledged[id] for id in first} == first, "a replay returns the first receipt"
        assert sorted(map(str, Stamp.objects.values_list("pk", flat=True))) == sorted(ids)
        assert Carnet.objects.filter(latest_sequence=1).count() == len(ids)
        call_command("verify_ledger", verbosity=0)
