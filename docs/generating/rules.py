"""rules.md: every rule of issuing and of the checkpoint, and every comparison of reconciliation."""

from collections.abc import Iterable

from carnets.guarantee_queries.rules import CONFIRM
from carnets.reconciliation.catalogue import CATALOGUE, Comparison
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT, NEVER_EVIDENCE
from docs.generating.markdown import code, table
from docs.generating.markdown import page as whole_page
from guarantees.claims.rules import CLAIM, HOLDS
from tir.kernel.rules import Level, RuleBook

INTRODUCTION = """
A rule has a code, the article it keeps, and one sentence that people read. A rule's name is the fact that must hold;
its code says what is wrong when it does not. Every rule of a book is judged, so a caller sees all reasons at once.
In the sentences, names in braces are facts of the case.
"""
ISSUING = """
## Issuing a carnet

All of these must hold before an association's carnet is issued (`carnets/rules/`). Each broken one is answered with
422, and `errors` lists them all. The ceiling of the guarantee and the stock of numbers are judged under their row
locks, in `guarantees/exposure.py` and `carnets/numbering.py`; their codes are in [errors.md](errors.md).
"""
AT_A_CHECKPOINT = """
## A carnet at a checkpoint

Judged at a scan and at a stamp alike (`checkpoints/judging/`). *stop* refuses a stamp made online, *look* asks the
officer for a closer look, *note* is only noted. At a No. 2 next to nothing stops: what was presented goes on record.
The look `not_planned` refuses a stamp online until the officer confirms it. From offline a stamp that a *stop* would
refuse is recorded all the same, because it has happened, and reconciliation flags it
([ADR 0014](adr/0014-offline-is-recorded.md)); the rules marked *never* refuse it even then, because no such
certification can exist.
"""
A_CLAIM = """
## A claim on an association

What must hold before a claim is paid (`guarantees/claims/rules.py`), judged on the day of the claim, or today while it
was not made. A broken rule stops nothing: it is shown to both sides, and is a ground on which the association may
contest.
"""
CONFIRMING = """
## Confirming a guarantee

When customs ask whether a guarantee is good for a carnet, in their country and at once
(`carnets/guarantee_queries/rules.py`), each broken rule is a reason that it is not. Customs of a country that the
route does not touch learn that alone. The question and its answer are kept, for both sides.
"""
RECONCILIATION = """
## What reconciliation finds

Each row compares what two offices recorded (`carnets/reconciliation/catalogue.py`). A finding opens an irregularity,
once; when the records agree again it is closed as *cured*. One that bars discharge keeps its operation open until
it is cured, or resolved by the customs of the country.
"""
COMPARISONS = """
### How each is found

In SQL: `o` is the operation, `p` the one before it, `c` the carnet, `t` the customs territory, `seen` the latest
operation with any evidence, `%(at)s` the instant of the run.
"""


def page() -> str:
    return whole_page("Rules", INTRODUCTION, ISSUING, _issuing(), AT_A_CHECKPOINT, _checkpoint(), CONFIRMING,
                      _confirming(), RECONCILIATION, _catalogue(), COMPARISONS, _comparisons(), A_CLAIM,
                      _claim())  # fmt: skip


def _issuing() -> str:
    rows = ((code(rule.code), code(rule.name), rule.article, rule.message) for rule in ISSUE)
    return table(("code", "what must hold", "article", "what people read"), rows)


def _claim() -> str:
    rows = (
        (code(rule.code), code(rule.name), rule.article, HOLDS[rule.code], rule.message) for rule in CLAIM
    )
    return table(("code", "what must hold", "article", "if it holds", "if not"), rows)


def _confirming() -> str:
    rows = ((code(rule.code), code(rule.name), rule.article, rule.message) for rule in CONFIRM)
    return table(("code", "what must hold", "article", "what people read"), rows)


def _checkpoint() -> str:
    rows = (
        (
            code(rule.code),
            code(rule.name),
            rule.level,
            _offline(rule.code, rule.level),
            rule.article,
            rule.message,
        )
        for rule in CHECKPOINT
    )
    return table(("code", "what must hold", "level", "offline", "article", "what people read"), rows)


def _offline(rule_code: str, level: Level) -> str:
    if level is not Level.STOP:
        return ""
    return "never" if rule_code in NEVER_EVIDENCE else "recorded"


def _catalogue() -> str:
    rows = (
        (
            code(item.code),
            sides,
            item.severity,
            "yes" if item.bars_discharge else "no",
            item.article,
            item.message,
        )
        for item, sides in once_a_code(CATALOGUE)
    )
    return table(("code", "voucher", "severity", "bars discharge", "article", "what people read"), rows)


def once_a_code(items: Iterable[Comparison]) -> list[tuple[Comparison, str]]:
    """Return comparisons that are the same on both vouchers once, with the vouchers named."""
    found: dict[tuple[str, str], list[Comparison]] = {}
    for item in items:
        found.setdefault((item.code, str(item.message)), []).append(item)
    return [(same[0], " and ".join(voucher_of(item) for item in same)) for same in found.values()]


def voucher_of(item: Comparison) -> str:
    return "No. 1" if item.side == "start" else "No. 2"


def _comparisons() -> str:
    return "\n\n".join(
        f"{code(item.code)}, voucher {voucher_of(item)}:\n\n```sql\n{item.holds}\n```" for item in CATALOGUE
    )


def books() -> tuple[tuple[str, "RuleBook[object]"], ...]:
    """Return the rule books with the file that holds each."""
    return (("carnets/rules/", ISSUE), ("checkpoints/judging/rules.py", CHECKPOINT))  # type: ignore[return-value]
