"""What the findings of the rules at a checkpoint come to. The rules stand beside it, by what they are about.

A rule that stops refuses a stamp made online. A stamp made offline has happened already: it is recorded as evidence
and reconciliation flags it, except where the rule is in `NEVER_EVIDENCE`, because no such paper can exist. At a No. 2
next to nothing is refused: what was presented there was presented, and goes on record (art. 28).
"""

from collections.abc import Sequence

from checkpoints.choices import Verdict
from checkpoints.judging.case import Case
from tir.kernel.errors import Refused
from tir.kernel.rules import Finding, Level

NEVER_EVIDENCE = frozenset({"page_range", "no_such_box"})
NEEDS_CONFIRMING = "not_planned"


def at_termination(case: Case) -> bool:
    """Where a rule about starting eases: what is presented at a No. 2 goes on record, and is flagged."""
    return not case.is_start


def from_offline(case: Case) -> bool:
    """Where a rule about the present eases: it has happened already."""
    return not case.is_online


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """Return stop, look or go; what is only noted does not hold a lorry up."""
    levels = {finding.level for finding in findings}
    if Level.STOP in levels:
        return Verdict.STOP
    return Verdict.LOOK if Level.LOOK in levels else Verdict.GO


def refusal(kind: type[Refused], stops: Sequence[Finding]) -> Refused:
    """Return the error that says why something is refused: the first finding gives the code, all are listed."""
    first = stops[0]
    return kind(
        first.detail,
        code=first.code,
        article=first.article,
        reasons=[{"code": finding.code, "detail": finding.detail} for finding in stops],
        **{name: value for name, value in first.facts.items() if name not in ("code", "article")},
    )
