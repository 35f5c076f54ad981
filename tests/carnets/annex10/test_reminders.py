"""Reminders of reconciliation requests: by the clock, once each, until there is an answer."""

from datetime import timedelta

from carnets.annex10 import reminders, requests
from carnets.choices import RequestStatus
from guarantees.models import ClockRule
from tests.carnets.annex10.test_requests import DAY, DUE, RETURNED, asked, verbs
from tests.threads import at_once
from tests.world import START, World, build


class TestReminders:
    def test_come_when_the_period_is_over_and_then_again(self, world: World) -> None:
        request = asked(world)

        sent = [reminders.remind_due(at=at) for at in (DUE - DAY, DUE, DUE, DUE + 27 * DAY, DUE + 28 * DAY)]

        assert sent == [0, 1, 0, 0, 1]
        request.refresh_from_db()
        assert (request.reminders, request.remind_at) == (2, DUE + 56 * DAY)
        assert verbs(request) == [("open", None), ("remind", 1), ("remind", 2)]

    def test_follow_the_rule_in_force(self, world: World) -> None:
        ClockRule.objects.filter(clock="reconciliation_reminder").update(days=3)
        request = asked(world)

        assert request.remind_at == RETURNED + 3 * DAY

    def test_end_with_the_answer(self, world: World) -> None:
        request = asked(world)
        requests.confirm(request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=DUE)

        assert reminders.remind_due(at=DUE + 100 * DAY) == 0

    def test_give_way_to_a_stamp_that_came_late(self, world: World) -> None:
        request = asked(world, page=6, packages=420)
        carnet = request.carnet
        world.stamp(
            carnet,
            6,
            START + 60 * timedelta(hours=1),
            seals_intact=True,
            packages=420,
            is_offline=True,
            now=DUE,
        )

        assert reminders.remind_due(at=DUE) == 0

        request.refresh_from_db()
        assert request.status == RequestStatus.SETTLED
        assert carnet.carnet_return.differences == []

    def test_are_sent_once_by_two_at_once(self, transactional_db: None) -> None:
        request = asked(build())

        sent = at_once(*[lambda: reminders.remind_due(at=DUE)] * 3)

        assert sorted(sent) == [0, 0, 1]  # type: ignore[type-var]
        assert verbs(request) == [("open", None), ("remind", 1)]
