"""Adding queued ledger entries to the totals, and proving that periods and totals say what the ledger says."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

CHUNK = 20_000
ONE_FOLDS = 0x71_4C  # key of the advisory lock: two that fold at once would wait for each other's totals

# One row a side and dimension for every period that began or ended: what an entry adds to which figures.
MOVED = """
moved AS (
    SELECT p.association_id, p.issuer_id, p.guarantee_id, p.holder_id, p.page, p.country, p.corridor, p.currency,
           p.since, e.amount, CASE WHEN e.amount > 0 THEN 1 ELSE -1 END AS number,
           date_trunc('month', e.at AT TIME ZONE 'UTC')::date AS month
      FROM batch b
      JOIN guarantees_liabilityentry e ON e.id = b.entry_id
      JOIN guarantees_liabilityperiod p ON p.id = b.period_id),
sided AS (
    SELECT *, association_id AS whose, 'issued' AS side FROM moved WHERE page = 0
     UNION ALL SELECT *, issuer_id, 'under_way' FROM moved WHERE page > 0
     UNION ALL SELECT *, association_id, 'territory' FROM moved WHERE page > 0),
deltas AS (
    SELECT whose, side, currency, dimension, key, month, sum(amount) AS amount, sum(number) AS number
      FROM sided s CROSS JOIN LATERAL (VALUES
           ('total', ''),
           ('holder', coalesce(s.holder_id::text, '')),
           ('guarantee', CASE WHEN side <> 'territory' THEN s.guarantee_id::text END),
           ('issuer', CASE WHEN side = 'territory' THEN s.issuer_id::text END),
           ('country', CASE WHEN side <> 'issued' THEN s.country END),
           ('corridor', s.corridor),
           ('since', (s.since AT TIME ZONE 'UTC')::date::text)) AS d (dimension, key)
     WHERE key IS NOT NULL
     GROUP BY whose, side, currency, dimension, key, month)
"""

FOLD = f"""
WITH batch AS (
    DELETE FROM guarantees_unfoldedentry
     WHERE entry_id IN (SELECT entry_id FROM guarantees_unfoldedentry ORDER BY entry_id LIMIT %(limit)s)
    RETURNING entry_id, period_id),
{MOVED},
months AS (
    INSERT INTO guarantees_liabilitymonth AS m (association_id, side, currency, dimension, key, month, amount, number)
    SELECT whose, side, currency, dimension, key, month, amount, number FROM deltas
        ON CONFLICT (association_id, side, currency, dimension, month, key)
        DO UPDATE SET amount = m.amount + EXCLUDED.amount, number = m.number + EXCLUDED.number),
totals AS (
    INSERT INTO guarantees_liabilitytotal AS t (association_id, side, currency, dimension, key, amount, number)
    SELECT whose, side, currency, dimension, key, sum(amount), sum(number) FROM deltas
     GROUP BY whose, side, currency, dimension, key
        ON CONFLICT (association_id, side, currency, dimension, key)
        DO UPDATE SET amount = t.amount + EXCLUDED.amount, number = t.number + EXCLUDED.number)
SELECT count(*) FROM batch
"""  # noqa: S608


@transaction.atomic
def fold_chunk(*, limit: int | None = CHUNK) -> int:
    """Add up to `limit` queued entries (all of them: None) to the totals; return how many. While another process folds,
    none: what it leaves is still queued, and every reader counts the queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_FOLDS])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD, {"limit": limit})
        return int(cursor.fetchone()[0])


def fold_all() -> int:
    """Fold until nothing is queued, a chunk a transaction; return how many entries that were."""
    folded = 0
    while some := fold_chunk():
        folded += some
    return folded


@transaction.atomic
def rebuild() -> None:
    """Make periods and totals anew from the ledger alone, as after loading it by other means than inserts. Whoever
    writes to the ledger waits meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_FOLDS])
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SELECT guarantees_rebuild_liability()")
        cursor.execute(FOLD, {"limit": None})


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A figure kept beside the ledger that differs from what the ledger says; `where` names it for people."""

    where: str
    kept: Any
    ledger: Any


# Each of the three compares every association, side and currency, and the last two every key and month as well.
BALANCES = """
WITH ledger AS (
    SELECT association_id, page IS NULL AS is_issue, currency, sum(amount) AS amount,
           sum(sign(amount)) AS number
      FROM guarantees_liabilityentry WHERE amount <> 0 GROUP BY 1, 2, 3),
kept AS (
    SELECT association_id, page = 0 AS is_issue, currency, sum(amount) AS amount, count(*) AS number
      FROM guarantees_liabilityperiod WHERE ends_at IS NULL GROUP BY 1, 2, 3)
SELECT 'open periods of association ' || association_id || ' in ' || currency,
       coalesce(k.amount, 0) || ' / ' || coalesce(k.number, 0), l.amount || ' / ' || l.number
  FROM ledger l FULL JOIN kept k USING (association_id, is_issue, currency)
 WHERE (coalesce(l.amount, 0), coalesce(l.number, 0)) <> (coalesce(k.amount, 0), coalesce(k.number, 0))
"""
_WHOLE_LEDGER = f"""
WITH batch AS (
    SELECT x.id AS entry_id, p.id AS period_id
      FROM (SELECT id, lead(id) OVER (PARTITION BY carnet_number, coalesce(page, 0) ORDER BY id) AS end_id
              FROM guarantees_liabilityentry WHERE amount <> 0) e
      JOIN guarantees_liabilityperiod p ON p.entry_id = e.id
     CROSS JOIN LATERAL (VALUES (e.id), (e.end_id)) AS x (id)
     WHERE x.id IS NOT NULL AND NOT EXISTS (SELECT FROM guarantees_unfoldedentry u WHERE u.entry_id = x.id)),
{MOVED}
"""  # noqa: S608
MONTHS = f"""{_WHOLE_LEDGER}
SELECT k.side || ' ' || k.dimension || ' ' || k.key || ' in ' || k.month, k.amount || ' / ' || k.number,
       coalesce(d.amount, 0) || ' / ' || coalesce(d.number, 0)
  FROM guarantees_liabilitymonth k
  FULL JOIN deltas d ON (d.whose, d.side, d.currency, d.dimension, d.key, d.month)
                      = (k.association_id, k.side, k.currency, k.dimension, k.key, k.month)
 WHERE (coalesce(k.amount, 0), coalesce(k.number, 0)) <> (coalesce(d.amount, 0), coalesce(d.number, 0))
"""  # noqa: S608
TOTALS = """
SELECT t.side || ' ' || t.dimension || ' ' || t.key, t.amount || ' / ' || t.number, m.amount || ' / ' || m.number
  FROM guarantees_liabilitytotal t
  FULL JOIN (SELECT association_id, side, currency, dimension, key, sum(amount) AS amount, sum(number) AS number
               FROM guarantees_liabilitymonth GROUP BY 1, 2, 3, 4, 5) m
         ON (m.association_id, m.side, m.currency, m.dimension, m.key)
          = (t.association_id, t.side, t.currency, t.dimension, t.key)
 WHERE (coalesce(t.amount, 0), coalesce(t.number, 0)) <> (coalesce(m.amount, 0), coalesce(m.number, 0))
"""


def discrepancies() -> list[Discrepancy]:
    """Compare everything kept beside the ledger with the ledger, in one snapshot; nothing found means it holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"({BALANCES}) UNION ALL ({MONTHS}) UNION ALL ({TOTALS})")
        return [Discrepancy(*row) for row in cursor.fetchall()]
