"""The SQL of one chunk of reconciliation, a statement a step. `job.py` runs them in this order in one transaction.

Parameters: `at` the instant of the run, `limit` the carnets of a chunk. The temporary tables `due`, `finding` and
`summary` live until the transaction ends.
"""

from collections.abc import Iterable

from carnets.reconciliation.catalogue import (
    CATALOGUE,
    GRAVE_ALONE,
    HAS_EVIDENCE,
    IS_WITHDRAWN,
    LATE_AFTER,
    TOLERANCE,
)
from carnets.reconciliation.models import GRAVE

# An unused carnet expires when the last day for acceptance, and time for stamps still waiting on a phone, are over: at
# the issuing association, which closes it. What an office far from there accepted is judged by the day at the office.
_MIDNIGHT = """((c.acceptance_until + 1)::timestamp AT TIME ZONE coalesce(
    (SELECT a.time_zone FROM guarantees_association a WHERE a.id = c.association_id), 'UTC'))"""
EXPIRES_AT = f"guarantees_clock_end('expiry', NULL, {_MIDNIGHT})"

# A chunk is a few thousand carnets of millions: each is looked up by its key, where a merge or a hash would read all
# that were done before it.
BY_KEY = """
SET LOCAL enable_seqscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off
"""

DUE = """
CREATE TEMPORARY TABLE due ON COMMIT DROP AS
SELECT id FROM carnets_carnet
 WHERE reconcile_at <= %(at)s
 ORDER BY reconcile_at, id
 LIMIT %(limit)s
   FOR NO KEY UPDATE SKIP LOCKED;
ANALYZE due
"""

_BEFORE = ("id", "sequence", "started_at", "terminated_at", "termination_office", "is_suspended")
# The operations of a carnet in one reading: each with those before and after it that have evidence, and the latest.
_SCOPE = f"""
  FROM due
  JOIN carnets_carnet c ON c.id = due.id
 CROSS JOIN LATERAL (
       SELECT o.*, {", ".join(f"lag(o.{name}) OVER along AS before_{name}" for name in _BEFORE)},
              lead(coalesce(o.started_at, o.terminated_at)) OVER along AS next_seen_at,
              max(o.sequence) FILTER (WHERE {HAS_EVIDENCE}) OVER () AS seen
         FROM carnets_tiroperation o WHERE o.carnet_id = due.id
       WINDOW along AS (PARTITION BY {HAS_EVIDENCE} ORDER BY o.sequence)) o
 CROSS JOIN LATERAL (SELECT {", ".join(f"o.before_{name} AS {name}" for name in _BEFORE)}) p
 CROSS JOIN LATERAL (SELECT o.next_seen_at AS seen_at) n
 CROSS JOIN LATERAL (SELECT o.seen AS sequence) seen
  JOIN guarantees_customsterritory t ON t.id = o.territory_id
"""  # noqa: S608


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


# How grave it was on the day of the certificate, by the territory's own rule or one for all; else by the catalogue.
_SEVERITY_RULE = """
  LEFT JOIN LATERAL (
        SELECT s.severity FROM carnets_severityrule s
         WHERE s.code = f.code AND (s.territory_id = o.territory_id OR s.territory_id IS NULL)
           AND daterange(s.valid_from, s.valid_to) @> coalesce(
               CASE WHEN mod(f.page, 2) = 0 THEN o.terminated_on ELSE o.started_on END, o.started_on, o.terminated_on,
               %(at)s::date)
         ORDER BY s.territory_id NULLS LAST, s.valid_from DESC
         LIMIT 1) rule ON true
"""
_BARS = f"""CASE WHEN rule.severity IN ({_listed(GRAVE)}) THEN true
            WHEN rule.severity IS NOT NULL AND f.code IN ({_listed(GRAVE_ALONE)}) THEN false
            ELSE f.bars_discharge END"""


def _finding_statement() -> str:
    """One pass over the operations: a cheap test of every comparison first, the facts only where one holds."""
    any_holds = "\n    OR ".join(f"({item.holds})" for item in CATALOGUE)
    listed = ",\n       ".join(
        f"({item.operation}, '{item.code}', {item.page}, '{item.severity}', {item.bars},"
        f" CASE WHEN {item.holds} THEN {item.facts} END)"
        for item in CATALOGUE
    )
    return f"""
CREATE TEMPORARY TABLE finding ON COMMIT DROP AS
SELECT o.carnet_id, f.operation_id, f.code, f.page, coalesce(rule.severity, f.severity) AS severity,
       {_BARS} AS bars_discharge, f.facts,
       o.territory_id, coalesce(o.started_at, o.terminated_at) AS accepted_at, {LATE_AFTER} AS overdue_at
{_SCOPE}
 CROSS JOIN LATERAL (VALUES
       {listed}
      ) AS f (operation_id, code, page, severity, bars_discharge, facts)
{_SEVERITY_RULE}
 WHERE f.facts IS NOT NULL AND ({any_holds});
CREATE INDEX ON finding (operation_id, page, code);
ANALYZE finding
"""


