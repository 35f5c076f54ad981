"""A corrected answer: a cancelling and a new stamp by the office whose stamp it is, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from carnets.annex10 import requests, returns
from carnets.annex10.models import ReconciliationRequest
from carnets.choices import CarnetStatus, RequestStatus
from carnets.models import Carnet
from checkpoints.annex10 import correcting
from checkpoints.annex10.correcting import Correction
from checkpoints.models import Posting, Scan
from checkpoints.posts.postings import NotPosted, officer_of
from checkpoints.recording.cancelling import CancellationRefused
from tests.world import HOUR, START, World, in_order, reconcile

DAY = timedelta(days=1)
RETURNED, ANSWERED = START + 20 * DAY, START + 25 * DAY


@pytest.fixture
def carnet(world: World) -> Carnet:
    """Everything stamped but page 6, and customs counted 419 packages on page 8."""
    carnet = world.issue()
    world.travel(carnet, but={6: None, 8: {"packages": 419}})
    return carnet


def ask(world: World, carnet: Carnet, **counterfoil: Any) -> ReconciliationRequest:
    returns.record_return(
        number=carnet.number, counterfoils=[counterfoil], reason="", by=world.staff["CN"], at=RETURNED
    )
    return carnet.reconciliation_requests.get()


def correct(world: World, request: ReconciliationRequest, office: str, **said: Any) -> ReconciliationRequest:
    user = world.officers[office]
    return correcting.correct(
        request_id=request.pk,
        correction=Correction(**said),
        remark="Recounted.",
        officer=officer_of(user.pk),
        by=user,
        at=ANSWERED,
    )


class TestADiscrepancy:
    def test_becomes_a_cancelling_and_a_new_stamp(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)

        correct(world, request, "TJDYU001", packages=420)

        first, cancelling, new = carnet.stamps.filter(page=8).order_by("sequence")
        assert (cancelling.cancels, cancelling.cancel_reason) == (first.pk, "Recounted.")
        assert (new.packages, new.occurred_at, new.seals_found) == (420, first.occurred_at, first.seals_found)
        assert {cancelling.made, new.made} == {"corrected"}
        assert (cancelling.is_vouched, new.is_vouched) == (True, True)
        operation = carnet.operations.get(sequence=4)
        assert (operation.termination_stamp, operation.packages) == (new.pk, 420)
        event = request.events.last()
        assert event is not None
        assert (event.verb, event.office, event.stamps) == ("correct", "TJDYU001", [cancelling.pk, new.pk])

    def test_leaves_no_difference_behind_and_discharges(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)
        reconcile(RETURNED)
        assert carnet.operations.get(sequence=4).status == "terminated"

        correct(world, request, "TJDYU001", packages=420)

        request.refresh_from_db()
        assert request.status == RequestStatus.CORRECTED
        assert request.carnet.carnet_return.differences == []
        reconcile(ANSWERED)
        assert carnet.operations.get(sequence=4).status == "discharged"
        assert Carnet.objects.get(pk=carnet.pk).status == CarnetStatus.RETURNED

    def test_is_no_other_office_s_to_correct(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)

        with pytest.raises(CancellationRefused) as refused:
            correct(world, request, "TJDUS001", packages=420)

        assert refused.value.error_code == "cancelled_by_other_office"
        assert carnet.stamps.filter(page=8).count() == 1
        request.refresh_from_db()
        assert request.status == RequestStatus.OPEN

    def test_that_is_refused_leaves_the_attempt_on_record_and_nothing_else(
        self, world: World, carnet: Carnet
    ) -> None:
        request = ask(world, carnet, page=8, packages=420)
        before = Scan.objects.count()

        with pytest.raises(CancellationRefused):
            correct(world, request, "TJDUS001", packages=420)

        [attempt] = Scan.objects.order_by("-pk")[: Scan.objects.count() - before]
        assert (attempt.purpose, attempt.page, attempt.codes) == ("stamp", 8, ["cancelled_by_other_office"])
        assert attempt.office is not None
        assert attempt.office.code == "TJDUS001"
        assert list(request.events.values_list("verb", flat=True)) == ["open"]

    def test_keeps_all_else_that_the_stamp_said(self, world: World) -> None:
        """A suspension, a partial termination, seals removed: what the counterfoil is not about stays as it was."""
        carnet = world.issue()
        said = {
            "is_suspension": True, "goes_on": True, "seals_removed": ("A-10023",), "mass_kg": 8200,
            "packages_presented": 421, "containers": ("CSQU3054383",),
        }  # fmt: skip
        world.travel(carnet, upto=4, but={4: said})
        request = ask(world, carnet, page=4, packages=419)

        correct(world, request, "KZQZQ001", packages=419)

        new = carnet.stamps.filter(page=4).latest("sequence")
        assert new.packages == 419
        assert {name: getattr(new, name) for name in said} == {
            name: list(value) if isinstance(value, tuple) else value for name, value in said.items()
        }
        assert carnet.operations.get(sequence=2).is_suspended

    def test_is_corrected_by_who_serves_there_now(self, world: World, carnet: Carnet) -> None:
        """Whoever was posted to the office after the stamp answers for its record."""
        request = ask(world, carnet, page=8, packages=420)
        newcomer = world.officers["TJDUS001"]
        Posting.objects.filter(user=newcomer).update(valid_to=RETURNED.date())
        office = world.officers["TJDYU001"].postings.get().office
        Posting.objects.create(user=newcomer, office=office, valid_from=RETURNED.date())

        correct(world, request, "TJDUS001", packages=420)

        assert carnet.operations.get(sequence=4).packages == 420

    def test_is_not_corrected_by_saying_the_same(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)

        with pytest.raises(correcting.NothingCorrected):
            correct(world, request, "TJDYU001", packages=419)

    def test_is_not_corrected_from_no_office(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)
        Posting.objects.update(valid_to=START.date())

        with pytest.raises(NotPosted):
            correct(world, request, "TJDYU001", packages=420)

    def test_is_answered_once(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=8, packages=420)
        correct(world, request, "TJDYU001", packages=420)

        with pytest.raises(requests.RequestAnswered):
            correct(world, request, "TJDYU001", packages=418)

        assert carnet.stamps.filter(page=8).count() == 3


class TestAMissingTermination:
    def test_becomes_a_late_stamp(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=6, packages=420)

        correct(world, request, "UZSYA001", occurred_at=START + 61 * HOUR, packages=420, seals_intact=True)

        stamp = carnet.stamps.get(page=6)
        assert (stamp.made, stamp.is_vouched) == ("corrected", True)
        assert (stamp.occurred_at, stamp.recorded_at) == (START + 61 * HOUR, ANSWERED)
        assert carnet.operations.get(sequence=3).terminated_at == START + 61 * HOUR
        assert carnet.carnet_return.differences == []

    def test_needs_its_time(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=6)

        with pytest.raises(correcting.CorrectionIncomplete):
            correct(world, request, "UZSYA001", packages=420)

    def test_that_came_meanwhile_is_corrected_like_any_other(self, world: World, carnet: Carnet) -> None:
        request = ask(world, carnet, page=6, packages=420)
        world.stamp(
            carnet,
            6,
            START + 61 * HOUR,
            is_offline=True,
            now=ANSWERED - DAY,
            **{**in_order(carnet, 6), "packages": 1},
        )

        correct(world, request, "UZSYA001", packages=420)

        assert carnet.stamps.filter(page=6).count() == 3
        assert carnet.operations.get(sequence=3).packages == 420
