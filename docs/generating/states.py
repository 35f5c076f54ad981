"""states.md: the status sets, and which verb leads from one to the next."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from carnets.annex10.requests import REQUEST
from carnets.choices import Control, IrregularityStatus, LiabilityStatus, OperationStatus, RunStatus
from carnets.transitions import CARNET
from docs.generating.markdown import code, codes, table
from docs.generating.markdown import page as whole_page
from guarantees.choices import LiabilityEnding
from guarantees.states import CLAIM, HOLDER
from tir.kernel.states import Machine, Step

INTRODUCTION = """
The transitions are data, each set a `Machine` of `tir/kernel/states.py`: `carnets/transitions.py` for carnets,
`guarantees/states.py` for claims and holders, `carnets/annex10/requests.py` for reconciliation requests. Why
these sets: [ADR 0002](adr/0002-carnet-and-operation-states.md).
"""
OPERATION_TEXT = """
## TIR operation

The status follows from the stamps, in whatever order they arrive, so an operation can be terminated on record before
its start is known (`project` in `carnets/projection/facts.py`). Only reconciliation discharges, and only a record that
its own office takes back ends a discharge.
"""
OPERATION_COMES: dict[OperationStatus, str] = {
    OperationStatus.EXPECTED: "planned at issue; or no stamp is left on its pages",
    OperationStatus.STARTED: "a stamp stands on voucher No. 1",
    OperationStatus.TERMINATED: "a stamp or an accepted proof stands on voucher No. 2",
    OperationStatus.DISCHARGED: "the two records agree, and nothing that bars is open",
    OperationStatus.UNUSED: "the end of the transport is certified, and nobody used the pair; a later stamp revives it",
}
LIABILITY_TEXT = """
### Liability for an operation

How far the transport is and what its guarantor owes are two columns. A liability is borne by the association of the
country whose office accepted the pair, until one of these ends it. Fraud that is notified within two years revives it,
whatever had ended it.
"""
LIABILITY_COMES: dict[LiabilityStatus, str] = {
    LiabilityStatus.NONE: "nothing was accepted yet",
    LiabilityStatus.BORNE: "acceptance at departure, entry or resumption (art. 8(4))",
    LiabilityStatus.NOTIFIED: "customs notified the association of non-discharge (art. 11(1))",
    LiabilityStatus.CLAIMED: "customs claimed payment (art. 11(3))",
    LiabilityStatus.ENDED: "what is listed below",
}
ENDING_COMES: dict[LiabilityEnding, str] = {
    LiabilityEnding.DISCHARGE: "art. 10(1)",
    LiabilityEnding.LAPSE_NOTICE: "art. 11(1): one year, two on fraud",
    LiabilityEnding.LAPSE_CLAIM: "art. 11(3)",
    LiabilityEnding.PAID: "art. 11(4)",
    LiabilityEnding.WITHDRAWN: "customs gave the claim up",
}
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
)
REQUEST_TEXT = """
## Reconciliation request

Customs answer it; a late stamp that agrees settles it (Annex 10 par. 2).
"""
HOLDER_TEXT = """
## Holder

As the international data bank names them (Annex 9 Part II). Each step is a row of
the holder's history. An exclusion (art. 38) is no status: it is dated and of one country.
"""


def page() -> str:
    """Return the statuses of whatever has any, and what leads from each to the next."""
    return whole_page(
        "States", INTRODUCTION,
        OPERATION_TEXT, _comes(OPERATION_COMES), LIABILITY_TEXT, _comes(LIABILITY_COMES),
        _comes(ENDING_COMES, ("ended by", "meaning", "law")),
        CARNET_TEXT, *_machine(CARNET), CLAIM_TEXT, *_machine(CLAIM),
        HOLDER_TEXT, *_machine(HOLDER), REQUEST_TEXT, *_machine(REQUEST),
        *(block for title, choices, text in OTHERS for block in (f"## {title}", text, _plain(choices)) if block),
    )  # fmt: skip


def _machine(machine: Machine) -> tuple[str, str, str]:
    """Return the picture of a machine, its statuses and its verbs."""
    return _diagram(machine), _statuses(machine), _verbs(machine)


def _statuses(machine: Machine) -> str:
    rows = (
        (
            code(status.value),
            status.label,
            codes(step.verb for step in machine if step.after == status),
            codes(machine.verbs(status)),
        )
        for status in machine.statuses
    )
    return table(("status", "meaning", "reached by", "verbs from here"), rows)


def _verbs(machine: Machine) -> str:
    """Whose step it is stands in a column of its own where two sides take turns."""
    sides = ("whose step",) if any(step.by for step in machine) else ()
    rows = (
        (
            code(step.verb),
            codes(_in_order(step, machine)),
            _after(step),
            step.world,
            *((step.by,) if sides else ()),
        )
        for step in machine
    )
    return table(("verb", "from", "to", "what happened", *sides), rows)


def _after(step: Step) -> str:
    return code(step.after) if step.after else "what the operations add up to"


def _in_order(step: Step, machine: Machine) -> list[str]:
    return [status.value for status in machine.statuses if status in step.before]


def _diagram(machine: Machine) -> str:
    arrows = (
        f"    {before} --> {step.after}: {step.verb}"
        for step in machine
        if step.after
        for before in _in_order(step, machine)
    )
    return "\n".join(("```mermaid", "stateDiagram-v2", *arrows, "```"))


def _comes(
    statuses: Mapping[Any, str], heads: tuple[str, str, str] = ("status", "meaning", "comes with")
) -> str:
    """Return statuses that evidence leads to, with what does; all of a kind, so that none is left out."""
    kind = type(next(iter(statuses)))
    return table(heads, ((code(status.value), status.label, statuses[status]) for status in kind))


def _plain(choices: type[models.TextChoices]) -> str:
    return table(
        ("status", "meaning"), ((code(status.value) or "(blank)", status.label) for status in choices)
    )
