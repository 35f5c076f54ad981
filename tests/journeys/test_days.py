"""Each legal day is the day at the place: in every zone of the reference data, around midnight, for acceptance,
posting, exclusion, issue, expiry, notices and exports. What is expected is worked out here, with the zone's own
calendar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from carnets.deadlines import deadlines
from carnets.digest import gather
from carnets.issuing import IssueRefused
from carnets.models import Carnet
from carnets.projection.record import Exclusion
from carnets.rules import DeclaredVehicle
from checkpoints.annex10.daily import make_files
from checkpoints.judging import validity
from checkpoints.models import CustomsOffice, SafetirRecord
from checkpoints.posts.offices import register
from checkpoints.posts.postings import Officer, PostingPeriod
from checkpoints.recording.stamping import StampRequest, record_stamps
from checkpoints.reference import tables
from guarantees.choices import Clock, NoticeKind
from guarantees.claims import steps
from guarantees.claims.guards import ActTooEarly, ensure_past
from guarantees.clocks import Answer, period
from guarantees.deadlines import DeadlineParty
from guarantees.holders import notice_answer
from guarantees.models import Association, Claim, HolderExclusion, Membership, Notice
from tests.checkpoints.judging.cases import case, judged, office
from tests.guarantees.claiming import headquarters, notify, open_claim
from tests.world import HOUR, START, World, flagged, in_order, reconcile
from tir.accounts.models import User
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


def midnight(name: str, last: date = LAST) -> datetime:
    """Return the instant at which the last day ends at the place."""
    following = last + DAY
    return datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(name)).astimezone(UTC)


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


def instants(zone: str, last: date = LAST) -> list[datetime]:
    """Return instants on both sides of the midnight at the place."""
    return [midnight(zone, last) + after for after in (-15 * HOUR, -SECOND, timedelta(0), 15 * HOUR)]


def keep_the_clocks_of(association: Association, zone: str) -> None:
    association.time_zone = zone
    association.save()
    Kept.forget_all()


def is_too_early(act: Callable[[], object]) -> bool:
    try:
        act()
    except ActTooEarly:
        return True
    return False


@contextmanager
def undone() -> Iterator[None]:
    """Let what is done inside have happened there alone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
            until, since = (
                PostingPeriod(here.id, START.date(), LAST + DAY),
                PostingPeriod(here.id, LAST + DAY, None),
            )
            for at in instants(zone):
                is_last_day_or_before = day_there(at, zone) <= LAST
                assert (Officer(1, [until]).office_id_on(at) is not None) is is_last_day_or_before, (zone, at)
                assert (Officer(1, [since]).office_id_on(at) is None) is is_last_day_or_before, (zone, at)

    def test_lets_stamp_on_its_first_day_at_the_office(self, world: World) -> None:
        move("CNURC001", "Asia/Shanghai")
        carnet = world.issue(acceptance_until=LAST + DAY)
        here = register().by_code["CNURC001"]
        officer = Officer(
            world.officers["CNURC001"].pk, [PostingPeriod(here.id, LAST + DAY, None)], is_system=True
        )

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


LAST_UNTOLD = date(2028, 4, 14)  # thirty-one days before the last day for a claim, 15 May
LAST_BEFORE_RECEIPT = date(2026, 5, 1)


def told_of_deadlines() -> set[str]:
    found = Notice.objects.filter(kind=NoticeKind.DEADLINE)
    return set(found.values_list("recipient__username", flat=True))


