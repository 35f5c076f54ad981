"""How far art. 11 has come, and the worst that may come of it: figures that all differ, by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets.models import Carnet
from guarantees.claims import steps as claims
from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import Total, figures
from guarantees.liability.moments import Moment, View
from guarantees.liability.operations import claimed
from guarantees.liability.stages import stages, statuses, worst_case
from guarantees.models import Claim, ExchangeRate
from tests.guarantees.claiming import demand, headquarters, instant, notify, open_claim
from tests.world import START, World, add_kyrgyzstan, reconcile
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
NOTIFIED, CLAIMED, LATER = date(2026, 5, 15), date(2026, 6, 20), date(2026, 7, 20)
OPEN = Decimal(60_000)  # what each operation in Kazakhstan bears


@pytest.fixture
def carnets(world: World) -> list[Carnet]:
    """Four carnets that entered Kazakhstan and were never seen again."""
    found = [world.issue() for _ in range(4)]
    for carnet in found:
        world.travel(carnet, upto=3)
    reconcile(START + 40 * DAY)
    return found


def split(world: World, on: date = LATER) -> dict[Stage, tuple[Decimal, int, Decimal]]:
    """Return the territory's stages on a day: what is open, how many, what is claimed."""
    found, _worst = on_territory(world, on)
    return {
        stage: (at.open.amount, at.open.count, at.claimed.amount)
        for stage, at in found.items()
        if at.open.count
    }


def on_territory(world: World, on: date = LATER) -> tuple[Any, Decimal]:
    view = view_of(world, on)
    total = figures(view)[Side.TERRITORY].total
    found = stages(view, Side.TERRITORY, total)
    return found, worst_case(found)


def view_of(world: World, on: date) -> View:
    return View(world.associations["KZ"], "EUR", Moment(instant(on)))


def withdraw(claim: Claim, on: date) -> Claim:
    return claims.withdraw(claim_id=claim.pk, on=on, by=headquarters(), at=instant(on))


class TestTheWorstCase:
    def test_is_all_that_is_open_and_what_was_claimed_of_it(
        self, world: World, carnets: list[Carnet]
    ) -> None:
        """One contingent, one established, one notified, one claimed for 1,234.56."""
        open_claim(world, carnets[1])
        notify(open_claim(world, carnets[2]), NOTIFIED)
        demand(notify(open_claim(world, carnets[3]), NOTIFIED), CLAIMED, amount=Decimal("1234.56"))

        found, worst = on_territory(world)

        assert split(world) == {
            Stage.CONTINGENT: (2 * OPEN, 2, 0),
            Stage.NOTIFIED: (OPEN, 1, 0),
            Stage.CLAIMED: (OPEN, 1, Decimal("1234.56")),
        }
        assert worst == 3 * OPEN + Decimal("1234.56")
        assert sum(at.open.count for at in found.values()) == 4

    def test_holds_nothing_of_what_was_paid(self, world: World, carnets: list[Carnet]) -> None:
        claim = demand(notify(open_claim(world, carnets[0]), NOTIFIED), CLAIMED, amount=Decimal(77))
        claims.pay(claim_id=claim.pk, on=CLAIMED, by=world.staff["KZ"], at=instant(CLAIMED))

        found, worst = on_territory(world)

        assert (worst, split(world)) == (3 * OPEN, {Stage.CONTINGENT: (3 * OPEN, 3, 0)})
        assert found[Stage.PAID].claimed == Total(Decimal(77), 1)


