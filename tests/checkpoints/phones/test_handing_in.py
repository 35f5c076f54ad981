"""Stamps from a phone's file: they say that they were handed in, and who vouches for them."""

from uuid import UUID, uuid4

import pytest

from checkpoints import shift
from checkpoints.models import Stamp
from checkpoints.phones import devices
from checkpoints.phones.handing_in import HandIn, hand_in
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from checkpoints.shift import Shift
from tests.world import HOUR, SEALS, START, World


def handed_in(world: World, device_id: UUID | None = None) -> HandIn:
    """Begin the hand-in of what the officer of the departure office made, by that officer."""
    user = world.officers["CNURC001"]
    at = START + 2 * HOUR
    return hand_in(certified_by=user.username, device_id=device_id, by=officer_of(user.pk), at=at)


def hand_in_one(world: World, device_id: UUID | None) -> Stamp:
    """Hand in the acceptance of a new carnet, made by the officer who hands it in."""
    request = world.request(world.issue(), 1, START + HOUR, is_offline=True, seals_affixed=SEALS)
    [outcome] = handed_in(world, device_id).record_stamps([request])
    assert outcome.error is None
    return Stamp.objects.get(pk=request.id)


def enrolled(world: World, office: str) -> UUID:
    officer = officer_of(world.officers[office].pk)
    return devices.enrol(name="Phone", lane="", token_digest=office, by=officer, at=START).pk


class TestOrigin:
    def test_is_said_in_the_ledger(self, world: World) -> None:
        stamp = hand_in_one(world, None)

        assert stamp.made == "handed_in"
        assert stamp.origin.certified_by == world.officers["CNURC001"]

    @pytest.mark.parametrize(
        ("office", "is_vouched"), [("CNURC001", True), ("KZHOR001", False), (None, False)]
    )
    def test_is_vouched_for_by_a_device_of_the_office_alone(
        self, world: World, office: str | None, is_vouched: bool
    ) -> None:
        device_id = enrolled(world, office) if office else uuid4()

        assert hand_in_one(world, device_id).is_vouched is is_vouched

    def test_counts_as_offline_at_the_office(self, world: World) -> None:
        hand_in_one(world, None)

        count = shift.tally(Shift(register().by_code["CNURC001"], START, START + 24 * HOUR))
        assert (count.stamps, count.from_offline) == (1, 1)
