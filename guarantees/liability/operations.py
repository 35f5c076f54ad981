"""The carnets and operations behind a figure: the same side, moment and keys, oldest first, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import Total
from guarantees.liability.models import WHOLE_CARNET, LiabilityPeriod
from guarantees.liability.moments import PERIOD_OF, View
from guarantees.liability.stages import CLAIM_OF, CLAIMED_SUM, OPEN_NOW, OPEN_THEN, STANDING
from guarantees.liability.statements import select_rows
from tir.kernel.places import midnight_after


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which part of a side's figure: keys as its breakdowns have them, an age from so many days, below so many."""

    holder_id: int | None = None
    guarantee_id: int | None = None
    issuer_id: int | None = None
    country: str = ""
    corridor: str = ""
    age: tuple[int, int | None] | None = None


def periods(view: View, side: Side, narrowing: Narrowing = Narrowing()) -> "QuerySet[LiabilityPeriod]":
    """Return the periods that make up a figure, the longest open first. Read `since` and `id` only, and the
    rest for the rows that are shown: then a million rows are gone through in one index."""
    found = LiabilityPeriod.objects.filter(_of(view, side), _open_at(view), currency=view.currency)
    for name in ("holder_id", "guarantee_id", "issuer_id", "country", "corridor"):
        if value := getattr(narrowing, name):
            found = found.filter(**{name: value})
    if narrowing.age:
        found = found.filter(_aged(view, *narrowing.age))
    return found.order_by("since", "id")


def total(found: "QuerySet[LiabilityPeriod]") -> Total:
    """Return what the rows add up to, counted from the rows themselves."""
    sums = found.order_by().aggregate(amount=Sum("amount"), number=Count("id"))
    return Total(sums["amount"] or Decimal(0), sums["number"])


def _of(view: View, side: Side) -> Q:
    if side == Side.ISSUED:
        return Q(association=view.association, page=WHOLE_CARNET)
    if side == Side.UNDER_WAY:
        return Q(issuer=view.association, page__gt=WHOLE_CARNET)
    return Q(association=view.association, page__gt=WHOLE_CARNET)


def _open_at(view: View) -> Q:
    begun = Q(begins_at__lte=view.moment.at)
    if view.moment.is_now:
        return begun & Q(ends_at=None)
    return begun & (Q(ends_at=None) | Q(ends_at__gt=view.moment.at))


def _aged(view: View, youngest: int, oldest: int | None) -> Q:
    """From the first day (UTC) that is too young for the end, before the first too young for the start."""
    aged = Q(since__lt=_midnight_after(view, youngest)) if youngest else Q()
    return aged & Q(since__gte=_midnight_after(view, oldest)) if oldest is not None else aged


def _midnight_after(view: View, days: int) -> datetime:
    return midnight_after(view.moment.day - timedelta(days=days), "UTC")


@dataclass(frozen=True, slots=True)
class Claimed:
    """An operation that art. 11 has reached: what the ledger has open of it (0 once discharged) and what is claimed."""

    carnet_number: str
    page: int
    stage: Stage
    accepted_at: datetime
    open: Decimal
    claimed: Decimal
    claim_id: int
    period_id: int | None


CLAIMED = f"""
WITH standing AS ({{standing}})
SELECT s.carnet_number, s.page, s.stage, s.accepted_at, coalesce(p.amount, 0), {CLAIMED_SUM}, s.id, p.id
  FROM standing s
  LEFT JOIN guarantees_liabilityperiod p
         ON p.carnet_number = s.carnet_number AND p.page = s.page AND p.currency = %(currency)s
           AND {{period}} AND {{open}}
 WHERE s.stage <> 'contingent'
 ORDER BY s.id
"""  # noqa: S608


def claimed(view: View, side: Side, *, carnets: list[str] | None = None) -> list[Claimed]:
    """Return the operations of the side (of these carnets only) at a stage beyond contingent; they are few, for each
    was found out by hand. Nobody claims upon a carnet as a whole."""
    if side not in CLAIM_OF:
        return []
    mine = CLAIM_OF[side] + (" AND c.carnet_number = ANY (%(carnets)s)" if carnets is not None else "")
    statement = CLAIMED.format(
        standing=STANDING.format(mine=mine),
        period=PERIOD_OF[side],
        open=OPEN_NOW if view.moment.is_now else OPEN_THEN,
    )
    return [
        Claimed(number, page, Stage(stage), *rest)
        for number, page, stage, *rest in select_rows(statement, {**view.parameters, "carnets": carnets})
    ]


def whole(found: Iterable[int]) -> list[LiabilityPeriod]:
    """Return these periods in full, in the same order, with the names that a row shows."""
    keys = list(found)
    full = LiabilityPeriod.objects.select_related("holder", "guarantee", "association", "issuer").in_bulk(
        keys
    )
    return [full[key] for key in keys]
