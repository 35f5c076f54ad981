"""One currency in terms of another: the rate of the day, either way round, in Python and SQL alike."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guarantees.exposure import Cover, cover_in
from guarantees.models import ExchangeRate
from guarantees.money import Money, converted
from tests.world import START, World
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
FIRST, CHANGED, END = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)
DAYS = [FIRST - DAY, FIRST, CHANGED - DAY, CHANGED, END - DAY, END]
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10_000_000), places=2)


@pytest.fixture
def rates(db: None) -> None:
    ExchangeRate.objects.create(base="EUR", quote="KZT", rate=550, valid_from=FIRST, valid_to=CHANGED)
    ExchangeRate.objects.create(base="EUR", quote="KZT", rate=500, valid_from=CHANGED, valid_to=END)
    ExchangeRate.objects.create(base="CNY", quote="EUR", rate=Decimal("0.12"), valid_from=FIRST, valid_to=END)
    Kept.forget_all()


def in_sql(money: Money, currency: str, on: date) -> Decimal | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT guarantees_converted(%s, %s, %s, %s)", [money.amount, money.currency, currency, on]
        )
        found: Decimal | None = cursor.fetchone()[0]
        return found


class TestConverted:
    @pytest.mark.parametrize(
        ("amount", "currency", "on", "euro"),
        [
            ("5000000", "KZT", FIRST, "9090.91"),
            ("5000000", "KZT", CHANGED - DAY, "9090.91"),
            ("5000000", "KZT", CHANGED, "10000.00"),
            ("10000", "CNY", FIRST, "1200.00"),
            ("7", "EUR", FIRST - DAY, "7"),
            ("5000000", "KZT", FIRST - DAY, None),
            ("5000000", "KZT", END, None),
            ("5", "USD", CHANGED, None),
        ],
    )
    def test_goes_by_the_rate_in_force_on_the_day(
        self, rates: None, amount: str, currency: str, on: date, euro: str | None
    ) -> None:
        found = converted(Money(Decimal(amount), currency), "EUR", on=on)

        assert found == (Money(Decimal(euro), "EUR") if euro else None)

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        amount=AMOUNTS,
        pair=st.sampled_from(
            [("KZT", "EUR"), ("EUR", "KZT"), ("CNY", "EUR"), ("EUR", "CNY"), ("USD", "EUR")]
        ),
        on=st.sampled_from(DAYS),
    )
    def test_is_what_postgresql_makes_of_it(
        self, rates: None, amount: Decimal, pair: tuple[str, str], on: date
    ) -> None:
        found = converted(Money(amount, pair[0]), pair[1], on=on)

        assert (found and found.amount) == in_sql(Money(amount, pair[0]), pair[1], on)

    def test_never_has_two_rates_for_one_day(self, rates: None) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ExchangeRate.objects.create(
                base="EUR", quote="KZT", rate=1, valid_from=CHANGED - DAY, valid_to=CHANGED
            )


class TestCoverIn:
    """The maximum of every association of the world is 60,000 EUR."""

    @pytest.mark.parametrize(
        ("amount", "currency", "borne", "is_missing"),
        [
            ("10000", "CNY", "1200.00", False),
            ("1000000", "CNY", "60000", False),
            ("10000", "USD", "60000", True),
            ("10000", "EUR", "10000", False),
        ],
    )
    def test_converts_a_guarantee_in_another_currency_or_says_that_it_cannot(
        self, world: World, rates: None, amount: str, currency: str, borne: str, is_missing: bool
    ) -> None:
        found = cover_in(country="KZ", amount=Decimal(amount), currency=currency, on=START.date())

        assert found == Cover(world.associations["KZ"].pk, Decimal(borne), "EUR", rate_is_missing=is_missing)

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        amount=AMOUNTS,
        currency=st.sampled_from(["EUR", "KZT", "CNY", "USD"]),
        on=st.sampled_from([*DAYS, date(2009, 12, 31)]),
        country=st.sampled_from(["KZ", "CN", "AQ"]),
    )
    def test_is_what_postgresql_makes_of_it(
        self, world: World, rates: None, amount: Decimal, currency: str, on: date, country: str
    ) -> None:
        found = cover_in(country=country, amount=amount, currency=currency, on=on)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM guarantees_cover_in(%s, %s, %s, %s)", [country, amount, currency, on]
            )
            rows = cursor.fetchall()

        assert rows == ([(found.association_id, found.amount, found.currency)] if found else [])
