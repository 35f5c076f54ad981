"""Devices of an office: where one is enrolled, what it says of itself, and what stands once it is revoked."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from checkpoints.models import Device
from checkpoints.phones import devices
from checkpoints.phones.devices import DeviceIsRevoked, DeviceUnknown
from checkpoints.posts.postings import NotPosted, Officer, officer_of
from tests.world import HOUR, LONG_AGO, START, World

ANSWERED = START + HOUR


@pytest.fixture
def officer(world: World) -> Officer:
    return officer_of(world.officers["CNURC001"].pk)


@pytest.fixture
def phone(officer: Officer) -> Device:
    return devices.enrol(name="Phone", lane="2", token_digest="one", by=officer, at=START)


def heard(device_id: Any, **said: Any) -> Device:
    facts = {"unsent": 3, "oldest_unsent_at": START, "app_version": "2.0", "at": ANSWERED}
    return devices.record_device_state(device_id=device_id, **{**facts, **said})


def revoked(device_id: Any, by: Officer, reason: str = "lost", hours: int = 2) -> Device:
    return devices.revoke(device_id=device_id, reason=reason, by=by.user_id, at=START + hours * HOUR)


class TestEnrolment:
    def test_is_at_the_office_where_the_officer_serves(self, officer: Officer, phone: Device) -> None:
        kept = Device.objects.select_related("office").get(pk=phone.pk)

        assert (kept.office.code, kept.officer_id, kept.enrolled_at) == ("CNURC001", officer.user_id, START)
        assert (kept.name, kept.lane, kept.revoked_at) == ("Phone", "2", None)

    def test_needs_a_posting_on_that_day(self, officer: Officer) -> None:
        before = START.replace(year=LONG_AGO.year - 1)
        with pytest.raises(NotPosted):
            devices.enrol(name="Phone", lane="", token_digest="one", by=officer, at=before)
        assert not Device.objects.exists()

        devices.enrol(name="Phone", lane="", token_digest="one", by=officer, at=START)
        assert Device.objects.count() == 1


class TestState:
    def test_is_what_the_device_said_last(self, phone: Device) -> None:
        heard(phone.pk)

        kept = Device.objects.get(pk=phone.pk)
        assert (kept.unsent, kept.oldest_unsent_at) == (3, START)
        assert (kept.app_version, kept.last_seen_at) == ("2.0", ANSWERED)

    def test_has_no_oldest_stamp_once_all_were_sent(self, phone: Device) -> None:
        heard(phone.pk)
        heard(phone.pk, unsent=0)

        kept = Device.objects.get(pk=phone.pk)
        assert (kept.unsent, kept.oldest_unsent_at) == (0, None)

    @pytest.mark.parametrize(("said", "lane"), [(None, "2"), ("5", "5"), ("", "")])
    def test_keeps_the_lane_unless_another_is_named(self, phone: Device, said: str | None, lane: str) -> None:
        heard(phone.pk, lane=said)

        assert Device.objects.get(pk=phone.pk).lane == lane

    def test_is_not_taken_from_a_device_that_was_revoked(self, officer: Officer, phone: Device) -> None:
        other = devices.enrol(name="Tablet", lane="", token_digest="two", by=officer, at=START)
        revoked(phone.pk, officer)

        with pytest.raises(DeviceIsRevoked) as refusal:
            heard(phone.pk)

        assert refusal.value.facts["revoked_at"] == START + 2 * HOUR
        assert Device.objects.get(pk=phone.pk).last_seen_at is None
        assert heard(other.pk).last_seen_at == ANSWERED


class TestRevocation:
    def test_says_who_when_and_why(self, officer: Officer, phone: Device) -> None:
        revoked(phone.pk, officer)

        kept = Device.objects.get(pk=phone.pk)
        assert (kept.revoked_at, kept.revoked_by_id, kept.revoke_reason) == (
            START + 2 * HOUR, officer.user_id, "lost",
        )  # fmt: skip

    def test_stands_as_it_was_made_first(self, world: World, officer: Officer, phone: Device) -> None:
        revoked(phone.pk, officer)
        again = revoked(phone.pk, officer_of(world.officers["KZHOR001"].pk), "replaced", 9)

        kept = Device.objects.get(pk=phone.pk)
        assert (again.revoked_at, again.revoke_reason) == (START + 2 * HOUR, "lost")
        assert (kept.revoked_at, kept.revoked_by_id) == (START + 2 * HOUR, officer.user_id)


class TestAnUnknownDevice:
    @pytest.mark.parametrize("act", [heard, lambda device_id: devices.revoke(
        device_id=device_id, reason="lost", by=Device.objects.get().officer_id, at=ANSWERED
    )])  # fmt: skip
    def test_neither_reports_nor_is_revoked(self, phone: Device, act: Callable[[Any], Device]) -> None:
        with pytest.raises(DeviceUnknown):
            act(uuid4())

        assert act(phone.pk).pk == phone.pk


class TestToken:
    def test_leads_to_the_device_that_carries_it(self, phone: Device) -> None:
        assert devices.device_with("one") == phone.pk
        assert devices.device_with("two") is None

    def test_is_known_as_a_revoked_devices_only_once_it_was_revoked(
        self, officer: Officer, phone: Device
    ) -> None:
        assert devices.revoked_with("one") is None

        revoked(phone.pk, officer)

        assert devices.revoked_with("one") == phone
        assert devices.revoked_with("two") is None
