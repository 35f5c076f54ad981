"""How a device stands: what waits too long is seen by the server's clock, also when the device is silent."""

from datetime import timedelta
from typing import Any

import pytest

from checkpoints.models import Device
from checkpoints.phones import devices, standing
from checkpoints.phones.standing import Urgency
from checkpoints.posts.postings import Officer, officer_of
from tests.world import HOUR, START, World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def officer(world: World) -> Officer:
    return officer_of(world.officers["CNURC001"].pk)


@pytest.fixture
def phone(officer: Officer) -> Device:
    return devices.enrol(name="Phone", lane="2", token_digest="one", by=officer, at=START)


def says(device: Device, at: Any, **said: Any) -> Device:
    facts = {"unsent": 3, "oldest_unsent_at": START, "app_version": "2.0"}
    return devices.record_device_state(device_id=device.pk, at=at, **{**facts, **said})


def concerns(at: Any) -> list[str]:
    return [device.name for device in standing.of_concern(Device.objects.all(), at)]


@pytest.mark.parametrize(
    ("later", "urgent"),
    [
        (4 * HOUR - MINUTE, Urgency.NONE),
        (4 * HOUR, Urgency.AMBER),
        (24 * HOUR - MINUTE, Urgency.AMBER),
        (24 * HOUR, Urgency.RED),
        (300 * HOUR, Urgency.RED),
    ],
)
class TestWhatWaits:
    def test_grows_urgent_while_the_device_speaks(
        self, phone: Device, later: timedelta, urgent: Urgency
    ) -> None:
        heard = says(phone, START + later)

        assert standing.urgency(heard, START + later) is urgent
        assert concerns(START + later) == ([] if urgent is Urgency.NONE else ["Phone"])

    def test_grows_as_urgent_while_it_is_silent(
        self, phone: Device, later: timedelta, urgent: Urgency
    ) -> None:
        says(phone, START)

        assert standing.urgency(Device.objects.get(), START + later) is urgent
        assert concerns(START + later) == ([] if urgent is Urgency.NONE else ["Phone"])

    def test_of_an_old_app_counts_from_when_it_was_first_heard_of(
        self, phone: Device, later: timedelta, urgent: Urgency
    ) -> None:
        says(phone, START, oldest_unsent_at=None)
        says(phone, START + later, oldest_unsent_at=None)

        assert standing.urgency(Device.objects.get(), START + later) is urgent

    def test_is_no_younger_by_a_clock_that_runs_ahead(
        self, phone: Device, later: timedelta, urgent: Urgency
    ) -> None:
        says(phone, START, oldest_unsent_at=START + 50 * HOUR)
        says(phone, START + later, oldest_unsent_at=START + later + 50 * HOUR)

        assert standing.urgency(Device.objects.get(), START + later) is urgent

    def test_is_over_once_it_was_sent_or_the_device_revoked(
        self, phone: Device, officer: Officer, later: timedelta, urgent: Urgency
    ) -> None:
        at = START + later
        says(phone, START)
        other = devices.enrol(name="Tablet", lane="", token_digest="two", by=officer, at=START)
        says(other, START)

        sent = says(phone, at, unsent=0)
        gone = devices.revoke(device_id=other.pk, reason="lost", by=officer.user_id, at=at)

        assert [standing.urgency(each, at) for each in (sent, gone)] == [Urgency.NONE, Urgency.NONE]
        assert concerns(at) == []


class TestALoss:
    def test_is_red_until_it_is_settled_even_on_a_revoked_device(
        self, phone: Device, officer: Officer
    ) -> None:
        by, at = officer.user_id, START + HOUR
        says(phone, START)
        assert concerns(at) == []

        emptied = says(phone, at, unsent=0, emptied_by=by)
        devices.revoke(device_id=phone.pk, reason="replaced", by=by, at=at)

        assert standing.urgency(emptied, at) is Urgency.RED
        assert concerns(at) == ["Phone"]
        settled = devices.settle_losses(device_id=phone.pk, reason="Recorded from paper.", by=by, at=at)
        assert standing.urgency(settled, at) is Urgency.NONE
        assert concerns(at) == []
