"""Many stamps at once: one on which our own code fails is set apart by name, and no other is undone by it."""

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from checkpoints.models import Stamp
from checkpoints.recording import stamping
from checkpoints.recording.apart import record_each
from checkpoints.recording.stamping import Outcome, OutcomeKind, StampRequest
from tests.world import HOUR, START, World

OFFICE = "CNURC001"
Trouble = dict[str, Exception]


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """What our own code raises on the stamp of a carnet, after its row was written."""
    raised: Trouble = {}
    tell = stamping.deviations.tell_of_deviation

    def fail(docket: Any, row: Any, **how: Any) -> None:
        if docket.carnet.number in raised:
            raise raised[docket.carnet.number]
        tell(docket, row, **how)

    monkeypatch.setattr(stamping.deviations, "tell_of_deviation", fail)
    return raised


@pytest.fixture
def requests(world: World) -> list[StampRequest]:
    """The first stamps of seven carnets."""
    return [world.request(world.issue(), 1, START + HOUR, seals_affixed=("S1",)) for _each in range(7)]


def record(world: World, requests: list[StampRequest]) -> list[Outcome]:
    return record_each(requests=requests, officer=world.officer(OFFICE), at=START + HOUR)


def on_record() -> set[str]:
    return set(Stamp.objects.values_list("carnet__number", flat=True))


class TestOneThatFails:
    @pytest.mark.parametrize("places", [{0}, {3}, {6}, {1, 2}, {0, 6}, set(range(7))])
    def test_is_rejected_in_its_place_and_the_others_stand(
        self, world: World, requests: list[StampRequest], trouble: Trouble, places: set[int]
    ) -> None:
        numbers = [each.number for each in requests]
        trouble |= {numbers[place]: ZeroDivisionError(numbers[place]) for place in places}

        outcomes = record(world, requests)

        assert [each.request.number for each in outcomes] == numbers
        assert {place for place, each in enumerate(outcomes) if each.kind is OutcomeKind.REJECTED} == places
        assert on_record() == {number for place, number in enumerate(numbers) if place not in places}
        trouble.clear()
        record(world, requests)
        assert on_record() == set(numbers)

    def test_is_told_by_a_reference_that_the_log_has(
        self,
        world: World,
        requests: list[StampRequest],
        trouble: Trouble,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        trouble |= {each.number: ZeroDivisionError(each.number) for each in requests[2:4]}
        told = [each.error for each in record(world, requests) if each.error]

        references = [error.facts["reference"] for error in told]
        assert [error.code for error in told] == ["recording_failed"] * 2
        assert len(set(references)) == 2
        for reference, request in zip(references, requests[2:4], strict=True):
            assert f"item {request.id} was set apart, reference {reference}" in caplog.text
            assert f"ZeroDivisionError: {request.number}" in caplog.text


class TestTheDatabaseThatIsAway:
    @pytest.mark.parametrize("away", [OperationalError("gone"), InterfaceError("closed")])
    def test_is_no_stamp_s_fault(
        self, world: World, requests: list[StampRequest], trouble: Trouble, away: Exception
    ) -> None:
        """The whole batch comes again: a rejection would have an officer look for a fault that there is not."""
        trouble[requests[3].number] = away
        with pytest.raises(type(away)):
            record(world, requests)
        assert on_record() == set()

        trouble.clear()
        assert {each.kind for each in record(world, requests)} == {OutcomeKind.RECORDED}


def test_nothing_is_recorded_of_nothing(world: World) -> None:
    assert record(world, []) == []