FINDINGS = _finding_statement()

# What happens next about an open irregularity, by the clocks of art. 11 and the enquiry before them.
_NEXT_CLOCK = """
  LEFT JOIN LATERAL (
        SELECT clock, ends_at FROM (VALUES
          ('overdue_to_enquiry', CASE WHEN f.code = 'overdue' THEN
              guarantees_clock_end('overdue_to_enquiry', f.territory_id, f.overdue_at) END),
          ('enquiry_to_holder', CASE WHEN f.code = 'overdue' THEN
              guarantees_clock_end('enquiry_to_holder', f.territory_id,
                  guarantees_clock_end('overdue_to_enquiry', f.territory_id, f.overdue_at)) END),
          ('pre_notification', guarantees_clock_end('pre_notification', f.territory_id, f.accepted_at)),
          ('notification', guarantees_clock_end('notification', f.territory_id, f.accepted_at))
        ) AS clocks (clock, ends_at)
        WHERE f.bars_discharge AND ends_at > %(at)s
        ORDER BY ends_at LIMIT 1) next ON true
"""

FLAG = f"""
WITH written AS (
    INSERT INTO carnets_irregularity
           (carnet_id, operation_id, page, code, severity, bars_discharge, facts, status, opened_at,
            next_clock, next_clock_at, close_reason)
    SELECT f.carnet_id, f.operation_id, f.page, f.code, f.severity, f.bars_discharge, f.facts, 'open', %(at)s,
           coalesce(next.clock, ''), next.ends_at, ''
      FROM finding f {_NEXT_CLOCK}
     WHERE NOT EXISTS (
           SELECT FROM carnets_irregularity r
            WHERE r.operation_id = f.operation_id AND r.page = f.page AND r.code = f.code
              AND r.status = 'resolved' AND r.facts = f.facts)
    ON CONFLICT (carnet_id, operation_id, page, code) WHERE status = 'open'
    DO UPDATE SET facts = EXCLUDED.facts, severity = EXCLUDED.severity, bars_discharge = EXCLUDED.bars_discharge,
                  next_clock = EXCLUDED.next_clock, next_clock_at = EXCLUDED.next_clock_at
            WHERE (carnets_irregularity.facts, carnets_irregularity.severity, carnets_irregularity.bars_discharge,
                   carnets_irregularity.next_clock, carnets_irregularity.next_clock_at)
               IS DISTINCT FROM (EXCLUDED.facts, EXCLUDED.severity, EXCLUDED.bars_discharge, EXCLUDED.next_clock,
                                 EXCLUDED.next_clock_at)
    RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE is_new) FROM written
"""  # noqa: S608

CURE = """
WITH cured AS (
    UPDATE carnets_irregularity i SET status = 'cured', closed_at = %(at)s, next_clock = '', next_clock_at = NULL
      FROM due
     WHERE i.carnet_id = due.id AND i.status = 'open' AND NOT EXISTS (
           SELECT FROM finding f
            WHERE f.operation_id = i.operation_id AND f.page = i.page AND f.code = i.code)
    RETURNING 1)
SELECT count(*) FROM cured
"""

_BARRED = """EXISTS (
    SELECT FROM carnets_irregularity i
     WHERE i.carnet_id = o.carnet_id AND i.operation_id = o.id AND i.status = 'open' AND i.bars_discharge)"""

# At an exit the next No. 1 could still show that something went wrong: it is waited for, but not for ever.
QUIET_UNTIL = "guarantees_clock_end('quiet_time', o.territory_id, o.heard_at)"
IS_WAITED_FOR = "(o.termination_role = 'exit' AND NOT o.is_final AND NOT o.is_followed)"

_MAY_LAPSE = "(o.liability IN ('borne', 'notified', 'claimed') AND o.borne > 0)"

