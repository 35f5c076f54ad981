"""How many must approve what is proposed, by kind and amount, from a day on. A rule needs four eyes itself."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.excluding import EXCLUSION, LIFTING
from guarantees.registers.associations import MAXIMA
from guarantees.registers.guarantees import CEILINGS, GUARANTEES
from tir.approvals.models import ApprovalRule
from tir.approvals.signing_keys import SIGNING_KEY
from tir.kernel.values import value
from tir.registers.entering import Act, Register
from tir.registers.faults import EntryFixed, Faults

OWN = "approval_rule"
OF_MONEY = (MAXIMA.noun, GUARANTEES.noun, CEILINGS.noun, OWN)
KINDS = (*OF_MONEY, EXCLUSION, LIFTING, SIGNING_KEY)
MOST_PEOPLE = 9


@value
class ApprovalRuleEntry:
    """`needed` others approve a proposal of this kind from `amount_from` up to, not including, `amount_to`; without a
    currency in any. Of several rules the strictest counts; where none holds, one other person approves."""

    kind: str
    needed: int
    valid_from: date
    currency: str = ""
    amount_from: Decimal = Decimal("0.00")
    amount_to: Decimal | None = None
    valid_to: date | None = None


def _read(row: ApprovalRule) -> ApprovalRuleEntry:
    return ApprovalRuleEntry(
        row.kind, row.needed, row.valid_from, row.currency, row.amount_from, row.amount_to, row.valid_to
    )


def _check(entry: ApprovalRuleEntry, old: ApprovalRuleEntry | None, faults: Faults) -> None:
    faults.unless(entry.kind in KINDS, "kind", _("Give one of: {kinds}.").format(kinds=", ".join(KINDS)))
    faults.range(entry.needed, "needed", 1, MOST_PEOPLE)
    if entry.currency:
        faults.currency(entry.currency)
    is_in_order = entry.amount_to is None or entry.amount_to > entry.amount_from
    faults.unless(is_in_order, "amount_to", _("Give more than the amount from which the rule holds."))
    if entry.kind in KINDS and entry.kind not in OF_MONEY:
        is_plain = not (entry.amount_from or entry.amount_to or entry.currency)
        faults.unless(is_plain, "amount_from", _("This is no money: leave amounts and currency as they are."))
    if old is not None:
        same = (entry.needed, entry.amount_to) == (old.needed, old.amount_to)
        faults.unless(
            same, "needed", _("What holds from a day stays. Enter the new rule from a later day."), EntryFixed
        )


def _write(entry: ApprovalRuleEntry, row: ApprovalRule | None, _act: Act) -> None:
    row = row or ApprovalRule(
        kind=entry.kind, currency=entry.currency, amount_from=entry.amount_from, valid_from=entry.valid_from
    )
    row.needed, row.amount_to, row.valid_to = entry.needed, entry.amount_to, entry.valid_to
    row.save()


def _rows() -> Any:
    return ApprovalRule.objects.order_by("kind", "currency", "amount_from", "valid_from")


APPROVAL_RULES = Register[ApprovalRuleEntry](
    noun=OWN,
    entry=ApprovalRuleEntry,
    lookup={
        "kind": "kind",
        "currency": "currency",
        "amount_from": "amount_from",
        "valid_from": "valid_from",
    },
    rows=_rows,
    read=_read,
    faults=_check,
    write=_write,
    countries=lambda _entry: frozenset(),  # every country's
    amount=lambda entry: (entry.amount_from, entry.currency),
)
