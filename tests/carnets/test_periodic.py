"""What beat does for carnets, by the clock of the server."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from carnets import periodic
from carnets.models import Carnet, ReconciliationRun
from carnets.reconciliation import job
from tests.carnets.annex10.test_requests import DUE, asked
from tests.guarantees.claiming import notify, open_claim
from tests.world import START, World
from tir.accounts.models import User

DAY = timedelta(days=1)


class TestEveryMinute:
    def test_due_carnets_are_reconciled_and_a_run_is_on_record(self, world: World) -> None:
        carnet = world.issue()
        end = world.travel(carnet)

        with time_machine.travel(end + DAY, tick=False):
            periodic.reconcile_due()

        assert Carnet.objects.get(pk=carnet.pk).status == "discharged"
        run = ReconciliationRun.objects.get()
        assert (run.status, run.requested_by, run.requested_at) == ("done", None, end + DAY)

    def test_nothing_due_makes_no_run(self, world: World) -> None:
        with time_machine.travel(START, tick=False):
            periodic.reconcile_due()

        assert not ReconciliationRun.objects.exists()

    @pytest.mark.parametrize(
        ("silent_for", "status"), [(timedelta(0), "running"), (timedelta(seconds=1), "done")]
    )
    def test_a_run_whose_worker_fell_silent_is_carried_out(
        self, world: World, silent_for: timedelta, status: str
    ) -> None:
        run = job.request_run(by=None, at=START)
        ReconciliationRun.objects.filter(pk=run.pk).update(status="running", started_at=START)

        with time_machine.travel(START + job.ABANDONED_AFTER + silent_for, tick=False):
            periodic.reconcile_due()

        run.refresh_from_db()
        assert run.status == status


class TestEveryHour:
    def test_people_are_mailed(self, world: World) -> None:
        User.objects.filter(username="association-kz").update(email="kz@example.org")
        claim = notify(open_claim(world), START.date() + 60 * DAY)
        sent = []

        for at in (START + 700 * DAY, START + 770 * DAY):
            with time_machine.travel(at, tick=False):
                periodic.send_digest()
            sent.append(sum(letter.body.count(claim.carnet_number) for letter in mail.outbox))

        assert 0 < sent[0] < sent[1]

    @pytest.mark.parametrize(("after", "reminders"), [(-timedelta(seconds=1), 0), (timedelta(0), 1)])
    def test_customs_are_reminded(self, world: World, after: timedelta, reminders: int) -> None:
        request = asked(world)

        with time_machine.travel(DUE + after, tick=False):
            periodic.remind_customs()

        request.refresh_from_db()
        assert request.reminders == reminders
