"""What a fresh installation needs to be tried: reference data, numbers, guarantees, a risk profile, accounts, phones.

Safe to repeat: what is there stays, with its passwords, its exposure and its next number.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from carnets.models import NumberRange
from checkpoints.models import RiskProfile
from checkpoints.reference.loading import load_reference_data
from checkpoints.risk import scoring
from checkpoints.simulation import card
from checkpoints.simulation.accounts import ensure_accounts, pool_reference, sample_accounts
from checkpoints.simulation.phones import ensure_phones
from guarantees.models import Association, Guarantee, Holder
from tir.kernel.sandbox import is_sandbox

FIRST_NUMBER, NUMBERS_EACH = (
    99_000_001,
    50_000,
)  # synthetic: valid check letters, far above what was ever issued
VALID_FROM = date(2020, 1, 1)
POOL_AMOUNT, POOL_CEILING = Decimal(100_000), Decimal(5_000_000_000)
OWN_AMOUNT, OWN_CEILING, OWN_MOST_CARNETS = Decimal(60_000), Decimal(3_000_000), 40
HOLDERS_WITH_OWN = 2  # of each association


@dataclass(frozen=True, slots=True)
class Seeded:
    """What there is now."""

    registers: dict[str, int]
    accounts: int
    guarantees: int


@transaction.atomic
def seed(*, card_path: Path, at: datetime) -> Seeded:
    """Make everything that is not there yet, and write the card with the accounts' passwords."""
    registers = load_reference_data(at=at)
    associations = list(Association.objects.order_by("code"))
    for index, association in enumerate(associations):
        _give_numbers(association, FIRST_NUMBER + index * NUMBERS_EACH)
        _give_guarantees(association)
    RiskProfile.objects.get_or_create(
        name="Default weights", defaults={"points": scoring.DEFAULT_POINTS, "valid_from": VALID_FROM}
    )
    accounts = sample_accounts()
    before = card.read_card(card_path)
    passwords = ensure_accounts(accounts, known=card.passwords_on(before))
    ensure_phones(at=at)
    country = card.demo_holder().country
    filled = card.fill_card(
        before, accounts, passwords, guarantee=pool_reference(country), is_sandbox=is_sandbox()
    )
    card.write_card(card_path, filled)
    return Seeded(registers, len(accounts), Guarantee.objects.count())


def _give_numbers(association: Association, first: int) -> None:
    NumberRange.objects.get_or_create(
        first=first,
        defaults={"association": association, "last": first + NUMBERS_EACH - 1, "next": first},
    )


def _give_guarantees(association: Association) -> None:
    """A pool for all holders of the association, with ample room, and a few of a holder's own."""
    Guarantee.objects.get_or_create(
        reference=pool_reference(association.country),
        defaults={
            "association": association,
            "amount_per_carnet": POOL_AMOUNT,
            "ceiling": POOL_CEILING,
            "currency": "EUR",
            "valid_from": VALID_FROM,
        },
    )
    for holder in _first_holders(association):
        Guarantee.objects.get_or_create(
            reference=f"{association.country}-{holder.reference.rpartition('/')[2]}",
            defaults={
                "association": association,
                "holder": holder,
                "amount_per_carnet": OWN_AMOUNT,
                "ceiling": OWN_CEILING,
                "currency": "EUR",
                "max_open_carnets": OWN_MOST_CARNETS,
                "valid_from": VALID_FROM,
            },
        )


def _first_holders(association: Association) -> list[Holder]:
    return list(association.holders.order_by("pk")[:HOLDERS_WITH_OWN])
