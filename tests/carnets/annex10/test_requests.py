"""Reconciliation requests: answered once, forwarded within the country, reminded of by the clock."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from carnets.annex10 import reminders, requests, returns
from carnets.annex10.models import ReconciliationRequest, ReconciliationRequestEvent
from carnets.choices import RequestStatus
from carnets.models import Carnet
from guarantees.models import ClockRule
from tests.threads import at_once, raised
from tests.world import START, World, build

DAY = timedelta(days=1)
RETURNED = START + 20 * DAY
DUE = RETURNED + 28 * DAY


def asked(world: World, **counterfoil: object) -> ReconciliationRequest:
    """A request to Tajik customs about page 8: its record differs, or with `page` another page's is missing."""
    carnet = world.issue()
    world.travel(carnet, but={6: None})
    returns.record_return(
        number=carnet.number,
        counterfoils=[{"page": 8, "packages": 400, **counterfoil}],
        reason="",
        by=world.staff["CN"],
        at=RETURNED,
    )
    return carnet.reconciliation_requests.get()


def verbs(request: ReconciliationRequest) -> list[tuple[str, int | None]]:
    return list(request.events.values_list("verb", "reminder"))


class TestAnswers:
    def test_confirmed_leaves_the_record_and_the_difference(self, world: World) -> None:
        request = asked(world)

        requests.confirm(
            request_id=request.pk,
            remark="As certified.",
            by=world.officers["TJDYU001"],
            at=DUE,
            office="TJDYU001",
        )

        request.refresh_from_db()
        assert (request.status, request.answered_at, request.remind_at) == (
            RequestStatus.CONFIRMED,
            DUE,
            None,
        )
        assert request.carnet.carnet_return.differences[0]["page"] == 8
        assert request.events.last().remark == "As certified."  # type: ignore[union-attr]

    def test_let_reconciliation_look_again(self, world: World) -> None:
        request = asked(world)

        requests.answer_not_found(request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=DUE)

        assert Carnet.objects.get(pk=request.carnet_id).reconcile_at == DUE

    def test_confirm_nothing_where_nothing_was_recorded(self, world: World) -> None:
        request = asked(world, page=6)

        with pytest.raises(requests.NothingToConfirm):
            requests.confirm(request_id=request.pk, remark="", by=world.officers["UZSYA001"], at=DUE)

    def test_are_given_once(self, world: World) -> None:
        request = asked(world)
        requests.answer_not_found(request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=DUE)

        with pytest.raises(requests.RequestAnswered) as refused:
            requests.confirm(request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=DUE)

        assert refused.value.facts["status"] == "not_found"

    def test_given_by_two_at_once_are_one(self, transactional_db: None) -> None:
        world = build()
        request = asked(world)

        results = at_once(
            *[
                lambda: requests.confirm(
                    request_id=request.pk, remark="", by=world.officers["TJDYU001"], at=DUE
                )
            ]
            * 4
        )

        assert {type(error) for error in raised(results)} == {requests.RequestAnswered}
        assert len(raised(results)) == 3
        assert verbs(request) == [("open", None), ("confirm", None)]


class TestForwarding:
    def test_moves_the_question_to_another_office(self, world: World) -> None:
        request = asked(world)

        requests.forward(
            request_id=request.pk, office="TJDUS001", remark="Yours.", by=world.officers["TJDYU001"], at=DUE
        )

        request.refresh_from_db()
        assert request.office == "TJDUS001"
        assert verbs(request)[-1] == ("forward", None)

    def test_stays_in_the_country(self, world: World) -> None:
        request = asked(world)

        with pytest.raises(requests.OfficeInOtherCountry):
            requests.forward(
                request_id=request.pk, office="UZSYA001", remark="", by=world.officers["TJDYU001"], at=DUE
            )


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


class TestHistory:
    def test_stays(self, world: World) -> None:
        asked(world)

        with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
            ReconciliationRequestEvent.objects.update(remark="Never asked.")
