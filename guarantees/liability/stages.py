"""How far art. 11 had come for each operation, as the claims' own events tell, and the worst that may come of it.

A step counts from the day it was taken (`ClaimEvent.on`), on that day from the instant it was recorded; the day ends at
the association that is claimed upon.
"""

from dataclasses import dataclass
from decimal import Decimal

from guarantees.choices import ClaimStatus
from guarantees.liability.choices import Side, Stage
from guarantees.liability.figures import Total
from guarantees.liability.moments import PERIOD_OF, View
from guarantees.liability.statements import select_rows
from guarantees.states import CLAIM

CLAIM_OF = {
    Side.UNDER_WAY: "c.issuer_id = %(association)s",
    Side.TERRITORY: "c.association_id = %(association)s",
}
# The claims there were at the moment about operations borne in the currency of the view, each with the verbs taken by
# then, and what was claimed by then in that currency: customs assess in their own.
TAKEN = """
  FROM guarantees_claim c
  JOIN guarantees_association whose ON whose.id = c.association_id
  JOIN LATERAL (
        SELECT array_agg(e.verb::text ORDER BY e.id) AS verbs FROM guarantees_claimevent e
         WHERE e.claim_id = c.id AND least(e.recorded_at,
               ((e.on + 1)::timestamp AT TIME ZONE whose.time_zone) - interval '1 microsecond') <= %(at)s
       ) t ON t.verbs IS NOT NULL
  JOIN LATERAL (
        SELECT e.currency FROM guarantees_liabilityentry e
         WHERE e.carnet_number = c.carnet_number AND e.page = c.page AND e.amount > 0
         ORDER BY e.id DESC LIMIT 1) bears ON bears.currency = %(currency)s
"""
CLAIMED_BY_THEN = """CASE WHEN 'demand' = ANY (t.verbs)
            THEN guarantees_converted(c.amount, c.currency, %(currency)s, c.claimed_on) END"""
# Withdrawn claims are as if there were none; of several about one operation the latest holds.
STANDING = f"""
SELECT DISTINCT ON (c.carnet_number, c.page)
       c.id, c.carnet_number, c.page, c.accepted_at, t.verbs, {CLAIMED_BY_THEN} AS amount,
       CASE WHEN 'reimburse' = ANY (t.verbs) THEN 'reimbursed' WHEN 'pay' = ANY (t.verbs) THEN 'paid'
            WHEN 'demand' = ANY (t.verbs) THEN 'claimed' WHEN 'notify' = ANY (t.verbs) THEN 'notified'
            ELSE 'contingent' END AS stage
{TAKEN}
 WHERE {{mine}} AND NOT 'withdraw' = ANY (t.verbs)
 ORDER BY c.carnet_number, c.page, c.id DESC
"""
OPEN_THEN = "p.begins_at <= %(at)s AND (p.ends_at IS NULL OR p.ends_at > %(at)s)"
OPEN_NOW = "p.begins_at <= %(at)s AND p.ends_at IS NULL"
# A sum that no rate makes comparable counts as all that is borne.
CLAIMED_SUM = "coalesce(s.amount, CASE WHEN s.stage = 'claimed' THEN p.amount END, 0)"
STAGES = f"""
WITH standing AS ({{standing}})
SELECT s.stage, coalesce(sum(p.amount), 0), count(p.id), coalesce(sum({CLAIMED_SUM}), 0), count(s.id)
  FROM standing s
  LEFT JOIN guarantees_liabilityperiod p
         ON p.carnet_number = s.carnet_number AND p.page = s.page AND p.currency = %(currency)s
           AND {{period}} AND {{open}}
 WHERE s.stage <> 'contingent'
 GROUP BY s.stage
"""  # noqa: S608
STATUSES = f"""
SELECT t.verbs, {CLAIMED_BY_THEN}
{TAKEN}
 WHERE c.association_id = %(association)s
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
        for stage, amount, number, claimed, claims in select_rows(statement, view.parameters)
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
    for verbs, amount in select_rows(STATUSES, view.parameters):
        known = [str(CLAIM[verb].after) for verb in verbs if verb in CLAIM]
        status = known[-1] if known else ClaimStatus.OPENED
        found[status] += Total(amount or Decimal(0), 1)
    return found
