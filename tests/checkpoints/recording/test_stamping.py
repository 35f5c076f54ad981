"""Recording stamps: what is refused online, what is kept from offline, and that nothing which happened is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnets import issuing
from carnets.choices import Made
from carnets.models import Carnet
from checkpoints.models import CustomsOffice, Device, Stamp, StampOrigin
from checkpoints.recording.stamping import (
    Origin,
    OutcomeKind,
    StampRefused,
    VoucherAlreadyStamped,
    record_stamp,
    record_stamps,
)
from tests.evidence import certifications_of, request_of
from tests.ledger import balance_as_recorded
from tests.world import HOUR, OFFICES, SEALS, START, World, flagged, reconcile

DAY = timedelta(days=1)
UNPLANNED = {"office": "UZYAL001", "seals_intact": True}


def test_clean_journey_is_discharged(world: World) -> None:
    carnet = world.issue()
    end = world.travel(carnet)

    tally = reconcile(end + HOUR)

    assert (tally.discharged, tally.flagged) == (4, 0), list(
        carnet.irregularities.values("code", "page", "facts")
    )
    carnet = Carnet.objects.get(pk=carnet.pk)
    assert carnet.status == "discharged"
    world.guarantee.refresh_from_db()
    assert world.guarantee.exposure == 0 == balance_as_recorded(world.guarantee)


class TestNothingIsLost:
    """Invariant 9: any certification by any approved office on any page of any carnet can be put on record."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        page=st.integers(1, 14),
        office=st.sampled_from([code for code, *_rest in OFFICES]),
        before=st.integers(0, 8),
        withdrawn=st.sampled_from(["", "", "lost", "invalidated"]),
        data=st.data(),
    )
    def test_from_offline(
        self, world: World, page: int, office: str, before: int, withdrawn: str, data: st.DataObject
    ) -> None:
        """Whatever was stamped before, whatever the carnet's standing, whoever holds it."""
        carnet = world.issue()
        world.travel(carnet, upto=before) if before else None
        if withdrawn and not before:
            verb = issuing.report_lost if withdrawn == "lost" else issuing.invalidate
            verb(number=carnet.number, reason="by a test", by=world.staff["CN"], at=START)
        said = data.draw(certifications_of(page))
        at = START + 200 * HOUR

        request = request_of(said, number=carnet.number, id=uuid4(), occurred_at=at, is_offline=True)
        outcome = record_stamp(request=request, officer=world.officer(office), at=at)

        assert outcome.row is not None, outcome.error
        assert Stamp.objects.get(pk=request.id).office.code == office

    @pytest.mark.parametrize("office", ["UZYAL001", "KZALA001", "TJDUS001"])
    @pytest.mark.parametrize("page", [2, 4, 10, 14])
    def test_of_a_termination_online_once_it_is_confirmed(self, world: World, page: int, office: str) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=1)
        issuing.report_lost(
            number=carnet.number, reason="by a test", by=world.staff["CN"], at=START + 12 * HOUR
        )

        outcome = world.stamp(carnet, page, START + 20 * HOUR, office, is_unplanned=True, seals_intact=True)

        assert outcome.kind is OutcomeKind.RECORDED


