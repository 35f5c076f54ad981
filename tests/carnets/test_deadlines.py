"""Every dated duty, on the day it is due, for the side it is due from, and for nobody else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnets.deadlines import deadlines
from carnets.models import Carnet
from guarantees.claims import steps as claims
from guarantees.deadlines import DUTIES, Deadline, DeadlineParty
from guarantees.models import Guarantee
from tests.guarantees.claiming import demand, headquarters, instant, notify, open_carnet, open_claim
from tests.world import LONG_AGO, START, World, reconcile

DAY = timedelta(days=1)
FIRST, LAST = START.date(), START.date() + 1200 * DAY
NOTIFIED = date(2026, 5, 15)


def due(side: DeadlineParty, first: date = FIRST, last: date = LAST) -> dict[str, Deadline]:
    """Return what is due by its code; a code that comes twice is a fault of the test."""
    rows = deadlines(side, first=first, last=last)
    found = {row.code: row for row in rows}
    assert len(found) == len(rows), rows
    return found


@pytest.fixture
def kazakh(world: World) -> DeadlineParty:
    return DeadlineParty(association=world.associations["KZ"])


@pytest.fixture
def chinese(world: World) -> DeadlineParty:
    return DeadlineParty(association=world.associations["CN"])


@pytest.fixture
def uzbek(world: World) -> DeadlineParty:
    return DeadlineParty(association=world.associations["UZ"])


class TestOfAnOpenOperation:
    @pytest.fixture
    def carnet(self, world: World) -> Carnet:
        return open_carnet(world)

    def test_are_the_enquiry_and_the_notification(self, kazakh: DeadlineParty, carnet: Carnet) -> None:
        accepted = carnet.operations.get(sequence=2).started_at
        assert accepted

        found = due(kazakh)

        assert set(found) == {"overdue_to_enquiry", "enquiry_to_holder", "pre_notification", "notification"}
        assert found["notification"].on == accepted.date().replace(year=2027)
        assert found["notification"].window.article == "art. 11(1)"
        assert found["notification"].role == "guarantor"
        assert (found["notification"].carnet, found["notification"].page) == (carnet.number, 3)

    def test_are_the_issuers_and_the_customs_own_too(self, chinese: DeadlineParty, carnet: Carnet) -> None:
        assert due(chinese)["notification"].role == "issuer"
        assert due(DeadlineParty(country="KZ"))["notification"].role == "customs"

    @pytest.mark.parametrize("side", [DeadlineParty(country="UZ"), DeadlineParty(country="CN")])
    def test_are_nobody_elses(self, uzbek: DeadlineParty, carnet: Carnet, side: DeadlineParty) -> None:
        assert due(uzbek) == {}
        assert due(side) == {}

    @pytest.mark.parametrize(("before", "after", "is_listed"), [(0, 0, True), (-1, 5, False), (5, -1, False)])
    def test_are_listed_within_the_window_only(
        self, kazakh: DeadlineParty, carnet: Carnet, before: int, after: int, is_listed: bool
    ) -> None:
        on = due(kazakh)["notification"].on

        assert ("notification" in due(kazakh, on - before * DAY, on + after * DAY)) is is_listed

    def test_give_way_to_those_of_its_claim(
        self, world: World, kazakh: DeadlineParty, carnet: Carnet
    ) -> None:
        claim = open_claim(world, carnet)

        found = due(kazakh)

        assert set(found) == {"notification"}
        assert found["notification"].claim == claim.pk

    def test_end_when_the_irregularity_is_cured(
        self, world: World, kazakh: DeadlineParty, carnet: Carnet
    ) -> None:
        for page in range(4, 9):
            world.stamp(carnet, page, START + (35 + page) * DAY, is_offline=True)
        carnet.irregularities.filter(status="open").update(
            status="resolved", closed_at=START, closed_by=headquarters(), close_reason="shown"
        )

        assert due(kazakh) == {}


class TestOfAClaim:
    def test_are_a_first_and_a_last_day(self, world: World, kazakh: DeadlineParty) -> None:
        notify(open_claim(world), NOTIFIED)

        found = due(kazakh)

        assert {code: row.on for code, row in found.items()} == {
            "claim_earliest": date(2026, 6, 15),
            "claim_latest": date(2028, 5, 15),
        }
        assert found["claim_latest"].answer(date(2026, 6, 14)) == "too_early"
        assert found["claim_latest"].answer(date(2026, 6, 15)) == "open"

    def test_have_no_last_day_while_proceedings_run(self, world: World, kazakh: DeadlineParty) -> None:
        claim = notify(open_claim(world), NOTIFIED)
        claims.proceedings(claim_id=claim.pk, began_on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert set(due(kazakh)) == {"claim_earliest"}

    def test_are_payment_then_reimbursement(
        self, world: World, kazakh: DeadlineParty, chinese: DeadlineParty
    ) -> None:
        claim = demand(notify(open_claim(world), NOTIFIED), date(2026, 6, 15))
        assert {code: row.on for code, row in due(kazakh).items()} == {"payment": date(2026, 9, 15)}
        assert due(chinese)["payment"].role == "issuer"

        claims.pay(claim_id=claim.pk, on=date(2026, 7, 1), by=world.staff["KZ"], at=instant(date(2026, 7, 1)))

        assert {code: row.on for code, row in due(kazakh).items()} == {"reimbursement": date(2028, 6, 15)}

    def test_end_when_it_is_withdrawn(self, world: World, kazakh: DeadlineParty) -> None:
        carnet = open_carnet(world)
        claim = open_claim(world, carnet)
        claims.withdraw(claim_id=claim.pk, on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED))

        assert due(kazakh)["notification"].claim is None  # the operation's own clock runs on

    def test_of_fraud_leave_two_years(self, world: World, kazakh: DeadlineParty) -> None:
        claim = open_claim(world, is_fraud=True)

        assert due(kazakh)["notification_fraud"].on == claim.accepted_at.date().replace(year=2028)


class TestOthers:
    def test_are_the_last_day_for_acceptance(
        self, world: World, chinese: DeadlineParty, kazakh: DeadlineParty
    ) -> None:
        carnet = world.issue()

        assert due(chinese)["acceptance"].on == carnet.acceptance_until
        assert due(kazakh) == {}

        world.travel(carnet, upto=1)
        assert due(chinese) == {}

    def test_are_the_last_day_of_a_guarantee(self, world: World, chinese: DeadlineParty) -> None:
        Guarantee.objects.create(
            reference="ENDS", association=world.associations["CN"], amount_per_carnet=Decimal(1),
            ceiling=Decimal(9), currency="EUR", valid_from=LONG_AGO, valid_to=FIRST + 10 * DAY,
        )  # fmt: skip

        assert (
            due(chinese)["guarantee_end"].on == FIRST + 9 * DAY
        )  # the end is the first day that no longer counts
        assert "guarantee_end" not in due(chinese, FIRST + 10 * DAY)

    def test_are_the_end_of_a_suspension(self, world: World, chinese: DeadlineParty) -> None:
        """Suspended on 3 March at 23:00 UTC, which is the 4th at the post: thirty days from then."""
        carnet = world.issue()
        at = world.travel(carnet, upto=4, but={4: {"is_suspension": True}})
        reconcile(at + DAY)

        assert due(chinese)["suspension"].on == date(2026, 4, 3)

    def test_run_from_the_day_at_the_office_that_accepted(self, world: World, kazakh: DeadlineParty) -> None:
        """Entered at 20:30 UTC on 31 March, half past one on 1 April at Khorgos: a year later is 1 April."""
        carnet = world.issue()
        world.travel(carnet, upto=3, but={3: {"at": datetime(2026, 3, 31, 20, 30, tzinfo=UTC)}})
        reconcile(datetime(2026, 5, 20, tzinfo=UTC))

        found = deadlines(kazakh, first=date(2027, 3, 1), last=date(2027, 4, 30))

        assert [row.on for row in found if row.code == "notification"] == [date(2027, 4, 1)]


class TestDuties:
    def test_say_what_is_due_and_what_happens_if_it_is_missed(self) -> None:
        assert {str(part) for duty in DUTIES.values() for part in (duty.what, duty.missed)} >= {
            "Pay the claim, or contest it",
            "National law enforces the sum, with interest.",
        }

    def test_cost_as_many_statements_for_three_claims_as_for_one(
        self, world: World, kazakh: DeadlineParty
    ) -> None:
        open_claim(world)
        due(kazakh)
        with CaptureQueriesContext(connection) as one:
            deadlines(kazakh, first=FIRST, last=LAST)
        for _number in range(2):
            open_claim(world)
        with CaptureQueriesContext(connection) as three:
            deadlines(kazakh, first=FIRST, last=LAST)

        assert len(three) == len(one)
