"""What happened at an office in a period, counted and timed from what is on record."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnets.models import Carnet
from checkpoints import shift
from checkpoints.phones import devices
from checkpoints.posts.offices import register
from checkpoints.posts.postings import officer_of
from checkpoints.recording import scanning
from checkpoints.recording.stamping import Origin, record_stamp
from checkpoints.shift import Handling, Shift
from tests.world import HOUR, START, World

MINUTE = timedelta(minutes=1)


def shift_at(code: str, hours: float = 24) -> Shift:
    return Shift(register().by_code[code], START, START + hours * HOUR)


def scan(world: World, carnet: Carnet, office: str, at: object) -> None:
    scanning.scan(
        number=carnet.number, officer=officer_of(world.officers[office].pk), occurred_at=at, at=at  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.django_db
class TestTally:
    def test_counts_what_came_on_record_in_the_period(self, world: World) -> None:
        first, second = world.issue(), world.issue()
        scan(world, first, "CNURC001", START + HOUR)
        world.stamp(first, 1, START + HOUR, seals_affixed=("A-1",))
        world.stamp(second, 1, START + 2 * HOUR, is_offline=True, now=START + 3 * HOUR)
        world.batch("CNURC001", [world.request(first, 3, START + 4 * HOUR)], START + 4 * HOUR)
        world.report(first, "CNURC001", START + 5 * HOUR)

        count = shift.tally(shift_at("CNURC001"))

        assert (count.stamps, count.from_offline, count.scans, count.stopped) == (2, 1, 1, 0)
        assert (count.refused_stamps, count.refusals, count.reports) == (1, 0, 1)

    def test_leaves_out_what_came_later_or_elsewhere(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=2)

        assert shift.tally(shift_at("CNURC001", hours=1)).stamps == 0
        assert shift.tally(shift_at("KZHOR001")).stamps == 0

    def test_counts_refused_starts(self, world: World) -> None:
        world.refuse(world.issue(), 1, START + HOUR)

        assert shift.tally(shift_at("CNURC001")).refusals == 1

    def test_adds_up_what_waits_on_devices(self, world: World) -> None:
        officer = officer_of(world.officers["CNURC001"].pk)
        for digest, unsent in (("a", 3), ("b", 4), ("c", 9)):
            device = devices.enrol(name=digest, lane="", token_digest=digest, by=officer, at=START)
            devices.record_device_state(
                device_id=device.pk, unsent=unsent, oldest_unsent_at=START, app_version="1", at=START
            )
        devices.revoke(device_id=device.pk, reason="lost", by=officer.user_id, at=START)

        assert shift.tally(shift_at("CNURC001")).waiting == 7

    def test_asks_a_fixed_number_of_times(self, world: World) -> None:
        period = shift_at("CNURC001")
        with CaptureQueriesContext(connection) as few:
            shift.tally(period)
        for _each in range(3):
            world.stamp(world.issue(), 1, START + HOUR)
        with CaptureQueriesContext(connection) as many:
            shift.tally(period)

        assert len(many) == len(few) <= 5


@pytest.mark.django_db
class TestHandlingByHour:
    def test_is_from_the_first_look_to_the_stamp(self, world: World) -> None:
        for start, seconds in ((START + HOUR, 40), (START + HOUR + 10 * MINUTE, 80), (START + 2 * HOUR, 30)):
            carnet = world.issue()
            scan(world, carnet, "CNURC001", start)
            scan(world, carnet, "CNURC001", start + timedelta(seconds=5))
            world.stamp(carnet, 1, start + timedelta(seconds=seconds))

        hours = shift.handling_by_hour(shift_at("CNURC001"))

        assert [(hour.stamps, hour.seconds) for hour in hours] == [(2, 60.0), (1, 30.0)]
        assert [hour.hour.hour for hour in hours] == [12, 13]  # START is 06:00 UTC, and Almaty is five ahead
        assert shift.average_seconds(hours) == 50.0

    def test_leaves_out_what_was_not_scanned_here_just_before(self, world: World) -> None:
        never, long_before = world.issue(), world.issue()
        world.stamp(never, 1, START + HOUR)
        scan(world, long_before, "CNURC001", START + HOUR)
        world.stamp(long_before, 1, START + 2.5 * HOUR)

        assert shift.handling_by_hour(shift_at("CNURC001")) == []
        assert shift.average_seconds([]) is None


@pytest.mark.django_db
class TestDevices:
    def test_say_how_many_of_the_periods_stamps_came_by_each(self, world: World) -> None:
        officer = officer_of(world.officers["CNURC001"].pk)
        phone = devices.enrol(name="Phone", lane="1", token_digest="a", by=officer, at=START)
        devices.enrol(name="Tablet", lane="2", token_digest="b", by=officer, at=START)
        for at in (START + HOUR, START + 30 * HOUR):
            request = world.request(world.issue(), 1, at)
            record_stamp(request=request, officer=officer, at=at, origin=Origin(device_id=phone.pk))

        found = shift.devices(shift_at("CNURC001"))

        assert [(device.name, device.made) for device in found] == [("Phone", 1), ("Tablet", 0)]  # type: ignore[attr-defined]


class TestDay:
    def test_is_the_days_of_the_offices_own_clock(self, world: World) -> None:
        office = register().by_code["CNURC001"]

        day = shift.shift_of_today(office, at=START.replace(hour=20))

        assert (day.until - day.since) == timedelta(days=1)
        assert day.since == START.replace(hour=19)  # midnight in Almaty is 19:00 UTC the day before


def test_an_average_gives_every_stamp_the_same_weight() -> None:
    assert shift.average_seconds([Handling(START, 1, 10.0), Handling(START, 3, 50.0)]) == 40.0