class TestTwoClaimsOnOneOperation:
    def test_count_as_the_second_when_the_first_was_withdrawn(
        self, world: World, carnets: list[Carnet]
    ) -> None:
        withdraw(notify(open_claim(world, carnets[0]), NOTIFIED), CLAIMED)
        at = instant(CLAIMED + DAY)
        again = notify(open_claim(world, carnets[0], at=at), CLAIMED + 2 * DAY)
        demand(again, LATER + 9 * DAY, amount=Decimal(500))

        assert split(world, CLAIMED - DAY)[Stage.NOTIFIED] == (OPEN, 1, 0)
        assert split(world, CLAIMED) == {Stage.CONTINGENT: (3 * OPEN, 3, 0)}
        assert split(world, LATER)[Stage.NOTIFIED] == (OPEN, 1, 0)
        assert split(world, LATER + 9 * DAY)[Stage.CLAIMED] == (OPEN, 1, 500)
        listed = claimed(view_of(world, LATER + 9 * DAY), Side.TERRITORY)
        assert [(row.claim_id, row.stage) for row in listed] == [(again.pk, Stage.CLAIMED)]

    def test_are_two_in_the_count_by_status(self, world: World, carnets: list[Carnet]) -> None:
        withdraw(open_claim(world, carnets[0]), NOTIFIED)
        notify(open_claim(world, carnets[0], at=instant(NOTIFIED + DAY)), NOTIFIED + 2 * DAY)

        counts = {
            status: total.count for status, total in statuses(view_of(world, LATER)).items() if total.count
        }

        assert counts == {"withdrawn": 1, "notified": 1}


class TestAClaimInAnotherCurrency:
    @pytest.mark.parametrize(
        ("rate", "counted"), [(500, Decimal(10_000)), (None, OPEN)], ids=["rate", "no rate"]
    )
    def test_counts_in_the_currency_in_which_the_operation_is_borne(
        self, world: World, carnets: list[Carnet], rate: int | None, counted: Decimal
    ) -> None:
        """5,000,000 tenge are 10,000 euro at 500; without a rate all that is borne may have to be paid."""
        if rate:
            ExchangeRate.objects.create(base="EUR", quote="KZT", rate=rate, valid_from=CLAIMED)
            Kept.forget_all()
        demand(
            notify(open_claim(world, carnets[0]), NOTIFIED),
            CLAIMED,
            amount=Decimal(5_000_000),
            currency="KZT",
        )

        _found, worst = on_territory(world)

        assert split(world)[Stage.CLAIMED] == (OPEN, 1, counted)
        assert worst == 3 * OPEN + counted


class TestAClaimThatMovedLiability:
    def test_counts_in_the_currency_of_who_bears_it_now(self, world: World) -> None:
        """Borne in euro in Kazakhstan, then in som by the Kyrgyz association, whose maximum is in som."""
        add_kyrgyzstan(world)
        kyrgyz = world.associations["KG"]
        kyrgyz.maxima.update(currency="KGS", amount=Decimal(3_000_000))
        Kept.forget_all()
        carnet = world.issue()
        world.travel(carnet, upto=3)
        claim = open_claim(world, carnet, country="KG")
        claims.notify(claim_id=claim.pk, received_on=NOTIFIED, by=headquarters("KG"), at=instant(NOTIFIED))

        in_currency = {
            currency: [
                (row.stage, row.open)
                for row in claimed(View(kyrgyz, currency, Moment(instant(LATER))), Side.TERRITORY)
            ]
            for currency in ("EUR", "KGS")
        }

        assert in_currency == {"EUR": [], "KGS": [(Stage.NOTIFIED, Decimal(3_000_000))]}


class TestTheDay:
    def test_of_a_step_begins_when_it_was_told_and_ends_at_the_association(
        self, world: World, carnets: list[Carnet]
    ) -> None:
        """Received on 15 May, told a week later: it counts from the end of the 15th in Almaty, 19:00 UTC."""
        claim = open_claim(world, carnets[0])
        claims.notify(
            claim_id=claim.pk, received_on=NOTIFIED, by=headquarters(), at=instant(NOTIFIED + 7 * DAY)
        )

        def notified_at(hour: int, minute: int) -> bool:
            at = datetime.combine(NOTIFIED, START.timetz()).replace(hour=hour, minute=minute)
            view = View(world.associations["KZ"], "EUR", Moment(at))
            return bool(claimed(view, Side.TERRITORY))

        assert not notified_at(18, 59)
        assert notified_at(19, 0)
