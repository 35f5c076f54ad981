"""Devices of an office: where one is enrolled, what it says of itself, and what stands once it is revoked."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from checkpoints.models import Device, DeviceEvent
from checkpoints.phones import devices, standing
from checkpoints.phones.devices import DeviceIsRevoked, DeviceUnknown, NothingLost
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


class TestEvents:
    def test_say_what_became_of_the_device_and_by_whom(self, officer: Officer, phone: Device) -> None:
        heard(phone.pk)
        revoked(phone.pk, officer)
        revoked(phone.pk, officer, "again", 5)

        assert told(phone) == [("enrolled", START, ""), ("revoked", START + 2 * HOUR, "lost")]
        assert set(DeviceEvent.objects.values_list("by_id", flat=True)) == {officer.user_id}

    def test_are_made_of_what_was_known_before_there_were_any(self, officer: Officer) -> None:
        facts = {"name": "Old", "office_id": officer.office_id_on(START), "officer_id": officer.user_id}
        revoked = {"revoked_at": ANSWERED, "revoked_by_id": officer.user_id, "revoke_reason": "lost"}
        lost = Device.objects.create(id=uuid4(), token_digest="a", enrolled_at=START, **facts, **revoked)
        kept = Device.objects.create(id=uuid4(), token_digest="b", enrolled_at=START, **facts)

        with connection.cursor() as cursor:
            cursor.execute(import_module("checkpoints.migrations.0003_device_events").ENROLLED_BEFORE)

        assert told(kept) == [("enrolled", START, "")]
        assert told(lost) == [("enrolled", START, ""), ("revoked", ANSWERED, "lost")]


class TestALoss:
    def test_keeps_what_was_known_to_be_unsent(self, officer: Officer, phone: Device) -> None:
        heard(phone.pk)

        kept = heard(phone.pk, unsent=0, emptied_by=officer.user_id, at=START + 3 * HOUR)

        loss = standing.unsettled(phone).get()
        assert (loss.unsent, loss.oldest_unsent_at, loss.at) == (3, START, START + 3 * HOUR)
        assert (loss.by_id, kept.unsent, kept.oldest_unsent_at) == (officer.user_id, 0, None)

    def test_reported_twice_is_one(self, officer: Officer, phone: Device) -> None:
        heard(phone.pk)
        for _time in range(2):
            heard(phone.pk, unsent=0, emptied_by=officer.user_id)
        assert standing.unsettled(phone).count() == 1

        heard(phone.pk, unsent=2)
        heard(phone.pk, unsent=0, emptied_by=officer.user_id)
        assert list(standing.unsettled(phone).values_list("unsent", flat=True)) == [3, 2]

    def test_of_nothing_known_is_kept_as_well(self, officer: Officer, phone: Device) -> None:
        heard(phone.pk, unsent=0)
        assert not standing.unsettled(phone).exists()

        heard(phone.pk, unsent=0, emptied_by=officer.user_id)

        assert standing.unsettled(phone).get().unsent == 0

    def test_is_settled_once_by_a_person_with_a_reason(
        self, world: World, officer: Officer, phone: Device
    ) -> None:
        heard(phone.pk)
        heard(phone.pk, unsent=0, emptied_by=officer.user_id)
        other = world.officers["CNHRS001"].pk

        settle(phone, other, "All three recorded from counterfoils.")

        event = DeviceEvent.objects.get(kind="loss_settled")
        assert (event.by_id, event.settles.unsent) == (other, 3)
        assert told(phone)[-1] == ("loss_settled", START + 5 * HOUR, "All three recorded from counterfoils.")
        with pytest.raises(NothingLost):
            settle(phone, other, "Once more.")

    def test_is_not_settled_without_a_reason(self, officer: Officer, phone: Device) -> None:
        heard(phone.pk, unsent=0, emptied_by=officer.user_id)

        with pytest.raises(IntegrityError, match="device_loss_settled_with_reason"), transaction.atomic():
            settle(phone, officer.user_id, "")
        settle(phone, officer.user_id, "Nothing was on it.")


def settle(phone: Device, by: int, reason: str) -> Device:
    return devices.settle_losses(device_id=phone.pk, reason=reason, by=by, at=START + 5 * HOUR)


def told(phone: Device) -> list[tuple[str, Any, str]]:
    return list(DeviceEvent.objects.filter(device=phone).values_list("kind", "at", "reason"))


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
