"""Reconciliation requests: answered once, forwarded within the country, reminded of by the clock."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from carnets.annex10 import requests, returns
from carnets.annex10.models import ReconciliationRequest, ReconciliationRequestEvent
from carnets.choices import RequestStatus
from carnets.models import Carnet
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


class TestHistory:
    def test_stays(self, world: World) -> None:
        asked(world)

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ReconciliationRequestEvent.objects.update(remark="Never asked.")
