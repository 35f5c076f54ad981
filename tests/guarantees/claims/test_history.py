"""The history of a claim: from which instant an act counts, and rows that say what was said and stay."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from guarantees.claims.history import ClaimAct, instant_of, record_act
from guarantees.models import Association, Claim, ClaimEvent
from tests.guarantees.claiming import headquarters, open_claim
from tests.world import World
from tir.accounts.models import User

DAY = date(2026, 5, 15)
END_IN_ALMATY = datetime(2026, 5, 15, 19, 0, tzinfo=UTC)  # five hours ahead of UTC
SECOND = timedelta(seconds=1)


class TestAnAct:
    @pytest.mark.parametrize(
        ("told", "counts_from"),
        [
            (datetime(2026, 5, 15, 8, tzinfo=UTC), datetime(2026, 5, 15, 8, tzinfo=UTC)),
            (END_IN_ALMATY - SECOND, END_IN_ALMATY - SECOND),
            (END_IN_ALMATY, END_IN_ALMATY - timedelta(microseconds=1)),
            (datetime(2026, 8, 1, tzinfo=UTC), END_IN_ALMATY - timedelta(microseconds=1)),
        ],
        ids=["told that day", "a second before its end", "when it is over", "in summer"],
    )
    def test_counts_by_the_end_of_its_day_at_the_association(
        self, told: datetime, counts_from: datetime
    ) -> None:
        claim = Claim(association=Association(time_zone="Asia/Almaty"))

        assert instant_of(claim, ClaimAct("notify", DAY, User(), told)) == counts_from


class TestTheHistory:
    def record(self, claim: Claim, *, by_letter: bool = False) -> ClaimEvent:
        act = ClaimAct("demand", DAY, headquarters(), END_IN_ALMATY, "As attached.", by_letter)
        record_act(claim, act, {"amount": Decimal("60000.50"), "debtor_pursued_on": DAY, "debtor": "Haulage"})
        return ClaimEvent.objects.get(claim=claim, verb="demand")

    def test_says_days_and_amounts_as_text(self, world: World) -> None:
        event = self.record(open_claim(world))

        assert event.facts == {"amount": "60000.50", "debtor_pursued_on": "2026-05-15", "debtor": "Haulage"}
        assert (event.on, event.recorded_at, event.remark) == (DAY, END_IN_ALMATY, "As attached.")

    def test_says_what_came_by_letter(self, world: World) -> None:
        assert self.record(open_claim(world), by_letter=True).facts["by_letter"] is True

    def test_stays(self, world: World) -> None:
        event = self.record(open_claim(world))

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ClaimEvent.objects.filter(pk=event.pk).update(remark="Never said.")
        assert ClaimEvent.objects.get(pk=event.pk).remark == "As attached."
