"""What follows from claims and guarantees alone: for whom, on which day, and how it stands on another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from guarantees.clocks import Window
from guarantees.deadlines import DUTIES, Deadline, DeadlineParty, of_claims, of_guarantees
from guarantees.models import Guarantee
from tests.guarantees.claiming import demand, notify, open_claim
from tests.world import LONG_AGO, World

DAY = timedelta(days=1)
NOTIFIED, END = date(2026, 5, 15), date(2026, 6, 30)


class TestAParty:
    def test_has_its_own_day(self, world: World) -> None:
        """At 17:00 UTC it is past midnight in Beijing, and 22:00 in Almaty."""
        at = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)

        assert DeadlineParty(association=world.associations["CN"]).day_at(at) == date(2026, 3, 3)
        assert DeadlineParty(association=world.associations["KZ"]).day_at(at) == date(2026, 3, 2)
        assert DeadlineParty(country="CN").day_at(at) == date(2026, 3, 3)
        assert DeadlineParty(country="KZ").day_at(at) == date(2026, 3, 2)


class TestADeadline:
    WINDOW = Window(date(2026, 6, 15), date(2028, 5, 15), "art. 11(3)")

    @pytest.mark.parametrize(
        ("today", "answer"),
        [
            (date(2026, 6, 14), "too_early"),
            (date(2026, 6, 15), "open"),
            (date(2028, 5, 15), "open"),
            (date(2028, 5, 16), "lapsed"),
        ],
    )
    def test_stands_as_its_window_says(self, today: date, answer: str) -> None:
        assert Deadline(date(2028, 5, 15), "claim_latest", self.WINDOW, "XC1", 3).answer(today) == answer

    @pytest.mark.parametrize(
        ("about", "subject"),
        [
            ({"carnet": "XC1", "page": 3}, "payment:XC1/3"),
            ({"carnet": "XC1"}, "payment:XC1/"),
            ({"carnet": "XC1", "page": 3, "claim": 7}, "payment:7"),
            ({"guarantee": "CN-1"}, "payment:CN-1"),
            ({"holder": "CHN/071/1"}, "payment:CHN/071/1"),
        ],
    )
    def test_is_about_the_same_from_day_to_day(self, about: dict[str, object], subject: str) -> None:
        found = Deadline(END, "payment", self.WINDOW, **about)  # type: ignore[arg-type]

        assert found.subject == subject
        assert found.duty is DUTIES["payment"]


class TestClaims:
    @pytest.mark.parametrize(
        ("party", "role"), [("KZ", "guarantor"), ("CN", "issuer"), ("customs", "customs"), ("UZ", None)]
    )
    def test_are_everybodys_who_has_a_part_in_them(self, world: World, party: str, role: str | None) -> None:
        notify(open_claim(world), NOTIFIED)
        whose = (
            DeadlineParty(country="KZ")
            if party == "customs"
            else DeadlineParty(association=world.associations[party])
        )

        assert {row.role for row in of_claims(whose)} == ({role} if role else set())

    def test_are_due_step_by_step(self, world: World) -> None:
        """One year from acceptance; one month and two years from the notification; three months from the claim."""
        claim, party = open_claim(world), DeadlineParty(country="KZ")
        accepted = claim.accepted_on
        listed = [[(row.code, row.on) for row in of_claims(party)]]

        notify(claim, NOTIFIED)
        listed.append([(row.code, row.on) for row in of_claims(party)])
        demand(claim, date(2026, 6, 15))
        listed.append([(row.code, row.on) for row in of_claims(party)])

        assert listed == [
            [("notification", accepted.replace(year=accepted.year + 1))],
            [("claim_earliest", date(2026, 6, 15)), ("claim_latest", date(2028, 5, 15))],
            [("payment", date(2026, 9, 15))],
        ]


class TestGuarantees:
    @pytest.mark.parametrize(
        ("first", "last", "is_listed"),
        [
            (END - 3 * DAY, END - 2 * DAY, False),
            (END - 3 * DAY, END - DAY, True),
            (END - DAY, END + 9 * DAY, True),
            (END, END + 9 * DAY, False),
        ],
    )
    def test_end_the_day_before_the_first_that_no_longer_counts(
        self, world: World, first: date, last: date, is_listed: bool
    ) -> None:
        Guarantee.objects.create(
            reference="ENDS", association=world.associations["CN"], amount_per_carnet=Decimal(1),
            ceiling=Decimal(9), currency="EUR", valid_from=LONG_AGO, valid_to=END,
        )  # fmt: skip

        found = list(of_guarantees(DeadlineParty(association=world.associations["CN"]), first, last))

        assert [(row.guarantee, row.on) for row in found] == ([("ENDS", END - DAY)] if is_listed else [])
        assert list(of_guarantees(DeadlineParty(country="CN"), first, last)) == []
