"""Reading the ledger: what an association owes, as issuer and as guarantor of its territory, on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from guarantees.choices import ClaimStatus
from guarantees.models import Association, Claim, Guarantee, LiabilityMaximum
from tir.kernel.kept import kept_for

AGE_BANDS = ((0, 30), (30, 90), (90, 180), (180, 365), (365, None))  # days since acceptance or entry
DEFAULT_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Total:
    """An amount and how many carnets or operations it is made of."""

    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class AgeBand:
    from_days: int
    to_days: int | None
    amount: Decimal
    operations: int


@dataclass(frozen=True, slots=True)
class Liability:
    """Both sides of an association's liability on one day, in one currency."""

    currency: str
    issued: Total
    ceiling: Decimal
    territory: Total
    ageing: tuple[AgeBand, ...]
    claims: Mapping[str, Total]


ISSUED = """
    SELECT coalesce(sum(amount), 0), count(*) FROM (
        SELECT sum(amount) AS amount FROM guarantees_liabilityentry
         WHERE association_id = %(association)s AND page IS NULL AND currency = %(currency)s AND at <= %(as_of)s
         GROUP BY carnet_number HAVING sum(amount) > 0) open
"""
AGEING = """
    SELECT width_bucket(extract(epoch FROM %(as_of)s - since) / 86400, %(bounds)s) AS band, sum(amount), count(*)
      FROM (SELECT sum(amount) AS amount, max(at) FILTER (WHERE kind = 'borne') AS since
              FROM guarantees_liabilityentry
             WHERE association_id = %(association)s AND page IS NOT NULL AND currency = %(currency)s
               AND at <= %(as_of)s
             GROUP BY carnet_number, page HAVING sum(amount) > 0) open
     GROUP BY band
"""


def liability(association: Association, *, as_of: datetime) -> Liability:
    """Return what the association owed at `as_of`, from the ledger's own entries."""
    currency = currency_of(association, as_of)
    parameters = {
        "association": association.pk,
        "currency": currency,
        "as_of": as_of,
        "bounds": [Decimal(low) for low, _high in AGE_BANDS],
    }
    amount, carnets = _rows(ISSUED, parameters)[0]
    ageing = _ageing(parameters)
    return Liability(
        currency=currency,
        issued=Total(amount, carnets),
        ceiling=_ceiling(association, currency, as_of),
        territory=Total(
            sum((band.amount for band in ageing), Decimal(0)), sum(band.operations for band in ageing)
        ),
        ageing=ageing,
        claims=_claims(association, currency, as_of),
    )


def currency_of(association: Association, as_of: datetime) -> str:
    """Return the currency of the association's maximum on that day."""
    day = as_of.date()
    maximum = (
        LiabilityMaximum.objects.filter(association=association, valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .first()
    )
    return maximum.currency if maximum else DEFAULT_CURRENCY


def _ageing(parameters: dict[str, Any]) -> tuple[AgeBand, ...]:
    found = {int(band): (amount, count) for band, amount, count in _rows(AGEING, parameters)}
    return tuple(
        AgeBand(low, high, *found.get(index, (Decimal(0), 0)))
        for index, (low, high) in enumerate(AGE_BANDS, start=1)
    )


def _ceiling(association: Association, currency: str, as_of: datetime) -> Decimal:
    in_force = Q(valid_from__lte=as_of.date()) & (Q(valid_to=None) | Q(valid_to__gt=as_of.date()))
    found = Guarantee.objects.filter(in_force, association=association, currency=currency)
    return found.aggregate(total=Sum("ceiling"))["total"] or Decimal(0)


def _claims(association: Association, currency: str, as_of: datetime) -> dict[str, Total]:
    """Return the claims on the association by the status they have now, of those opened by `as_of`."""
    rows = (
        Claim.objects.filter(association=association, created_at__lte=as_of)
        .filter(Q(currency=currency) | Q(currency=""))
        .values("status")
        .annotate(total=Sum("amount"), number=Count("id"))
    )
    found = {row["status"]: Total(row["total"] or Decimal(0), row["number"]) for row in rows}
    return {status: found.get(status, Total(Decimal(0), 0)) for status in ClaimStatus.values}


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


@kept_for(seconds=60)
def association_codes() -> dict[int, str]:
    """Return the three-digit code of every association by its key."""
    return dict(Association.objects.values_list("pk", "code"))