# Answers how many are discharged, and how many are borne still. Nobody is relieved before being liable: the clock of a
# post may run some minutes ahead of ours. What customs have notified or claimed is theirs to end.
DISCHARGE = f"""
WITH operation AS MATERIALIZED (
    SELECT o.id, o.carnet_id, o.sequence, o.guarantor_id, o.borne, o.borne_currency, o.borne_from, o.liability,
           o.status = 'terminated' AND o.started_at IS NOT NULL AND o.liability IN ('none', 'borne')
           AND NOT {_BARRED} AND (NOT {IS_WAITED_FOR} OR {QUIET_UNTIL} <= %(at)s) AS agrees
      FROM due JOIN carnets_tiroperation o ON o.carnet_id = due.id),
relieved AS (
    INSERT INTO guarantees_liabilityentry
           (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at, recorded_at, cause)
    SELECT a.guarantor_id, c.guarantee_id, c.number, 2 * a.sequence - 1, 'relieved', -a.borne,
           a.borne_currency, greatest(%(at)s, a.borne_from), %(at)s, 'discharged'
      FROM operation a JOIN carnets_carnet c ON c.id = a.carnet_id
     WHERE a.agrees AND a.borne > 0),
discharged AS (
    UPDATE carnets_tiroperation o
       SET status = 'discharged', discharged_at = %(at)s, borne = 0, borne_from = NULL,
           liability = 'ended', liability_ended_by = 'discharge'
      FROM operation a WHERE a.agrees AND o.id = a.id
    RETURNING 1)
SELECT (SELECT count(*) FROM discharged), count(*) FILTER (WHERE agrees IS NOT TRUE AND {_MAY_LAPSE}) FROM operation o
"""  # noqa: S608

# What nobody notified or claimed within the periods of art. 11 has lapsed; claims end the rest when they are settled.
# Materialized, so that only the carnets of what is still borne are looked up.
LAPSE = f"""
WITH still AS MATERIALIZED (
    SELECT o.id, o.carnet_id, o.sequence, o.guarantor_id, o.borne, o.borne_currency, o.borne_from, o.territory_id,
           coalesce(o.started_on, o.terminated_on) AS accepted_on
      FROM due JOIN carnets_tiroperation o ON o.carnet_id = due.id
     WHERE {_MAY_LAPSE}),
lapsed AS (
    SELECT o.id, o.sequence, o.guarantor_id, o.borne, o.borne_currency, o.borne_from, c.number, c.guarantee_id,
           guarantees_liability_ends(
               c.number, 2 * o.sequence - 1, o.accepted_on, o.territory_id,
               (%(at)s AT TIME ZONE a.time_zone)::date) AS cause
      FROM still o
      JOIN carnets_carnet c ON c.id = o.carnet_id
      JOIN guarantees_association a ON a.id = o.guarantor_id),
ended AS (
    SELECT * FROM lapsed WHERE cause IN ('lapse_notice', 'lapse_claim')),
relieved AS (
    INSERT INTO guarantees_liabilityentry
           (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at, recorded_at, cause)
    SELECT guarantor_id, guarantee_id, number, 2 * sequence - 1, 'relieved', -borne, borne_currency,
           greatest(%(at)s, borne_from), %(at)s, cause
      FROM ended)
UPDATE carnets_tiroperation o
   SET liability = 'ended', liability_ended_by = ended.cause, borne = 0, borne_from = NULL
  FROM ended WHERE o.id = ended.id
"""  # noqa: S608

# Row locks in order of id, as every other transaction that touches several guarantees takes them.
LOCK_GUARANTEES = """
SELECT g.id FROM guarantees_guarantee g
 WHERE g.id IN (SELECT c.guarantee_id FROM due JOIN carnets_carnet c ON c.id = due.id)
 ORDER BY g.id FOR NO KEY UPDATE
"""

# What ended an operation: discharge, or the road not taken; a liability that lapsed or was paid ends the rest with it.
# A road is not taken while the stamps around it do not meet: then some are missing, and a person must look first.
_DISCHARGED = f"(o.status = 'discharged' OR (o.status = 'unused' AND NOT {_BARRED}))"
_ENDED_OTHERWISE = "(o.liability = 'ended' AND o.liability_ended_by <> 'discharge')"
_SETTLED = f"({_DISCHARGED} OR {_ENDED_OTHERWISE})"

