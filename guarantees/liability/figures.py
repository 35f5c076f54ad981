"""Totals of a side and their breakdowns, at any moment, in one statement and so in one snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guarantees.liability.choices import Dimension, Side
from guarantees.liability.moments import AGE_BANDS, PERIOD_OF, View
from guarantees.liability.statements import select_rows

LARGEST = 20  # rows of a breakdown before the rest is put together


@dataclass(frozen=True, slots=True)
class Total:
    """An amount and how many carnets or operations it is made of."""

    amount: Decimal = Decimal(0)
    count: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.amount + other.amount, self.count + other.count)


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a breakdown: the key of a holder, guarantee or association, a country, a corridor or a band."""

    key: str
    total: Total


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest parts, and the rest in one: together the side's total, to the cent."""

    parts: tuple[Part, ...] = ()
    rest: Total = Total()
    rest_keys: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """One side at one moment."""

    total: Total
    by: dict[str, Breakdown]

    @property
    def ageing(self) -> tuple[Total, ...]:
        """Return a total for each of AGE_BANDS, empty ones too."""
        found = {part.key: part.total for part in self.by.get(Dimension.SINCE, Breakdown()).parts}
        return tuple(found.get(str(index), Total()) for index in range(1, len(AGE_BANDS) + 1))


# What has been folded: everything, or the months before the moment's own.
FOLDED_NOW = """
SELECT side, dimension, key, amount, number::int FROM guarantees_liabilitytotal
 WHERE number <> 0 AND association_id = %(association)s AND side = ANY (%(sides)s) AND currency = %(currency)s
"""
FOLDED_BEFORE_MONTH = """
SELECT side, dimension, key, amount, number::int FROM guarantees_liabilitymonth
 WHERE association_id = %(association)s AND side = ANY (%(sides)s) AND currency = %(currency)s
   AND month < %(month)s::date
"""
_MOVED = (
    "p.association_id, p.issuer_id, p.guarantee_id, p.holder_id, p.country, p.corridor,"
    " (p.since AT TIME ZONE 'UTC')::date AS since, {amount}, {number}"
)
_QUEUED = """
SELECT '{side}' AS side, {moved}
  FROM guarantees_unfoldedentry u
  JOIN guarantees_liabilityentry e ON e.id = u.entry_id
  JOIN guarantees_liabilityperiod p ON p.id = u.period_id
 WHERE {mine} AND p.currency = %(currency)s
"""
# The clock of a post may run ahead: what the ledger says begins a little later is not owed yet.
_NOT_YET = """
SELECT '{side}', {moved}
  FROM guarantees_liabilityperiod p
 WHERE {mine} AND p.currency = %(currency)s AND p.ends_at IS NULL AND p.since > %(at)s AND p.begins_at > %(at)s
"""
_TOUCHED = """
touched AS MATERIALIZED (
    SELECT association_id, issuer_id, guarantee_id, holder_id, country, corridor, currency, page, since, amount,
           begins_at, ends_at
      FROM guarantees_liabilityperiod
     WHERE (association_id = %(association)s OR issuer_id = %(association)s) AND currency = %(currency)s
       AND ((begins_at >= %(month)s AND begins_at <= %(at)s) OR (ends_at >= %(month)s AND ends_at <= %(at)s))),
"""
_BEGUN = """
SELECT '{side}', {moved} FROM touched p WHERE {mine} AND p.begins_at >= %(month)s AND p.begins_at <= %(at)s
"""
_ENDED = """
SELECT '{side}', {moved} FROM touched p WHERE {mine} AND p.ends_at >= %(month)s AND p.ends_at <= %(at)s
"""
FIGURES = """
WITH {touched} moved AS ({moved}),
grouped AS (
    SELECT side, grouping(holder_id, guarantee_id, issuer_id, country, corridor, since) AS mask, holder_id,
           guarantee_id, issuer_id, country, corridor, since, sum(amount) AS amount, sum(number) AS number
      FROM moved
     GROUP BY GROUPING SETS ((side), (side, holder_id), (side, guarantee_id), (side, issuer_id), (side, country),
                             (side, corridor), (side, since))),
keyed AS (
    SELECT side, d.dimension, d.key, amount, number
      FROM grouped g JOIN LATERAL (VALUES
           (63, 'total', ''),
           (31, 'holder', coalesce(holder_id::text, '')),
           (47, 'guarantee', CASE WHEN side <> 'territory' THEN guarantee_id::text END),
           (55, 'issuer', CASE WHEN side = 'territory' THEN issuer_id::text END),
           (59, 'country', CASE WHEN side <> 'issued' THEN country END),
           (61, 'corridor', corridor),
           (62, 'since', since::text)) AS d (mask, dimension, key) ON d.mask = g.mask
     WHERE d.key IS NOT NULL),
figure AS (
    SELECT side COLLATE "C" AS side, dimension COLLATE "C" AS dimension, CASE WHEN dimension = 'since'
                THEN greatest(width_bucket(%(day)s::date - key::date, %(bounds)s), 1)::text
                ELSE key END COLLATE "C" AS key,
           sum(amount) AS amount, sum(number) AS number
      FROM ({folded} UNION ALL SELECT side, dimension, key, amount, number::int FROM keyed) every
     GROUP BY 1, 2, 3 HAVING sum(number) <> 0 OR sum(amount) <> 0),
ranked AS (
    SELECT *, CASE WHEN dimension IN ('total', 'since', 'country') THEN 0 ELSE
              row_number() OVER (PARTITION BY side, dimension ORDER BY amount DESC, key) END AS rank
      FROM figure)
SELECT side, dimension, key, amount, number, 1 FROM ranked WHERE rank <= %(largest)s
 UNION ALL
SELECT side, dimension, NULL, sum(amount), sum(number), count(*) FROM ranked WHERE rank > %(largest)s
 GROUP BY side, dimension
 ORDER BY 1, 2, 4 DESC, 3
"""


