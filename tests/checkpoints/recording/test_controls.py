"""Controls on the way (art. 24 and others): recorded once, where they can be true, and taken into account at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from carnets.models import Carnet, TirOperation
from checkpoints.choices import ControlResult
from checkpoints.evidence.dockets import CarnetUnknown
from checkpoints.models import ControlRecord
from checkpoints.posts.postings import NotPosted, officer_of
from checkpoints.recording.controls import (
    ControlIdReused,
    ControlRefused,
    ControlRequest,
    Recorded,
    record_control,
)
from checkpoints.recording.photos import PhotoRefused
from tests.pictures import JPEG
from tests.threads import at_once, raised, returned
from tests.world import HOUR, SEALS, START, World, reconcile

NOON = START + 12 * HOUR
DAY = timedelta(days=1)


def control(world: World, carnet: Carnet, office: str = "CNURC001", **said: Any) -> Recorded:
    facts = {
        "id": uuid4(), "number": carnet.number, "kind": "seals", "result": "satisfactory", "occurred_at": NOON, **said,
    }  # fmt: skip
    at, photos = facts.pop("at", facts["occurred_at"]), facts.pop("photos", ())
    officer = officer_of(world.officers[office].pk)
    return record_control(request=ControlRequest(**facts), photos=photos, officer=officer, at=at)


def started(world: World) -> Carnet:
    carnet = world.issue()
    world.stamp(carnet, 1, START + HOUR, seals_affixed=SEALS)
    return carnet


class TestRecordControl:
    def test_keeps_it_with_its_photos(self, world: World) -> None:
        recorded = control(world, started(world), seals_removed=SEALS, seals_affixed=("C-7",), photos=[JPEG])

        record = ControlRecord.objects.get(pk=recorded.control.pk)
        assert recorded.is_new
        assert (record.office.code, record.seals_removed, record.seals_affixed) == (
            "CNURC001",
            [*SEALS],
            ["C-7"],
        )
        assert bytes(record.photos.get().content) == JPEG[1]

    def test_replaces_seals_without_a_certified_report(self, world: World) -> None:
        """Art. 24, 35: the new seals go on record, and no report is asked for (art. 25)."""
        carnet = started(world)
        control(world, carnet, seals_found=SEALS, seals_removed=SEALS, seals_affixed=("C-7",))

        said = {"seals_intact": True, "seals_found": ("C-7",), "packages": 420}
        outcome = world.stamp(carnet, 2, NOON + HOUR, **said)

        assert outcome.row is not None
        assert outcome.row["receipt"]["warnings"] == []
        assert reconcile(NOON + 2 * DAY).discharged == 1

    def test_is_taken_from_any_office_on_the_route_or_not(self, world: World) -> None:
        carnet = world.issue((("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")), vouchers=4)

        assert control(world, carnet, "UZTAS001").control.office.code == "UZTAS001"

    def test_holds_a_discrepancy_against_a_page_with_a_stamp(self, world: World) -> None:
        carnet = started(world)

        control(world, carnet, result=ControlResult.DISCREPANCY, against=1)

        assert TirOperation.objects.get(carnet=carnet, sequence=1).is_disputed
        with pytest.raises(ControlRefused) as refused:
            control(world, carnet, result=ControlResult.DISCREPANCY, against=2)
        assert refused.value.error_code == "page_not_stamped"

    def test_holds_nothing_against_a_page_that_it_found_in_order(self, world: World) -> None:
        carnet = started(world)

        control(world, carnet, against=1)

        operation = TirOperation.objects.get(carnet=carnet, sequence=1)
        assert not operation.is_disputed

    def test_answers_a_replay_with_the_first(self, world: World) -> None:
        carnet = started(world)
        same = {"id": uuid4(), "photos": [JPEG], "text": "in order"}
        first = control(world, carnet, **same)

        again = control(world, carnet, **same, at=NOON + HOUR)

        assert (again.is_new, again.control.pk, again.control.recorded_at) == (False, first.control.pk, NOON)
        assert ControlRecord.objects.count() == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"kind": "xray"}, {"result": "discrepancy"}, {"occurred_at": NOON + HOUR}, {"reason": "profile"},
            {"text": "other"}, {"seals_found": SEALS}, {"seals_removed": SEALS}, {"seals_affixed": SEALS},
            {"packages": 1}, {"mass_kg": 1}, {"device": "gate 2"}, {"photos": []}, {"office": "CNHRS001"},
        ],
        ids=lambda other: next(iter(other)),
    )  # fmt: skip
    def test_refuses_the_same_id_for_something_else(self, world: World, other: dict[str, Any]) -> None:
        carnet, id = started(world), uuid4()
        control(world, carnet, id=id, photos=[JPEG])

        with pytest.raises(ControlIdReused):
            control(world, carnet, **{"id": id, "photos": [JPEG], **other})

    @pytest.mark.parametrize(
        ("occurred_at", "code"),
        [(NOON + HOUR, "occurred_in_future"), (START - HOUR, "occurred_before_issue")],
    )
    def test_refuses_a_time_that_cannot_be(self, world: World, occurred_at: Any, code: str) -> None:
        with pytest.raises(ControlRefused) as refused:
            control(world, started(world), occurred_at=occurred_at, at=NOON)
        assert refused.value.error_code == code

    def test_takes_a_clock_that_is_ten_minutes_off(self, world: World) -> None:
        ten, eleven = timedelta(minutes=10), timedelta(minutes=11)

        for occurred_at in (START - ten, NOON + ten):
            assert control(world, world.issue(), occurred_at=occurred_at, at=NOON).is_new
        for occurred_at in (START - eleven, NOON + eleven):
            with pytest.raises(ControlRefused):
                control(world, world.issue(), occurred_at=occurred_at, at=NOON)

    def test_refuses_what_nobody_can_certify(self, world: World) -> None:
        carnet = started(world)

        with pytest.raises(CarnetUnknown):
            control(world, carnet, number="XZ99999999")
        with pytest.raises(PhotoRefused):
            control(world, carnet, photos=[("image/svg+xml", b"<svg/>")])
        world.officers["CNURC001"].postings.update(valid_to=START.date())
        with pytest.raises(NotPosted):
            control(world, carnet)
        assert not ControlRecord.objects.exists()

    def test_is_never_changed(self, world: World) -> None:
        control(world, started(world))

        with pytest.raises(DatabaseError), transaction.atomic():
            ControlRecord.objects.update(text="nothing was found")


class TestRecordControlAtOnce:
    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_two_carnets_have_an_id(self, world: World) -> None:
        one, other, id = world.issue(), world.issue(), uuid4()

        results = at_once(lambda: control(world, one, id=id), lambda: control(world, other, id=id))

        assert len(returned(results)) == 1
        assert [type(error) for error in raised(results)] == [ControlIdReused]
