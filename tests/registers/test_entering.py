"""One verb for every register: all faults at once, versions with who and why, ends instead of deletions, four eyes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from carnets.ranges import RANGES, RangeEntry
from checkpoints.models import BorderCrossing, CustomsOffice
from checkpoints.posts.registering import CROSSINGS, OFFICES, CrossingEntry, OfficeEntry
from guarantees.models import Association, ClockRule, Guarantee, GuaranteeCeiling, LiabilityMaximum
from guarantees.registers.associations import ASSOCIATIONS, MAXIMA, AssociationEntry, MaximumEntry
from guarantees.registers.clocks import CLOCKS, ClockEntry
from guarantees.registers.guarantees import CEILINGS, GUARANTEES, CeilingEntry, GuaranteeEntry
from guarantees.registers.territories import MEMBERS, TERRITORIES, MemberEntry, TerritoryEntry
from tir.accounts.models import User
from tir.approvals.deciding import AlreadySaid, ApprovalOver, OwnProposal, refuse
from tir.approvals.models import Approval, ApprovalRule, ApprovalStatus
from tir.registers.entering import Act, EntryTaken, approve, end, enter, history
from tir.registers.faults import EntryRefused, NoSuchEntry
from tir.registers.models import Change

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
TODAY = AT.date()
FROM = date(2026, 1, 1)


@pytest.fixture
def act(db: None) -> Act:
    return Act(User.objects.create_user("amal"), AT, "Set up the country")


@pytest.fixture
def second(db: None) -> User:
    return User.objects.create_user("bela")


@pytest.fixture
def country(act: Act) -> None:
    """A territory of one country, with its association."""
    enter(TERRITORIES, TerritoryEntry("XA", "Exland"), act)
    enter(MEMBERS, MemberEntry("XA", "XA", FROM), act)
    enter(TERRITORIES, TerritoryEntry("KZ", "Kazakhstan"), act)
    enter(MEMBERS, MemberEntry("KZ", "KZ", FROM), act)
    enter(ASSOCIATIONS, AssociationEntry("085", "KZ", "KazATO", "Asia/Almaty"), act)


OFFICE = OfficeEntry("KZHOR001", "KZ", "Khorgos", 44.2, 80.4, "Asia/Almaty", ("entry", "exit"), FROM)
POOL = GuaranteeEntry("KZ-POOL-1", "085", Decimal("60000.00"), Decimal("900000.00"), "EUR", FROM)


def fields_of(refused: EntryRefused) -> set[str]:
    return {str(each.field) for each in refused.refusals}


@pytest.mark.usefixtures("country")
class TestAnOffice:
    def test_is_entered_changed_and_ended_each_as_a_version(self, act: Act) -> None:
        enter(OFFICES, OFFICE, act)
        enter(OFFICES, replace(OFFICE, name_en="Khorgos (Nur Zholy)"), replace(act, reason="Renamed"))
        end(OFFICES, OFFICE, date(2027, 1, 1), replace(act, reason="Closed"))

        row = CustomsOffice.objects.get(code="KZHOR001")
        assert (row.name_en, row.valid_to, row.country) == ("Khorgos (Nur Zholy)", date(2027, 1, 1), "KZ")
        told = [(each.version, each.reason, each.by.username) for each in history(OFFICES, OFFICE)]
        assert told == [(1, "Set up the country", "amal"), (2, "Renamed", "amal"), (3, "Closed", "amal")]

    def test_that_says_nothing_new_makes_no_version(self, act: Act) -> None:
        enter(OFFICES, OFFICE, act)

        assert enter(OFFICES, OFFICE, act).version is None
        assert history(OFFICES, OFFICE).count() == 1

    def test_is_refused_with_all_that_is_wrong_at_once(self, act: Act) -> None:
        wrong = replace(
            OFFICE, name_en=" ", latitude=91.0, time_zone="Mars/Base", roles=("guard",), territory="QQ"
        )

        with pytest.raises(EntryRefused) as refused:
            enter(OFFICES, wrong, replace(act, reason=""))

        assert fields_of(refused.value) == {
            "reason",
            "name_en",
            "latitude",
            "time_zone",
            "roles",
            "territory",
        }
        assert not CustomsOffice.objects.exists()

    def test_does_not_end_in_the_past_nor_change_the_day_it_began(self, act: Act) -> None:
        enter(OFFICES, OFFICE, act)

        with pytest.raises(EntryRefused) as refused:
            enter(OFFICES, replace(OFFICE, valid_from=date(2026, 2, 1), valid_to=date(2026, 3, 1)), act)

        assert fields_of(refused.value) == {"valid_from", "valid_to"}

    def test_that_is_not_there_cannot_be_ended(self, act: Act) -> None:
        with pytest.raises(NoSuchEntry):
            end(OFFICES, OFFICE, TODAY, act)


@pytest.mark.usefixtures("country")
class TestACrossing:
    def test_joins_offices_of_two_countries_that_are_on_record(self, act: Act) -> None:
        other = replace(OFFICE, code="XAHOR001", territory="XA")
        for office in (OFFICE, other):
            enter(OFFICES, office, act)
        crossing = CrossingEntry("KZ-XA-HOR", "Khorgos", "KZHOR001", "XAHOR001", FROM)

        enter(CROSSINGS, crossing, act)
        with pytest.raises(EntryRefused) as refused:
            enter(CROSSINGS, replace(crossing, code="KZ-KZ-HOR", office_b="KZNIX001"), act)

        assert BorderCrossing.objects.get().office_b.code == "XAHOR001"
        assert fields_of(refused.value) == {"office_b"}


class TestAClock:
    def test_of_a_territory_goes_beside_the_conventions_own(self, country: None, act: Act) -> None:
        enter(CLOCKS, ClockEntry("suspension", "national practice", FROM, "KZ", days=20), act)

        law = ClockRule.objects.filter(clock="suspension", territory=None)
        assert (law.count(), ClockRule.objects.get(territory__code="KZ").days) == (1, 20)

    def test_of_no_length_or_no_name_is_refused(self, country: None, act: Act) -> None:
        with pytest.raises(EntryRefused) as refused:
            enter(CLOCKS, ClockEntry("tea_time", "practice", FROM, "KZ"), act)

        assert fields_of(refused.value) == {"clock", "days"}


@pytest.mark.usefixtures("country")
class TestARangeOfNumbers:
    def test_is_given_and_cut_but_not_lengthened(self, act: Act) -> None:
        given = RangeEntry("085", 99_000_001, 99_000_100)
        enter(RANGES, given, act)
        enter(RANGES, replace(given, last=99_000_050), act)

        with pytest.raises(EntryRefused):
            enter(RANGES, given, act)
        with pytest.raises(EntryTaken):
            enter(RANGES, RangeEntry("085", 99_000_040, 99_000_060), act)


@pytest.mark.usefixtures("country")
class TestFourEyes:
    def proposed(self, act: Act) -> Approval:
        approval = enter(GUARANTEES, POOL, act).approval
        assert approval is not None
        return approval

    def test_a_guarantee_counts_once_somebody_else_approved_it(self, act: Act, second: User) -> None:
        approval = self.proposed(act)
        assert not Guarantee.objects.exists()
        with pytest.raises(OwnProposal):
            approve(GUARANTEES, approval.pk, by=act.by, at=AT)

        approve(GUARANTEES, approval.pk, by=second, at=AT)

        assert Guarantee.objects.get(reference="KZ-POOL-1").ceiling == Decimal(900_000)
        assert Change.objects.get(noun="guarantee").by == act.by

    def test_a_refused_one_never_counts_and_stays_to_be_read(self, act: Act, second: User) -> None:
        approval = self.proposed(act)
        refuse(approval.pk, by=second, at=AT, reason="No bank has signed it")

        with pytest.raises(ApprovalOver):
            approve(GUARANTEES, approval.pk, by=second, at=AT)
        assert not Guarantee.objects.exists()
        assert Approval.objects.get().words.get().reason == "No bank has signed it"

    def test_an_approval_dies_when_what_was_approved_changes(self, act: Act, second: User) -> None:
        enter_approved(GUARANTEES, POOL, act, second)
        approval = enter(GUARANTEES, replace(POOL, valid_to=date(2028, 1, 1)), act).approval
        assert approval is not None
        Guarantee.objects.update(amount_per_carnet=Decimal(50_000))

        with pytest.raises(ApprovalOver):
            approve(GUARANTEES, approval.pk, by=second, at=AT)

        approval.refresh_from_db()
        assert approval.status == ApprovalStatus.DEAD
        assert Guarantee.objects.get().valid_to is None

    def test_a_proposal_that_says_otherwise_ends_the_one_before(self, act: Act, second: User) -> None:
        first = self.proposed(act)
        again = self.proposed(act)
        other = enter(GUARANTEES, replace(POOL, ceiling=Decimal(800_000)), act).approval

        first.refresh_from_db()
        assert (again.pk, first.status, other and other.status) == (first.pk, "dead", "open")

    def test_a_rule_asks_for_more_people_above_an_amount(self, act: Act, second: User) -> None:
        ApprovalRule.objects.create(kind="guarantee", amount_from=500_000, needed=2, valid_from=FROM)
        approval = self.proposed(act)

        approve(GUARANTEES, approval.pk, by=second, at=AT)
        with pytest.raises(AlreadySaid):
            approve(GUARANTEES, approval.pk, by=second, at=AT)
        assert not Guarantee.objects.exists()
        approve(GUARANTEES, approval.pk, by=User.objects.create_user("chen"), at=AT)
        assert Guarantee.objects.exists()

    def test_a_ceiling_and_a_maximum_need_it_too(self, act: Act, second: User) -> None:
        enter_approved(GUARANTEES, POOL, act, second)
        enter_approved(CEILINGS, CeilingEntry("KZ-POOL-1", Decimal(500_000), date(2026, 12, 1)), act, second)
        enter_approved(MAXIMA, MaximumEntry("085", Decimal(60_000), "EUR", FROM), act, second)
        enter_approved(MAXIMA, MaximumEntry("085", Decimal(100_000), "EUR", date(2027, 1, 1)), act, second)

        assert [terms.valid_to for terms in GuaranteeCeiling.objects.order_by("valid_from")] == [
            date(2026, 12, 1), None,
        ]  # fmt: skip
        assert [row.valid_to for row in LiabilityMaximum.objects.order_by("valid_from")] == [
            date(2027, 1, 1), None,
        ]  # fmt: skip

    def test_what_the_database_would_refuse_is_not_put_before_anybody(self, act: Act, second: User) -> None:
        enter_approved(
            MAXIMA, MaximumEntry("085", Decimal(60_000), "EUR", FROM, date(2028, 1, 1)), act, second
        )

        with pytest.raises(EntryTaken):
            enter(MAXIMA, MaximumEntry("085", Decimal(90_000), "EUR", date(2027, 1, 1)), act)
        assert not Approval.objects.filter(status=ApprovalStatus.OPEN).exists()


def enter_approved(register: object, entry: object, act: Act, second: User) -> None:
    approval = enter(register, entry, act).approval  # type: ignore[arg-type]
    assert approval is not None
    approve(register, approval.pk, by=second, at=AT)  # type: ignore[arg-type]


def test_an_association_stays_in_its_country(country: None, act: Act) -> None:
    entry = AssociationEntry("085", "KZ", "KazATO", "Asia/Almaty")
    enter(ASSOCIATIONS, replace(entry, stock_alarm=100), act)

    with pytest.raises(EntryRefused):
        enter(ASSOCIATIONS, replace(entry, country="UZ"), act)
    assert Association.objects.get().stock_alarm == 100