def figures(
    view: View, *, sides: Iterable[Side] = tuple(Side), largest: int = LARGEST
) -> dict[Side, Figures]:
    """Return the figures of every side asked for; each breakdown has its `largest` parts and the rest in one."""
    sides = tuple(sides)
    parameters = {**view.parameters, "sides": [str(side) for side in sides], "largest": largest}
    found: dict[str, dict[str, list[tuple[str | None, Total, int]]]] = {side: {} for side in sides}
    for side, dimension, key, amount, number, keys in select_rows(_statement(view, sides), parameters):
        found[side].setdefault(dimension, []).append((key, Total(amount, int(number)), keys))
    return {side: _figures(found[side]) for side in sides}


def _figures(found: dict[str, list[tuple[str | None, Total, int]]]) -> Figures:
    by = {name: _breakdown(parts) for name, parts in found.items()}
    total = by.pop(Dimension.TOTAL, Breakdown()).parts
    return Figures(total[0].total if total else Total(), by)


def _breakdown(found: list[tuple[str | None, Total, int]]) -> Breakdown:
    parts = tuple(Part(key, total) for key, total, _keys in found if key is not None)
    for key, total, keys in found:
        if key is None:
            return Breakdown(parts, total, keys)
    return Breakdown(parts)


def _statement(view: View, sides: Iterable[Side]) -> str:
    """The SQL for the moment: totals and queue now; or the months before, the queue of those, and this month's own."""
    is_now = view.moment.is_now
    pieces = [piece for side in sides for piece in (_moved_now(side) if is_now else _moved_by_then(side))]
    return FIGURES.format(
        touched="" if is_now else _TOUCHED,
        moved=" UNION ALL ".join(pieces),
        folded=FOLDED_NOW if is_now else FOLDED_BEFORE_MONTH,
    )


def _moved_now(side: Side) -> list[str]:
    return [_piece(_QUEUED, side, "e"), _piece(_NOT_YET, side, "-")]


def _moved_by_then(side: Side) -> list[str]:
    before_month = _QUEUED + " AND e.at < %(month)s"
    return [_piece(before_month, side, "e"), _piece(_BEGUN, side, "+"), _piece(_ENDED, side, "-")]


def _piece(template: str, side: Side, sign: str) -> str:
    """Fill in a side, and whether the rows add (+), take away (-) or go by their entry's own sign (e)."""
    amount = {"e": "e.amount", "+": "p.amount", "-": "-p.amount AS amount"}[sign]
    number = {"e": "CASE WHEN e.amount > 0 THEN 1 ELSE -1 END AS number", "+": "1", "-": "-1 AS number"}[sign]
    return template.format(
        side=side.value, mine=PERIOD_OF[side], moved=_MOVED.format(amount=amount, number=number)
    )
