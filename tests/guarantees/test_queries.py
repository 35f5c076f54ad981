"""Reading liability: in which currency, on which sides, and what it may still come to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guarantees.liability import folding
from guarantees.liability.choices import Side
from guarantees.liability.moments import Moment
from guarantees.models import LiabilityMaximum
from guarantees.queries import association_codes, currencies_of, currency_of, liability, view_of
from tests.guarantees.claiming import demand, notify, open_claim
from tests.world import START, World

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

DAY = timedelta(days=1)
NOW = START + 50 * DAY


class TestTheCurrency:
    @pytest.fixture
    def euro_then_tenge(self, world: World) -> World:
        own = world.associations["KZ"].maxima.get()
        own.valid_to = START.date() + 10 * DAY
        own.save()
        LiabilityMaximum.objects.create(
            association=world.associations["KZ"], amount=30_000_000, currency="KZT", valid_from=own.valid_to
        )
        return world

    @pytest.mark.parametrize(("days", "currency"), [(9, "EUR"), (10, "KZT")])
    def test_is_that_of_the_maximum_on_the_day(
        self, euro_then_tenge: World, days: int, currency: str
    ) -> None:
        association = euro_then_tenge.associations["KZ"]

        assert currency_of(association, START + days * DAY) == currency
        assert view_of(association, moment=Moment(START + days * DAY)).currency == currency

    def test_asked_for_goes_first(self, euro_then_tenge: World) -> None:
        view = view_of(euro_then_tenge.associations["KZ"], moment=Moment(NOW), currency="USD")

        assert view.currency == "USD"

    def test_is_the_euro_where_no_maximum_is_set(self, world: World) -> None:
        world.associations["KZ"].maxima.update(valid_to=START.date())  # NOW is later

        assert currency_of(world.associations["KZ"], NOW) == "EUR"


class TestLiability:
    def test_is_seen_from_both_sides(self, world: World) -> None:
        world.travel(world.issue(), upto=3)
        moment = Moment(NOW, is_now=True)

        issuer, guarantor = (
            liability(view_of(world.associations[country], moment=moment)) for country in ("CN", "KZ")
        )

        assert (issuer.issued.amount, issuer.issued.count) == (100_000, 1)
        assert guarantor.issued.count == 0
        assert guarantor.sides[Side.TERRITORY].total.amount == Decimal(60_000)
        assert issuer.ceiling == 10_000_000

    def test_comes_to_no_more_than_is_claimed_once_it_is(self, world: World) -> None:
        claim = notify(open_claim(world), date(2026, 5, 15))
        view = view_of(world.associations["KZ"], moment=Moment(START + 200 * DAY, is_now=True))
        before = liability(view).worst_case(Side.TERRITORY)

        demand(claim, date(2026, 6, 15), amount=Decimal("12345.67"))

        after = liability(view)
        assert before == Decimal(60_000)
        assert after.worst_case(Side.TERRITORY) == Decimal("12345.67")
        assert after.claims["claimed"].amount == Decimal("12345.67")


def test_currencies_are_those_in_which_something_was_owed(world: World) -> None:
    assert currencies_of(world.associations["KZ"]) == []
    world.travel(world.issue(), upto=3)
    folding.fold_all()

    assert currencies_of(world.associations["KZ"]) == ["EUR"]


def test_associations_are_called_by_their_codes(world: World) -> None:
    codes = association_codes()

    assert {codes[world.associations[country].pk] for country in ("CN", "KZ")} == {"071", "085"}