# What the operations of each carnet come to, read once for both statements that follow. `next_at` is when to look
# again: a time limit, the end of a quiet time or a suspension, the next clock of an open irregularity.
SUMMARISE = f"""
CREATE TEMPORARY TABLE summary ON COMMIT DROP AS
SELECT due.id, count(*) AS operations, bool_or({HAS_EVIDENCE}) AS has_evidence,
       bool_or(o.status = 'discharged') AND bool_and({_DISCHARGED}) AS is_discharged,
       bool_or({HAS_EVIDENCE}) AND (bool_and({_SETTLED}) OR (
           bool_or({_ENDED_OTHERWISE}) AND bool_and({_SETTLED} OR o.status = 'expected'))) AS is_over,
       least(
           min(CASE WHEN o.started_at IS NOT NULL AND o.terminated_at IS NULL
               THEN {LATE_AFTER} + interval '1 second' END) FILTER (WHERE {LATE_AFTER} >= %(at)s),
           min(CASE WHEN o.status = 'terminated' AND o.heard_at IS NOT NULL AND {IS_WAITED_FOR} THEN (
               SELECT ends_at FROM {QUIET_UNTIL} AS ends_at WHERE ends_at > %(at)s) END),
           min(CASE WHEN o.is_suspended THEN (
               SELECT ends_at + interval '1 second'
                 FROM guarantees_clock_end('suspension', o.territory_id, o.terminated_at) AS ends_at
                WHERE ends_at >= %(at)s) END),
           min(greatest(o.started_at, o.terminated_at)) FILTER (
               WHERE greatest(o.started_at, o.terminated_at) > %(at)s + {TOLERANCE}),
           min(CASE WHEN o.liability = 'borne' AND o.status <> 'discharged' THEN guarantees_clock_end(
               'notification', o.territory_id, coalesce(o.started_on, o.terminated_on)::timestamptz)
               + interval '2 days' END),
           min(CASE WHEN o.liability IN ('notified', 'claimed') THEN %(at)s + interval '1 day' END),
           (SELECT min(i.next_clock_at) FROM carnets_irregularity i
             WHERE i.carnet_id = due.id AND i.status = 'open')) AS next_at
  FROM due
  JOIN carnets_tiroperation o ON o.carnet_id = due.id
  JOIN guarantees_customsterritory t ON t.id = o.territory_id
 GROUP BY due.id;
ANALYZE summary
"""  # noqa: S608

RELEASE = """
WITH done AS (
    SELECT c.number, c.guarantee_id, c.association_id, c.amount, c.currency
      FROM summary JOIN carnets_carnet c ON c.id = summary.id
     WHERE c.is_reserved AND c.source = 'issued' AND summary.is_over),
released AS (
    INSERT INTO guarantees_liabilityentry
           (association_id, guarantee_id, carnet_number, page, kind, amount, currency, at, recorded_at, cause)
    SELECT association_id, guarantee_id, number, NULL, 'released', -amount, currency, %(at)s, %(at)s, 'discharged'
      FROM done)
UPDATE guarantees_guarantee g
   SET exposure = g.exposure - s.amount, open_carnets = g.open_carnets - s.carnets
  FROM (SELECT guarantee_id, sum(amount) AS amount, count(*) AS carnets FROM done GROUP BY 1) s
 WHERE g.id = s.guarantee_id
"""

# When to look again besides: the last day for acceptance; never when nothing can come due any more.
SET_STATUS = f"""
UPDATE carnets_carnet c
   SET is_reserved = c.is_reserved AND NOT summary.is_over,
       status = CASE
           WHEN c.control <> '' OR c.returned_at IS NOT NULL THEN c.status
           WHEN summary.is_discharged THEN 'discharged'
           WHEN summary.is_over THEN 'closed'
           WHEN c.status IN ('discharged', 'closed') THEN 'terminated'
           ELSE c.status END,
       reconcile_at = CASE
           WHEN summary.has_evidence THEN least(summary.next_at,
               CASE WHEN NOT c.is_reserved AND NOT summary.is_over AND NOT {IS_WITHDRAWN}
                    THEN %(at)s + interval '1 day' END)
           WHEN c.control = '' AND c.returned_at IS NULL THEN greatest(%(at)s + interval '1 second', {EXPIRES_AT}) END
  FROM summary WHERE c.id = summary.id
"""  # noqa: S608

UNUSED = f"""
SELECT c.number FROM due JOIN carnets_carnet c ON c.id = due.id
 WHERE c.status = 'issued' AND c.control = '' AND {EXPIRES_AT} <= %(at)s
"""  # noqa: S608

# Materialized, so that the planner starts from what is due and not from every carnet that was ever let go.
UNRESERVED = f"""
WITH c AS MATERIALIZED (
    SELECT c.id, c.guarantee_id, c.is_reserved, c.control FROM due JOIN carnets_carnet c ON c.id = due.id)
SELECT c.id FROM c
 WHERE NOT c.is_reserved AND NOT {IS_WITHDRAWN}
   AND EXISTS (SELECT FROM carnets_tiroperation o WHERE o.carnet_id = c.id AND {HAS_EVIDENCE})
   AND EXISTS (SELECT FROM carnets_tiroperation o WHERE o.carnet_id = c.id AND NOT {_SETTLED})
   AND NOT EXISTS (SELECT FROM carnets_tiroperation o WHERE o.carnet_id = c.id AND {_ENDED_OTHERWISE})
 ORDER BY c.guarantee_id, c.id
"""  # noqa: S608

EXAMINED = "SELECT coalesce(sum(operations), 0) FROM summary"
