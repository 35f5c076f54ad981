"""How far art. 11 had come for each operation, as the claims' own events tell, and the worst that may come of it.

A step counts from the day it was taken (`ClaimEvent.on`), on that day from the instant it was recorded.
"""

from dataclasses import dataclass
from decimal import Decimal

from guarantees.choices import ClaimStatus
from guarantees.claims.steps import STEPS
from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import Total
from guarantees.liability.moments import PERIOD_OF, View
from guarantees.liability.statements import rows

CLAIM_OF = {
    Side.UNDER_WAY: "c.issuer_id = %(association)s",
    Side.TERRITORY: "c.association_id = %(association)s",
}
# Withdrawn claims are as if there were none; of several about one operation the latest holds.
STANDING = """
SELECT DISTINCT ON (c.carnet_number, c.page)
       c.id, c.carnet_number, c.page, c.accepted_at, t.verbs,
       CASE WHEN 'demand' = ANY (t.verbs) THEN c.amount END AS amount, c.currency,
       CASE WHEN 'reimburse' = ANY (t.verbs) THEN 'reimbursed' WHEN 'pay' = ANY (t.verbs) THEN 'paid'
            WHEN 'demand' = ANY (t.verbs) THEN 'claimed' WHEN 'notify' = ANY (t.verbs) THEN 'notified'
            ELSE 'contingent' END AS stage
  FROM guarantees_claim c
  JOIN LATERAL (
        SELECT array_agg(e.verb::text ORDER BY e.id) AS verbs FROM guarantees_claimevent e
         WHERE e.claim_id = c.id
           AND least(e.recorded_at, ((e.on + 1)::timestamp AT TIME ZONE 'UTC') - interval '1 microsecond') <= %(at)s
       ) t ON t.verbs IS NOT NULL AND NOT 'withdraw' = ANY (t.verbs)
 WHERE {mine}
 ORDER BY c.carnet_number, c.page, c.id DESC
"""
OPEN_THEN = "p.begins_at <= %(at)s AND (p.ends_at IS NULL OR p.ends_at > %(at)s)"
OPEN_NOW = "p.begins_at <= %(at)s AND p.ends_at IS NULL"
STAGES = """
WITH standing AS ({standing})
SELECT s.stage, coalesce(sum(p.amount), 0), count(p.id), coalesce(sum(s.amount), 0), count(s.id)
  FROM standing s
  LEFT JOIN guarantees_liabilityperiod p
         ON p.carnet_number = s.carnet_number AND p.page = s.page AND {period} AND {open} AND p.currency = %(currency)s
 WHERE s.stage <> 'contingent' AND coalesce(nullif(s.currency, ''), p.currency, %(currency)s) = %(currency)s
 GROUP BY s.stage
"""
STATUSES = """
SELECT t.verbs, CASE WHEN 'demand' = ANY (t.verbs) THEN c.amount END
  FROM guarantees_claim c
  JOIN LATERAL (
        SELECT array_agg(e.verb::text ORDER BY e.id) AS verbs FROM guarantees_claimevent e
         WHERE e.claim_id = c.id
           AND least(e.recorded_at, ((e.on + 1)::timestamp AT TIME ZONE 'UTC') - interval '1 microsecond') <= %(at)s
       ) t ON t.verbs IS NOT NULL
 WHERE c.association_id = %(association)s AND (c.currency = %(currency)s OR c.currency = '')
"""


@dataclass(frozen=True, slots=True)
class AtStage:
    """What stands at a stage: `open` is what the ledger still has open, `claimed` what customs have claimed of it."""

    open: Total = Total()
    claimed: Total = Total()


def stages(view: View, side: Side, total: Total) -> dict[Stage, AtStage]:
    """Split a side's open operations by stage: their `open` totals add up to `total`, the side's own.

    A claim whose operation is no longer open (discharged after all, and the sum reimbursed) counts with nothing open.
    """
    statement = STAGES.format(
        standing=STANDING.format(mine=CLAIM_OF[side]),
        period=PERIOD_OF[side],
        open=OPEN_NOW if view.moment.is_now else OPEN_THEN,
    )
    found = {
        Stage(stage): AtStage(Total(amount, number), Total(claimed, claims))
        for stage, amount, number, claimed, claims in rows(statement, view.parameters)
    }
    rest = total
    for at_stage in found.values():
        rest = Total(rest.amount - at_stage.open.amount, rest.count - at_stage.open.count)
    return {**{stage: found.get(stage, AtStage()) for stage in Stage}, Stage.CONTINGENT: AtStage(rest)}


def worst_case(found: dict[Stage, AtStage]) -> Decimal:
    """Return the most that is still to be paid: every open operation claimed in full, which is the carnet's amount or,
    if lower, the maximum of its territory on the day of acceptance (art. 8(3)); where a sum was claimed, that sum;
    where it was paid, nothing more."""
    unclaimed = found[Stage.CONTINGENT].open.amount + found[Stage.NOTIFIED].open.amount
    return unclaimed + found[Stage.CLAIMED].claimed.amount


def statuses(view: View) -> dict[str, Total]:
    """Return the claims on the association by the status they had at the moment."""
    found = {status: Total() for status in ClaimStatus.values}
    for verbs, amount in rows(STATUSES, view.parameters):
        known = [str(STEPS[verb].after) for verb in verbs if verb in STEPS]
        status = known[-1] if known else ClaimStatus.OPENED
        found[status] += Total(amount or Decimal(0), 1)
    return found
