"""Exposure over time: the end of each of the last 24 months, and the moment itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guarantees.liability.choices import Side
from guarantees.liability.figures import Total
from guarantees.liability.moments import PERIOD_OF, View
from guarantees.liability.statements import select_rows

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Point:
    """What was owed at the end of `on`, and the ceilings of the guarantees in force on that day."""

    on: date
    total: Total
    ceiling: Decimal


HISTORY = """
WITH delta AS (
    SELECT side, month, amount, number FROM guarantees_liabilitymonth
     WHERE association_id = %(association)s AND currency = %(currency)s AND dimension = 'total'
    {queued}),
ends AS (
    SELECT (m + interval '1 month')::date AS next, (m + interval '1 month')::date - 1 AS day
      FROM generate_series(%(month)s::date - make_interval(months => %(months)s), %(month)s::date - interval '1 month',
                           interval '1 month') m)
SELECT s.side, ends.day, coalesce(sum(delta.amount), 0), coalesce(sum(delta.number), 0)
  FROM ends CROSS JOIN unnest(%(sides)s) AS s (side)
  LEFT JOIN delta ON delta.side = s.side AND delta.month < ends.next
 GROUP BY 1, 2 ORDER BY 1, 2
"""
_QUEUED = """
    UNION ALL
    SELECT '{side}', date_trunc('month', e.at AT TIME ZONE 'UTC')::date, e.amount,
           CASE WHEN e.amount > 0 THEN 1 ELSE -1 END
      FROM guarantees_unfoldedentry u
      JOIN guarantees_liabilityentry e ON e.id = u.entry_id
      JOIN guarantees_liabilityperiod p ON p.id = u.period_id
     WHERE {mine} AND p.currency = %(currency)s
"""
CEILINGS = """
SELECT d.day, coalesce(sum(c.ceiling), 0)
  FROM unnest(%(days)s::date[]) AS d (day)
  LEFT JOIN guarantees_guarantee g ON g.association_id = %(association)s AND g.currency = %(currency)s
        AND daterange(g.valid_from, g.valid_to) @> d.day
  LEFT JOIN guarantees_guaranteeceiling c ON c.guarantee_id = g.id AND daterange(c.valid_from, c.valid_to) @> d.day
 GROUP BY 1
"""


def history(view: View, *, now: dict[Side, Total], months: int = MONTHS) -> dict[Side, tuple[Point, ...]]:
    """Return a point for each month's end before the moment and one for the moment, whose totals are in `now`.

    A ceiling is the one that was in force on the day.
    """
    statement = HISTORY.format(
        queued="".join(_QUEUED.format(side=side.value, mine=PERIOD_OF[side]) for side in Side)
    )
    sides = [str(side) for side in Side]
    found = select_rows(statement, {**view.parameters, "months": months, "sides": sides})
    ceilings = sums_of_ceilings(view, sorted({day for _side, day, *_rest in found} | {view.day}))
    points: dict[Side, list[Point]] = {side: [] for side in Side}
    for side, day, amount, number in found:
        points[Side(side)].append(Point(day, Total(amount, int(number)), ceilings[day]))
    last = view.day
    return {side: (*points[side], Point(last, now[side], ceilings[last])) for side in Side}


def sums_of_ceilings(view: View, days: list[date]) -> dict[date, Decimal]:
    """Return the sum of the ceilings in force on each day."""
    return dict(select_rows(CEILINGS, {**view.parameters, "days": days}))
