"""Opening a carnet for what is no stamp: who may, which times can be, and that what it changes is written."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from carnets.models import Carnet
from checkpoints.evidence.dockets import CarnetUnknown, Docket
from checkpoints.posts.postings import NotPosted, Officer
from checkpoints.recording.incidents import ReportRefused
from checkpoints.recording.opening import ensure_possible_time, open_for_writing, write_events
from tests.threads import at_once, raised
from tests.world import HOUR, START, World, reconcile

AT = START + HOUR
MINUTE = timedelta(minutes=1)


def opened(world: World, carnet: Carnet) -> Docket:
    docket, _office = open_for_writing(carnet.number, world.officer("KZHOR001"), AT)
    return docket


class TestOpenForWriting:
    def test_gives_the_carnet_and_the_office_of_the_officer(self, world: World) -> None:
        carnet = world.issue()

        docket, office = open_for_writing(carnet.number, world.officer("KZHOR001"), AT)

        assert (docket.carnet.id, office.code) == (carnet.pk, "KZHOR001")

    @pytest.mark.django_db(transaction=True)
    def test_holds_the_carnet_to_the_end_of_the_transaction(self, world: World) -> None:
        carnet = world.issue()

        def seize() -> None:
            with transaction.atomic():
                Carnet.objects.select_for_update(nowait=True, no_key=True).get(pk=carnet.pk)

        with transaction.atomic():
            opened(world, carnet)
            during = at_once(seize)
        after = at_once(seize)

        assert [type(error) for error in raised(during)] == [OperationalError]
        assert raised(after) == []

    def test_refuses_a_carnet_nobody_knows(self, world: World) -> None:
        with pytest.raises(CarnetUnknown):
            open_for_writing("XZ99009999", world.officer("KZHOR001"), AT)

    def test_refuses_who_is_posted_nowhere(self, world: World) -> None:
        with pytest.raises(NotPosted):
            open_for_writing(world.issue().number, Officer(world.staff["CN"].pk, []), AT)


class TestWriteEvents:
    def test_writes_what_the_event_changed_and_that_there_is_one(self, world: World) -> None:
        carnet = world.issue()
        reconcile(START)
        carnet.refresh_from_db()
        assert (carnet.has_events, carnet.reconcile_at == AT) == (False, False)
        docket = opened(world, carnet)
        docket.events.refused_pages |= {3}

        write_events(docket, at=AT)

        carnet.refresh_from_db()
        assert (carnet.has_events, carnet.reconcile_at) == (True, AT)
        refused = carnet.operations.filter(was_refused=True)
        assert list(refused.values_list("sequence", flat=True)) == [2]


class TestEnsurePossibleTime:
    @pytest.mark.parametrize(
        ("occurred_at", "code"),
        [
            (AT + 10 * MINUTE, ""),  # a clock may be ten minutes off
            (AT + 11 * MINUTE, "occurred_in_future"),
            (START - 10 * MINUTE, ""),
            (START - 11 * MINUTE, "occurred_before_issue"),
        ],
    )
    def test_refuses_what_lies_ahead_or_before_the_issue(
        self, world: World, occurred_at: datetime, code: str
    ) -> None:
        docket = opened(world, world.issue(at=START))

        if not code:
            ensure_possible_time(ReportRefused, docket, occurred_at, AT)
            return
        with pytest.raises(ReportRefused) as refused:
            ensure_possible_time(ReportRefused, docket, occurred_at, AT)
        assert (refused.value.error_code, refused.value.field) == (code, "occurred_at")

    @pytest.mark.parametrize(("is_backdated", "is_refused"), [(False, True), (True, False)])
    def test_takes_the_future_of_a_carnet_for_trying_out(
        self, world: World, is_backdated: bool, is_refused: bool
    ) -> None:
        docket = opened(world, world.issue())
        docket.carnet.is_backdated = is_backdated

        if is_refused:
            with pytest.raises(ReportRefused):
                ensure_possible_time(ReportRefused, docket, AT + HOUR, AT)
        else:
            ensure_possible_time(ReportRefused, docket, AT + HOUR, AT)
