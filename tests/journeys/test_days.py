"""Each legal day is the day at the place: in every zone of the reference data, around midnight, for acceptance,
posting, exclusion, issue and expiry. What is expected is worked out here, with the zone's own calendar."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnets.issuing import IssueRefused
from carnets.models import Carnet
from carnets.projection.record import Exclusion
from carnets.rules import DeclaredVehicle
from checkpoints.judging import validity
from checkpoints.models import CustomsOffice
from checkpoints.posts.offices import register
from checkpoints.posts.postings import Officer, Period
from checkpoints.recording.stamping import StampRequest, record_stamps
from checkpoints.reference import tables
from guarantees.choices import Clock
from guarantees.clocks import period
from guarantees.models import HolderExclusion
from tests.checkpoints.judging.cases import case, judged, office
from tests.world import HOUR, START, World, flagged, reconcile
from tir.kernel.kept import Kept

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
OFFICES, ASSOCIATIONS = list(tables.office_rows()), list(tables.association_rows())
ZONES = sorted({row.time_zone for row in (*OFFICES, *ASSOCIATIONS)})
LAST = date(2026, 4, 10)  # the last day for acceptance
AROUND_MIDNIGHT = st.integers(-15 * 60, 15 * 60).map(
    lambda minutes: datetime(2026, 4, 11, tzinfo=UTC) + minutes * MINUTE
)

in_any_zone = given(zone=st.sampled_from(ZONES), at=AROUND_MIDNIGHT)


def day_there(instant: datetime, name: str) -> date:
    """Return the day on the wall calendar of the place."""
    there = instant.astimezone(ZoneInfo(name))
    return date(there.year, there.month, there.day)


def midnight(name: str) -> datetime:
    """Return the instant at which the last day ends at the place."""
    return datetime(2026, 4, 11, tzinfo=ZoneInfo(name)).astimezone(UTC)


class TestZones:
    def test_of_the_reference_data_are_many_and_lie_apart(self) -> None:
        offsets = {datetime(2026, 4, 11, tzinfo=ZoneInfo(name)).utcoffset() for name in ZONES}

        assert len(ZONES) > 8
        assert len(offsets) > 4


class TestJudging:
    @in_any_zone
    def test_accepts_up_to_the_last_day_at_the_office(self, zone: str, at: datetime) -> None:
        this = case(1, by=office("CNURC001", time_zone=zone), at=at, acceptance_until=LAST)

        assert (judged(validity.carnet_is_accepted_in_time, this) is None) is (day_there(at, zone) <= LAST)

    @in_any_zone
    def test_excludes_from_the_first_day_at_the_office(self, zone: str, at: datetime) -> None:
        exclusion = Exclusion("CN", LAST + DAY, None)
        this = case(1, by=office("CNURC001", time_zone=zone), at=at, exclusions=[exclusion])

        assert (judged(validity.holder_is_not_excluded_here, this) is None) is (day_there(at, zone) <= LAST)

    @in_any_zone
    def test_finds_an_office_approved_up_to_the_last_day_there(self, zone: str, at: datetime) -> None:
        where = office("CNURC001", time_zone=zone, approved_to=LAST + DAY)

        finding = judged(validity.office_is_approved_that_day, case(1, by=where, at=at))

        assert (finding is None) is (day_there(at, zone) <= LAST)


def move(code: str, zone: str) -> None:
    CustomsOffice.objects.filter(code=code).update(time_zone=zone)
    Kept.forget_all()


def instants(zone: str) -> list[datetime]:
    """Return instants on both sides of the midnight at the place, and at noon UTC."""
    return [midnight(zone) + after for after in (-15 * HOUR, -SECOND, timedelta(0), 15 * HOUR)]


def approved(until: date) -> list[DeclaredVehicle]:
    return [DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", until)]


class TestTheCatalogue:
    def test_goes_by_the_day_at_the_office(self, world: World) -> None:
        """Accepted in time, not excluded yet, approved still: on the last day there, and not a second later."""
        HolderExclusion.objects.create(
            holder=world.holder, country="CN", valid_from=LAST + DAY, reason="by a test"
        )
        barred = {("expired_at_accept", 1), ("holder_excluded", 1), ("approval_expired", 1)}
        for zone in ZONES:
            move("CNURC001", zone)
            made = []
            for at in instants(zone):
                carnet = world.issue(acceptance_until=LAST, vehicles=approved(LAST))
                world.stamp(carnet, 1, at, is_offline=True, seals_affixed=("A-1",))
                made.append((carnet, at))
            reconcile(max(at for _carnet, at in made) + MINUTE)

            for carnet, at in made:
                assert (flagged(carnet) & barred == barred) is (day_there(at, zone) > LAST), (zone, at)
                assert bool(flagged(carnet) & barred) is (day_there(at, zone) > LAST), (zone, at)


class TestPosting:
    def test_begins_and_ends_with_the_day_at_the_office(self, world: World) -> None:
        for zone in ZONES:
            move("CNURC001", zone)
            here = register().by_code["CNURC001"]
            until, since = Period(here.id, START.date(), LAST + DAY), Period(here.id, LAST + DAY, None)
            for at in instants(zone):
                is_last_day_or_before = day_there(at, zone) <= LAST
                assert (Officer(1, [until]).office_id_on(at) is not None) is is_last_day_or_before, (zone, at)
                assert (Officer(1, [since]).office_id_on(at) is None) is is_last_day_or_before, (zone, at)

    def test_lets_stamp_on_its_first_day_at_the_office(self, world: World) -> None:
        move("CNURC001", "Asia/Shanghai")
        carnet = world.issue(acceptance_until=LAST + DAY)
        here = register().by_code["CNURC001"]
        officer = Officer(world.officers["CNURC001"].pk, [Period(here.id, LAST + DAY, None)], is_system=True)

        kinds = []
        for at in (midnight("Asia/Shanghai") - SECOND, midnight("Asia/Shanghai")):
            request = StampRequest(id=uuid4(), number=carnet.number, page=1, occurred_at=at, is_offline=True)
            kinds += [outcome.kind for outcome in record_stamps(requests=[request], officer=officer, at=at)]

        assert kinds == ["rejected", "recorded"]


class TestIssue:
    def test_counts_from_the_day_at_the_association(self, world: World) -> None:
        longest = period(Clock.ACCEPTANCE, on=LAST).days
        for zone in ZONES:
            world.associations["CN"].time_zone = zone
            world.associations["CN"].save()
            for at in instants(zone):
                today = day_there(at, zone)
                said = {"at": at, "vehicles": approved(today)}
                carnet = world.issue(acceptance_until=today + longest * DAY, **said)

                assert carnet.issued_on == today, (zone, at)
                with pytest.raises(IssueRefused):
                    world.issue(acceptance_until=today + (longest + 1) * DAY, **said)


class TestExpiry:
    def test_runs_from_the_end_of_the_last_day_at_the_association(self, world: World) -> None:
        """An unused carnet is closed by the association that issued it, when stamps can no longer be waiting."""
        waiting = period(Clock.EXPIRY, on=LAST).days * DAY
        for zone in ZONES:
            world.associations["CN"].time_zone = zone
            world.associations["CN"].save()
            carnet = world.issue(acceptance_until=LAST)
            status = []
            for at in (midnight(zone) + waiting - SECOND, midnight(zone) + waiting):
                reconcile(at)
                status.append(Carnet.objects.get(pk=carnet.pk).status)

            assert status == ["issued", "expired"], zone
