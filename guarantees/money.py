"""Sums of money, and one currency in terms of another at the rate of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from guarantees.models import ExchangeRate
from tir.kernel.dated import in_force
from tir.kernel.kept import kept_for

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def converted(money: Money, currency: str, *, on: date) -> Money | None:
    """Return what a sum is in another currency at the rate in force on `on`, rounded to cents; `None` without a rate.

    A rate is given for one direction; the other is its inverse.
    """
    if money.currency == currency:
        return money
    direct = in_force(_rates().get((money.currency, currency), ()), on)
    if direct is not None:
        return Money(_to_cents(money.amount * direct.rate), currency)
    inverse = in_force(_rates().get((currency, money.currency), ()), on)
    return Money(_to_cents(money.amount / inverse.rate), currency) if inverse else None


def _to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@kept_for(seconds=60)
def _rates() -> Mapping[tuple[str, str], list[ExchangeRate]]:
    found: dict[tuple[str, str], list[ExchangeRate]] = {}
    for rate in ExchangeRate.objects.order_by("pk"):
        found.setdefault((rate.base, rate.quote), []).append(rate)
    return found
