"""Stamps at the same instant, on real connections; and a stamping process killed without warning."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from carnets.models import Carnet, TirOperation
from checkpoints.models import Stamp
from checkpoints.postings import officer_of
from checkpoints.stamping import Kind, StampRequest, VoucherAlreadyStamped, record_stamp, record_stamps
from tests.threads import at_once, raised, returned
from tests.world import HOUR, START, World, reconcile

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).parents[2]


class TestOneVoucherManyOfficers:
    def test_online_one_stamp_wins_and_the_others_get_its_facts(self, world: World) -> None:
        carnet = world.issue()
        officer = officer_of(world.officers["CNURC001"].pk)
        requests = [world.request(carnet, 1, START + HOUR, packages=count) for count in range(6)]

        results = at_once(
            *(
                lambda r=request: record_stamp(request=r, officer=officer, at=START + HOUR)
                for request in requests
            )
        )

        (winner,) = returned(results)
        losers = raised(results)
        assert len(losers) == 5
        assert all(isinstance(error, VoucherAlreadyStamped) for error in losers)
        assert {error.facts["stamp"]["id"] for error in losers} == {winner.request.id}  # type: ignore[attr-defined]
        assert Stamp.objects.count() == 1

    def test_from_offline_all_are_kept_and_the_earliest_stands(self, world: World) -> None:
        carnet = world.issue()
        officer = officer_of(world.officers["CNURC001"].pk)
        requests = [
            world.request(carnet, 1, START + count * HOUR, is_offline=True, packages=count)
            for count in (3, 1, 2)
        ]

        at_once(
            *(
                lambda r=request: record_stamps(requests=[r], officer=officer, at=START + 9 * HOUR)
                for request in requests
            )
        )

        assert Stamp.objects.count() == 3
        operation = TirOperation.objects.get(carnet=carnet, sequence=1)
        assert operation.start_stamp == requests[1].id
        assert operation.start_rivals == 2
        reconcile(START + 10 * HOUR)
        assert [item.code for item in carnet.irregularities.all()] == ["duplicate"]


class TestTheSameBatchTwiceAtOnce:
    def test_records_every_stamp_once_with_one_receipt(self, world: World) -> None:
        carnets = [world.issue() for _ in range(5)]
        officer = officer_of(world.officers["CNURC001"].pk)
        requests = [world.request(carnet, 1, START + HOUR) for carnet in carnets]

        first, second = returned(
            at_once(
                lambda: record_stamps(requests=requests, officer=officer, at=START + HOUR),
                lambda: record_stamps(requests=list(reversed(requests)), officer=officer, at=START + HOUR),
            )
        )

        assert Stamp.objects.count() == 5
        kinds = [outcome.kind for outcome in (*first, *second)]
        assert sorted(kinds) == sorted([Kind.RECORDED] * 5 + [Kind.DUPLICATE] * 5)
        hashes = {outcome.request.id: outcome.row["hash"] for outcome in first if outcome.row}
        assert hashes == {outcome.request.id: outcome.row["hash"] for outcome in second if outcome.row}

    def test_survives_one_id_on_two_carnets(self, world: World) -> None:
        one, other = world.issue(), world.issue()
        officer, stamp_id = officer_of(world.officers["CNURC001"].pk), uuid4()
        requests = [world.request(carnet, 1, START + HOUR, id=stamp_id) for carnet in (one, other)]

        results = at_once(
            *(
                lambda r=request: record_stamps(requests=[r], officer=officer, at=START + HOUR)[0]
                for request in requests
            )
        )

        kinds = sorted(outcome.kind for outcome in returned(results))
        assert kinds == [Kind.CONFLICT, Kind.RECORDED]
        assert Stamp.objects.count() == 1


# Stamps one carnet after the other and says so after each commit, until it is killed.
STAMPER = """
import os, sys
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from uuid import UUID
from checkpoints.postings import officer_of
from checkpoints.stamping import StampRequest, record_stamp
from tests.world import HOUR, START
officer = officer_of(int(sys.argv[2]))
for line in sys.stdin:
    stamp_id, number = line.split()
    request = StampRequest(id=UUID(stamp_id), number=number, page=1, occurred_at=START + HOUR)
    record_stamp(request=request, officer=officer, at=START + HOUR)
    print(stamp_id, flush=True)
"""


class TestKilledWithoutWarning:
    def test_what_was_acknowledged_is_on_record_and_resending_adds_nothing(self, world: World) -> None:
        wanted = {uuid4(): world.issue().number for _ in range(60)}

        acknowledged = self._stamp_until_killed(world, wanted, after=20)

        on_record = set(Stamp.objects.values_list("pk", flat=True))
        assert acknowledged <= on_record
        assert len(on_record) - len(acknowledged) <= 1, "at most the one whose answer was on its way"
        officer = officer_of(world.officers["CNURC001"].pk)
        again = [
            StampRequest(id=stamp_id, number=number, page=1, occurred_at=START + HOUR)
            for stamp_id, number in wanted.items()
        ]
        outcomes = record_stamps(requests=again, officer=officer, at=START + HOUR)
        assert {outcome.request.id for outcome in outcomes if outcome.kind is Kind.DUPLICATE} == on_record
        assert set(Stamp.objects.values_list("pk", flat=True)) == set(wanted)
        assert Carnet.objects.filter(latest_sequence=1).count() == len(wanted)
        call_command("verify_ledger", verbosity=0)

    def _stamp_until_killed(self, world: World, wanted: dict[UUID, str], *, after: int) -> set[UUID]:
        """Start a stamping process, kill it with SIGKILL after some answers, and return what it acknowledged."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                STAMPER,
                connection.settings_dict["NAME"],
                str(world.officers["CNURC001"].pk),
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{stamp_id} {number}\n" for stamp_id, number in wanted.items()))
        process.stdin.flush()
        acknowledged = {UUID(process.stdout.readline().strip()) for _ in range(after)}
        os.kill(process.pid, signal.SIGKILL)
        rest, _errors = process.communicate()
        return acknowledged | {UUID(line) for line in rest.split()}
