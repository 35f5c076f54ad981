"""states.md: the status sets, and which verb leads from one to the next."""

from collections.abc import Iterable

from django.db import models

from carnets.choices import (
    CarnetStatus,
    Control,
    IrregularityStatus,
    OperationStatus,
    RequestStatus,
    RunStatus,
)
from carnets.transitions import CARNET, OPERATION, Transition
from docs.generating.markdown import code, codes, table
from docs.generating.markdown import page as whole_page
from guarantees.choices import ClaimStatus, HolderStatus
from guarantees.claims.steps import STEPS
from guarantees.holders import STEPS as HOLDER_STEPS

INTRODUCTION = """
The transitions are data: `carnets/transitions.py` for carnet and operation, `STEPS` in `guarantees/claims/steps.py` for
claims. Why these sets: [ADR 0002](adr/0002-carnet-and-operation-states.md).
"""
OPERATION_TEXT = """
## TIR operation

The status follows from the stamps: `start` and `terminate` are stamps on voucher No. 1 and No. 2, in whatever order
they arrive, so an operation can be terminated on record before its start is known. Only reconciliation discharges.
"""
CARNET_TEXT = """
## Carnet

People decide these verbs. Between `issued` and `discharged` the status is what the operations add up to
(`carnet_status` in `carnets/projection/facts.py`).
"""
CLAIM_TEXT = """
## Claim

Every step also asks its legal clock ([law.md](law.md)) and whose step it is: customs of the country, or the association
that is claimed upon.
"""
OTHERS: tuple[tuple[str, type[models.TextChoices], str], ...] = (
    ("What withdrew a carnet from circulation", Control, "Blank while nothing did."),
    ("Irregularity", IrregularityStatus, "Reconciliation opens and cures; only people resolve."),
    ("Reconciliation run", RunStatus, ""),
    (
        "Reconciliation request",
        RequestStatus,
        "Customs answer it; a late stamp that agrees settles it (Annex 10 par. 2).",
    ),
)
HOLDER_TEXT = """
## Holder

As the international data bank names them (Annex 9 Part II). `STEPS` in `guarantees/holders.py`; each step is a row of
the holder's history. An exclusion (art. 38) is no status: it is dated and of one country.
"""


def page() -> str:
    return whole_page(
        "States", INTRODUCTION,
        OPERATION_TEXT, _diagram(OPERATION, OperationStatus), _statuses(OperationStatus, OPERATION), _verbs(OPERATION),
        CARNET_TEXT, _diagram(CARNET, CarnetStatus), _statuses(CarnetStatus, CARNET), _verbs(CARNET),
        CLAIM_TEXT, _claim_diagram(), _claim_statuses(), _claim_steps(),
        HOLDER_TEXT, _plain(HolderStatus), _holder_steps(),
        *(block for title, choices, text in OTHERS for block in (f"## {title}", text, _plain(choices)) if block),
    )  # fmt: skip


def _statuses(choices: type[models.TextChoices], verbs: Iterable[Transition]) -> str:
    rows = (
        (
            code(status.value),
            status.label,
            codes(verb.verb for verb in verbs if verb.after == status),
            codes(verb.verb for verb in verbs if status in verb.before),
        )
        for status in choices
    )
    return table(("status", "meaning", "reached by", "verbs from here"), rows)


def _verbs(verbs: Iterable[Transition]) -> str:
    rows = ((code(v.verb), codes(sorted(v.before)), _after(v), v.world) for v in verbs)
    return table(("verb", "from", "to", "what happened"), rows)


def _after(verb: Transition) -> str:
    return code(verb.after) if verb.after else "what the operations add up to"


def _diagram(verbs: Iterable[Transition], choices: type[models.TextChoices]) -> str:
    return _mermaid(
        f"    {before} --> {verb.after}: {verb.verb}"
        for verb in verbs
        if verb.after
        for before in _in_order(verb.before, choices)
    )


def _in_order(statuses: Iterable[str], choices: type[models.TextChoices]) -> list[str]:
    wanted = set(statuses)
    return [status.value for status in choices if status in wanted]


def _mermaid(arrows: Iterable[str]) -> str:
    return "\n".join(("```mermaid", "stateDiagram-v2", *arrows, "```"))


def _claim_diagram() -> str:
    return _mermaid(
        f"    {before} --> {step.after}: {verb}"
        for verb, step in STEPS.items()
        for before in _in_order(step.before, ClaimStatus)
    )


def _claim_statuses() -> str:
    rows = (
        (
            code(status.value),
            status.label,
            codes(verb for verb, step in STEPS.items() if step.after == status),
            codes(verb for verb, step in STEPS.items() if status in step.before),
        )
        for status in ClaimStatus
    )
    return table(("status", "meaning", "reached by", "verbs from here"), rows)


def _claim_steps() -> str:
    rows = (
        (
            code(verb),
            codes(_in_order(step.before, ClaimStatus)),
            code(step.after),
            "customs" if step.by_customs else "association",
        )
        for verb, step in STEPS.items()
    )
    return table(("verb", "from", "to", "whose step"), rows)


def _holder_steps() -> str:
    rows = (
        (code(verb.value), codes(_in_order(step.before, HolderStatus)), code(step.after.value), step.world)
        for verb, step in HOLDER_STEPS.items()
    )
    return table(("verb", "from", "to", "what happened"), rows)


def _plain(choices: type[models.TextChoices]) -> str:
    return table(
        ("status", "meaning"), ((code(status.value) or "(blank)", status.label) for status in choices)
    )