class TestNotices:
    @in_any_zone
    def test_are_not_received_on_a_day_that_has_not_come_at_the_association(
        self, zone: str, at: datetime
    ) -> None:
        claim = Claim(association=Association(time_zone=zone))

        for field in ("on", "holder_notified_on"):
            is_refused = is_too_early(lambda name=field: ensure_past(claim, at, **{name: LAST + DAY}))  # type: ignore[misc]
            assert is_refused is (day_there(at, zone) <= LAST), field

    def test_to_association_and_holder_are_recorded_from_their_day_on(self, world: World) -> None:
        claim, by = open_claim(world), headquarters()
        received = LAST_BEFORE_RECEIPT + DAY
        for zone in ZONES:
            keep_the_clocks_of(world.associations["KZ"], zone)
            for at in instants(zone, LAST_BEFORE_RECEIPT):
                said = {"claim_id": claim.pk, "by": by, "at": at}
                with undone():
                    to_holder = is_too_early(lambda said=said: steps.notify_holder(on=received, **said))  # type: ignore[misc]
                    to_association = is_too_early(
                        lambda said=said: steps.notify(received_on=received, **said)
                    )  # type: ignore[misc]

                is_to_come = day_there(at, zone) <= LAST_BEFORE_RECEIPT
                assert (to_association, to_holder) == (is_to_come, is_to_come), (zone, at)

    def test_of_a_deadline_begin_with_the_day_of_who_is_told(self, world: World) -> None:
        """The association, and the customs of its country, thirty days before the last day for a claim."""
        notify(open_claim(world), date(2026, 5, 15))
        others = Membership.objects.exclude(association=world.associations["KZ"])
        User.objects.filter(membership__in=others).update(is_active=False)  # nobody else is gathered for
        for zone in ZONES:
            keep_the_clocks_of(world.associations["KZ"], zone)
            for at in instants(zone, LAST_UNTOLD)[1:3]:
                with undone():
                    gather(at=at)
                    told = told_of_deadlines() & {"association-kz", "hq-kz"}

                is_before = day_there(at, zone) <= LAST_UNTOLD
                assert told == (set() if is_before else {"association-kz", "hq-kz"}), (zone, at)

    def test_run_from_the_day_of_entry_and_from_the_day_that_was_overdue(self, world: World) -> None:
        """To the association one year after entry, by the day at the office (art. 11(1)); to the holder so long after
        the enquiry began, itself so long after the day on which the time limit passed, as it is in the country."""
        world.territories["EAEU"].grace_hours = 0
        world.territories["EAEU"].save()
        until_enquiry, until_holder = (
            period(clock, on=LAST).days * DAY for clock in (Clock.OVERDUE_TO_ENQUIRY, Clock.ENQUIRY_TO_HOLDER)
        )
        for zone in ZONES:
            keep_the_clocks_of(world.associations["KZ"], zone)
            move("KZHOR001", zone)
            with undone():
                entered = {}
                for at in (midnight(zone) - SECOND, midnight(zone)):
                    carnet = world.issue()
                    limit = at + 10 * DAY
                    world.stamp(carnet, 3, at, is_offline=True, time_limit_at=limit, **in_order(carnet, 3))
                    entered[carnet.number] = (at, limit)
                reconcile(midnight(zone) + 20 * DAY)
                for party in (
                    DeadlineParty(country="KZ"),
                    DeadlineParty(association=world.associations["KZ"]),
                ):
                    rows = deadlines(party, first=LAST, last=LAST + 400 * DAY)
                    listed = {(row.carnet, row.code): row.on for row in rows}
                    for number, (at, limit) in entered.items():
                        accepted, overdue = day_there(at, zone), day_there(limit, zone)
                        year_later = date(accepted.year + 1, accepted.month, accepted.day)
                        assert listed[number, "notification"] == year_later, (zone, at, party)
                        assert listed[number, "enquiry_to_holder"] == overdue + until_enquiry + until_holder

    def test_of_an_exclusion_are_in_time_by_the_day_in_the_country(self, world: World) -> None:
        """Within a week of the decision (art. 38(2)); how early it is told does not matter."""
        for zone in ZONES:
            keep_the_clocks_of(world.associations["CN"], zone)
            for at in (midnight(zone) + minutes * MINUTE for minutes in range(-15 * 60, 15 * 60, 20)):
                exclusion = HolderExclusion(country="CN", decided_on=date(2026, 4, 3), recorded_at=at)

                is_in_time = day_there(at, zone) <= LAST
                assert notice_answer(exclusion) is (Answer.OPEN if is_in_time else Answer.LAPSED), (zone, at)


class TestExports:
    def test_are_of_the_day_of_recording_in_utc_and_tell_the_days_of_the_office(self, world: World) -> None:
        """A file serves all places, so it has no place of its own; what it says of a termination has: the day of the
        certificate, and the day on which that came on record, nine hours later."""
        issued = datetime(2026, 4, 8, 6, tzinfo=UTC)
        carnets = [world.issue(at=issued, acceptance_until=LAST) for _each in range(4)]
        for carnet in carnets:
            world.stamp(carnet, 1, issued + HOUR, **in_order(carnet, 1))
        for zone in ZONES:
            with undone():
                move("CNHRS001", zone)
                made = dict(zip((carnet.number for carnet in carnets), instants(zone), strict=True))
                for carnet in carnets:
                    at = made[carnet.number]
                    late = {"is_offline": True, "now": at + 9 * HOUR}
                    world.stamp(carnet, 2, at, **late, **in_order(carnet, 2))
                make_files(upto=LAST + 2 * DAY, at=midnight("UTC") + 3 * DAY)

                records = list(SafetirRecord.objects.select_related("file"))
                assert sorted(each.content["TNO"] for each in records) == sorted(made)
                for each in records:
                    at = made[each.content["TNO"]]
                    recorded = at + 9 * HOUR
                    assert each.file.day == day_there(recorded, "UTC"), (zone, at)
                    assert each.content["DDI"] == str(day_there(at, zone)), (zone, at)
                    assert each.content["DCL"] == str(day_there(recorded, zone)), (zone, at)
