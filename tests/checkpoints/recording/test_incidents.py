"""Certified reports and refusals: recorded once, only where they can be true, and taken into account at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from carnets.models import Carnet, TirOperation
from checkpoints.choices import DrawnBy, IncidentKind, RefusalReason
from checkpoints.evidence.dockets import CarnetUnknown
from checkpoints.models import Incident, IncidentPhoto, Refusal
from checkpoints.posts.postings import NotPosted, officer_of
from checkpoints.recording import incidents, scanning
from checkpoints.recording.incidents import (
    IncidentIdReused,
    OperationAlreadyStarted,
    ReportRefused,
)
from checkpoints.recording.photos import PhotoRefused
from tests.pictures import JPEG, PNG
from tests.threads import at_once, raised, returned
from tests.world import HOUR, START, World, reconcile

NOON = START + 12 * HOUR
DAY = timedelta(days=1)
SEALS = ("A-10023", "A-10024")


def report(world: World, carnet: Carnet, office: str = "KZHOR001", **said: Any) -> Incident:
    said.setdefault("id", uuid4())
    said.setdefault("kind", IncidentKind.SEALS_BROKEN)
    said.setdefault("description", "Seal broken in the queue.")
    said.setdefault("number", carnet.number)
    said.setdefault("occurred_at", NOON)
    said.setdefault("at", said["occurred_at"])
    return incidents.report_incident(officer=officer_of(world.officers[office].pk), **said)


def refuse(world: World, carnet: Carnet, page: int, office: str, **said: Any) -> Refusal:
    said.setdefault("id", uuid4())
    said.setdefault("reason", RefusalReason.SEALS_NOT_IN_ORDER)
    said.setdefault("text", "A seal is missing.")
    said.setdefault("number", carnet.number)
    said.setdefault("occurred_at", NOON)
    said.setdefault("at", said["occurred_at"])
    return incidents.refuse_start(page=page, officer=officer_of(world.officers[office].pk), **said)


def start(world: World, carnet: Carnet) -> None:
    world.stamp(carnet, 1, START + HOUR, seals_affixed=SEALS)


class TestReportIncident:
    def test_keeps_the_report_with_its_photos(self, world: World) -> None:
        carnet = world.issue()

        incident = report(world, carnet, seals_broken=["A-10023"], seals_affixed=["K-1"], photos=[JPEG, PNG])

        assert (incident.office.code, incident.officer) == ("KZHOR001", world.officers["KZHOR001"])
        assert incident.seals_broken == ["A-10023"]
        assert {bytes(photo.content) for photo in incident.photos.all()} == {JPEG[1], PNG[1]}
        assert Carnet.objects.get(pk=carnet.pk).has_events

    def test_explains_the_seals_that_the_next_office_finds(self, world: World) -> None:
        carnet = world.issue()
        start(world, carnet)
        report(world, carnet, "CNHRS001", seals_broken=["A-10023"], seals_affixed=["C-9"])

        outcome = world.stamp(
            carnet, 2, NOON + HOUR, seals_intact=True, seals_found=("A-10024", "C-9"), packages=420
        )

        assert outcome.row is not None
        assert outcome.row["receipt"]["warnings"] == []
        assert reconcile(NOON + 2 * DAY).discharged == 1

    def test_cures_an_irregularity_when_it_comes_after_reconciliation(self, world: World) -> None:
        carnet = world.issue()
        start(world, carnet)
        world.stamp(carnet, 2, NOON, seals_intact=False, seals_found=SEALS[1:], packages=420)
        assert reconcile(NOON + HOUR).flagged == 1

        report(
            world, carnet, "CNHRS001", seals_broken=SEALS[:1], occurred_at=NOON + HOUR / 2, at=NOON + 2 * HOUR
        )

        tally = reconcile(NOON + 2 * DAY)
        assert (tally.cured, tally.discharged) == (1, 1)

    def test_answers_a_replay_with_the_first_report(self, world: World) -> None:
        carnet = world.issue()
        same = {"id": uuid4(), "photos": [JPEG]}
        first = report(world, carnet, **same)

        again = report(world, carnet, **same, at=NOON + HOUR)

        assert (again.pk, again.recorded_at) == (first.pk, NOON)
        assert (Incident.objects.count(), IncidentPhoto.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        "other",
        [
            {"description": "Something else."},
            {"kind": IncidentKind.OTHER},
            {"seals_affixed": ["K-2"]},
            {"vehicles": ["77KZ777"]},
            {"occurred_at": NOON + HOUR},
            {"photos": [PNG]},
        ],
        ids=lambda other: next(iter(other)),
    )
    def test_refuses_the_same_id_for_something_else(self, world: World, other: dict[str, Any]) -> None:
        carnet, id = world.issue(), uuid4()
        report(world, carnet, id=id, photos=[JPEG])

        with pytest.raises(IncidentIdReused):
            report(world, carnet, id=id, **{"photos": [JPEG], **other})
        assert Incident.objects.count() == 1

    def test_refuses_the_id_of_a_report_on_another_carnet(self, world: World) -> None:
        one, other, id = world.issue(), world.issue(), uuid4()
        report(world, one, id=id)

        with pytest.raises(IncidentIdReused):
            report(world, other, id=id)

    def test_is_taken_from_any_approved_office(self, world: World) -> None:
        """A report says what happened between offices: whoever has the paper before him enters it."""
        carnet = world.issue(route=(("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")), vouchers=4)

        assert report(world, carnet, "UZTAS001").office.code == "UZTAS001"

    def test_keeps_who_drew_it_up_and_when(self, world: World) -> None:
        """A police report at night, entered two days later: it counts from when the damage was put on paper."""
        carnet = world.issue()
        start(world, carnet)
        said = {"drawn_by": DrawnBy.POLICE, "drawn_at": START + 2 * HOUR, "occurred_at": START + 50 * HOUR}

        incident = report(world, carnet, seals_broken=SEALS, seals_affixed=["P-1"], **said)
        outcome = world.stamp(carnet, 2, START + 21 * HOUR, now=START + 51 * HOUR, is_offline=True,
                              seals_intact=True, seals_found=("P-1",), packages=420)  # fmt: skip

        assert (incident.drawn_by, incident.drawn_at) == (DrawnBy.POLICE, START + 2 * HOUR)
        assert outcome.row is not None
        assert outcome.row["receipt"]["warnings"] == []

    @pytest.mark.parametrize(
        ("occurred_at", "code"),
        [(NOON + HOUR, "occurred_in_future"), (START - HOUR, "occurred_before_issue")],
    )
    def test_refuses_a_time_that_cannot_be(self, world: World, occurred_at: Any, code: str) -> None:
        carnet = world.issue()

        with pytest.raises(ReportRefused) as refused:
            report(world, carnet, occurred_at=occurred_at, at=NOON)
        assert refused.value.error_code == code

    def test_refuses_a_carnet_nobody_knows(self, world: World) -> None:
        with pytest.raises(CarnetUnknown):
            report(world, world.issue(), number="XZ99999999")

    def test_refuses_an_officer_without_a_posting(self, world: World) -> None:
        carnet = world.issue()
        world.officers["KZHOR001"].postings.update(valid_to=START.date() - timedelta(days=1))

        with pytest.raises(NotPosted):
            report(world, carnet)

    @pytest.mark.parametrize(
        ("photos", "code"),
        [
            ([JPEG] * 7, "too_many_photos"),
            ([("image/png", PNG[1] + bytes(1_000_000))], "photo_too_large"),
            ([("image/png", JPEG[1])], "photo_kind_not_accepted"),
            ([("image/svg+xml", b"<svg/>")], "photo_kind_not_accepted"),
            ([("image/jpeg", b"")], "photo_kind_not_accepted"),
        ],
    )
    def test_refuses_photos_that_do_not_fit(
        self, world: World, photos: list[tuple[str, bytes]], code: str
    ) -> None:
        with pytest.raises(PhotoRefused) as refused:
            report(world, world.issue(), photos=photos)
        assert refused.value.error_code == code
        assert not Incident.objects.exists()

    def test_takes_six_photos_of_a_megabyte(self, world: World) -> None:
        full = (PNG[0], PNG[1].ljust(1_000_000, b"."))

        assert report(world, world.issue(), photos=[full] * 6).photos.count() == 6

    def test_is_never_changed(self, world: World) -> None:
        report(world, world.issue(), photos=[JPEG])

        for model in (Incident, IncidentPhoto):
            with pytest.raises(DatabaseError), transaction.atomic():
                model._default_manager.all().delete()


class TestReportIncidentAtOnce:
    @pytest.mark.django_db(transaction=True)
    def test_records_one_report_for_one_id(self, world: World) -> None:
        carnet, id = world.issue(), uuid4()

        results = at_once(*[lambda: report(world, carnet, id=id)] * 4)

        assert [incident.pk for incident in returned(results)] == [id] * 4

    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_two_carnets_have_an_id(self, world: World) -> None:
        one, other, id = world.issue(), world.issue(), uuid4()

        results = at_once(lambda: report(world, one, id=id), lambda: report(world, other, id=id))

        assert len(returned(results)) == 1
        assert [type(error) for error in raised(results)] == [IncidentIdReused]


class TestRefuseStart:
    def test_is_an_event_and_leaves_the_operation_expected(self, world: World) -> None:
        carnet = world.issue()

        refusal = refuse(world, carnet, 3, "KZHOR001")

        operation = TirOperation.objects.get(carnet=carnet, sequence=2)
        assert (refusal.office.code, refusal.page) == ("KZHOR001", 3)
        assert (operation.was_refused, operation.status) == (True, "expected")

    def test_is_put_on_record_for_a_page_beyond_the_plan_too(self, world: World) -> None:
        assert refuse(world, world.issue(), 9, "UZYAL001").page == 9

    def test_does_not_bar_a_later_start(self, world: World) -> None:
        carnet = world.issue()
        refuse(world, carnet, 1, "CNURC001")

        look = scanning.scan(
            number=carnet.number, officer=officer_of(world.officers["CNURC001"].pk), occurred_at=NOON, at=NOON
        )
        world.stamp(carnet, 1, NOON + HOUR)

        assert "start_was_refused" in {finding.code for finding in look.findings}
        assert self.status(carnet, 1) == "started"

    def test_answers_a_replay_with_the_first_refusal(self, world: World) -> None:
        carnet, id = world.issue(), uuid4()
        refuse(world, carnet, 1, "CNURC001", id=id)

        assert refuse(world, carnet, 1, "CNURC001", id=id, at=NOON + HOUR).recorded_at == NOON
        assert Refusal.objects.count() == 1

    def test_answers_a_replay_even_when_the_operation_was_started_since(self, world: World) -> None:
        carnet, id = world.issue(), uuid4()
        refuse(world, carnet, 1, "CNURC001", id=id)
        world.stamp(carnet, 1, NOON + HOUR)

        assert refuse(world, carnet, 1, "CNURC001", id=id).pk == id

    @pytest.mark.parametrize(
        "other", [{"page": 3, "office": "KZHOR001"}, {"text": "No."}, {"reason": "other"}]
    )
    def test_refuses_the_same_id_for_something_else(self, world: World, other: dict[str, Any]) -> None:
        carnet, id = world.issue(), uuid4()
        refuse(world, carnet, 1, "CNURC001", id=id)

        with pytest.raises(IncidentIdReused):
            refuse(world, carnet, **{"page": 1, "office": "CNURC001", "id": id, **other})

    @pytest.mark.parametrize(
        ("page", "office", "code"),
        [
            (2, "CNHRS001", "page_parity"),
            (15, "CNHRS001", "page_range"),
            (-1, "CNHRS001", "page_range"),
        ],
    )
    def test_refuses_a_page_on_which_nothing_starts_here(
        self, world: World, page: int, office: str, code: str
    ) -> None:
        with pytest.raises(ReportRefused) as refused:
            refuse(world, world.issue(), page, office)
        assert refused.value.error_code == code

    def test_conflicts_with_a_start(self, world: World) -> None:
        carnet = world.issue()
        start(world, carnet)

        with pytest.raises(OperationAlreadyStarted) as conflict:
            refuse(world, carnet, 1, "CNURC001")
        assert conflict.value.facts["started_at"] == START + HOUR

    def test_conflicts_with_a_termination_whose_start_is_missing(self, world: World) -> None:
        carnet = world.issue()
        world.stamp(carnet, 2, START + HOUR)

        with pytest.raises(OperationAlreadyStarted):
            refuse(world, carnet, 1, "CNURC001")

    def status(self, carnet: Carnet, sequence: int) -> str:
        return TirOperation.objects.get(carnet=carnet, sequence=sequence).status


def test_ids_are_the_clients_own(world: World) -> None:
    id = UUID("00000000-0000-4000-8000-000000000001")

    assert report(world, world.issue(), id=id).pk == id