class TestAnotherRoad:
    def test_is_refused_online_until_it_is_confirmed(self, world: World) -> None:
        carnet = world.issue()
        at = world.travel(carnet, upto=2) + HOUR

        with pytest.raises(StampRefused) as refused:
            world.stamp(carnet, 3, at, **UNPLANNED)
        assert refused.value.error_code == "not_planned"

        assert world.stamp(carnet, 3, at, **UNPLANNED, is_unplanned=True).kind is OutcomeKind.RECORDED

    def test_is_evidence_at_once_from_offline(self, world: World) -> None:
        carnet = world.issue()
        at = world.travel(carnet, upto=2) + HOUR

        outcome = world.stamp(carnet, 3, at, **UNPLANNED, is_offline=True)

        assert outcome.row is not None
        assert "not_planned" in {warning["code"] for warning in outcome.row["receipt"]["warnings"]}

    def test_needs_no_confirming_where_it_is_planned(self, world: World) -> None:
        carnet = world.issue()

        assert (
            world.stamp(carnet, 1, START + HOUR, seals_affixed=SEALS, is_unplanned=True).kind
            is OutcomeKind.RECORDED
        )

    def test_leaves_a_page_open_to_the_territory_that_the_plan_expects(self, world: World) -> None:
        """The stranger's stamp and the expected one are rivals, both on record, online too."""
        carnet = world.issue()
        at = world.travel(carnet, upto=2) + HOUR
        world.stamp(carnet, 3, at, **UNPLANNED, is_unplanned=True)

        with pytest.raises(VoucherAlreadyStamped):
            world.stamp(carnet, 3, at + HOUR, office="UZGIS001", is_unplanned=True)
        outcome = world.stamp(carnet, 3, at + HOUR, office="KZHOR001")

        assert (outcome.kind, outcome.row is not None) == (OutcomeKind.CONFLICT, True)
        reconcile(at + 2 * DAY)
        assert ("duplicate", 3) in flagged(carnet)


class TestHowItWasMade:
    @pytest.mark.parametrize(
        ("is_offline", "origin", "made"),
        [
            (False, None, Made.ONLINE),
            (True, None, Made.OFFLINE),
            (True, Origin(made=Made.HANDED_IN), Made.HANDED_IN),
            (True, Origin(made=Made.CORRECTED), Made.CORRECTED),
        ],
    )
    def test_follows_from_the_way_it_came(
        self, world: World, is_offline: bool, origin: Origin | None, made: str
    ) -> None:
        carnet = world.issue()
        origin = origin and Origin(certified_by_id=world.officers["CNURC001"].pk, made=origin.made)
        request = world.request(carnet, 1, START + HOUR, is_offline=is_offline)

        record_stamp(request=request, officer=world.officer("CNURC001"), at=START + HOUR, origin=origin)

        assert Stamp.objects.get().made == made

    def test_is_kept_for_every_stamp_of_a_batch(self, world: World) -> None:
        carnet, officer = world.issue(), world.officer("CNURC001")
        device = Device.objects.create(
            id=uuid4(), name="gate", office=CustomsOffice.objects.get(code="CNURC001"),
            officer=world.officers["CNURC001"], token_digest="x", enrolled_at=START,
        )  # fmt: skip
        requests = [world.request(carnet, page, START + page * HOUR, is_offline=True) for page in (1, 3, 5)]

        record_stamps(
            requests=requests, officer=officer, at=START + 9 * HOUR, origin=Origin(device_id=device.pk)
        )

        assert StampOrigin.objects.filter(device=device).count() == 3


class TestARefusal:
    @pytest.mark.parametrize("is_offline", [True, False])
    def test_of_what_no_such_paper_can_bear_comes_from_offline_too(
        self, world: World, is_offline: bool
    ) -> None:
        carnet = world.issue()

        with pytest.raises(StampRefused) as refused:
            world.stamp(carnet, 1, START + HOUR, reservation="two cartons wet", is_offline=is_offline)

        assert refused.value.error_code == "no_such_box"
        assert world.stamp(carnet, 1, START + HOUR, is_offline=is_offline).kind is OutcomeKind.RECORDED

    @pytest.mark.parametrize(("ahead", "is_refused"), [(10, False), (11, True)])
    def test_of_a_clock_ahead_is_for_online_alone(self, world: World, ahead: int, is_refused: bool) -> None:
        carnet, now = world.issue(), START + HOUR
        at = now + timedelta(minutes=ahead)

        if is_refused:
            with pytest.raises(StampRefused) as refused:
                world.stamp(carnet, 1, at, now=now)
            assert refused.value.error_code == "occurred_in_future"
            assert world.stamp(carnet, 1, at, now=now, is_offline=True).kind is OutcomeKind.RECORDED
        else:
            assert world.stamp(carnet, 1, at, now=now).kind is OutcomeKind.RECORDED
