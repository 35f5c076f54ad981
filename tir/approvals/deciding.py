"""Proposing, approving and refusing. What is proposed is texts here; who asks knows what they mean.

Nobody approves what they proposed, nobody says two words to one proposal, and an approval dies when what it stands on
is no longer what is on record. Nothing is deleted: a dead proposal can still be read.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import User
from tir.approvals.models import Approval, ApprovalRule, ApprovalStatus, ApprovalWord, Word
from tir.kernel.errors import Conflict, Forbidden
from tir.kernel.values import value

Texts = Mapping[str, str]
WITHOUT_A_RULE = 1  # other people


class OwnProposal(Forbidden):
    """Who proposed something may not approve it."""

    code = "own_proposal"


class AlreadySaid(Conflict):
    """This person has said their word to the proposal."""

    code = "already_said"


class ApprovalOver(Conflict):
    """The proposal was decided already, or what it was about has changed."""

    code = "approval_over"


@value
class Proposal:
    """What somebody wants on record: `content` in texts, over what stands there now (`None` for nothing)."""

    kind: str
    subject: str
    content: Texts
    on_record: Texts | None
    amount: Decimal | None = None
    currency: str = ""
    country: str = ""


def digest(texts: Texts | None) -> str:
    """Return the SHA-256 of texts, in hex; the order of their names does not matter."""
    return sha256(json.dumps(texts and dict(texts), sort_keys=True).encode()).hexdigest()


def approvals_needed(kind: str, amount: Decimal | None, currency: str, on: date) -> int:
    """Return how many others must approve: the most that any rule in force on the day asks for."""
    rules = ApprovalRule.objects.in_force_on(on).filter(kind=kind, currency__in=["", currency])
    asked = [rule.needed for rule in rules if _covers(rule, amount)]
    return max(asked, default=WITHOUT_A_RULE)


def _covers(rule: ApprovalRule, amount: Decimal | None) -> bool:
    if amount is None:
        return True
    return rule.amount_from <= amount and (rule.amount_to is None or amount < rule.amount_to)


@transaction.atomic
def propose(proposal: Proposal, *, by: User, at: datetime, reason: str, source: str = "") -> Approval:
    """Put a proposal before others. An equal one that is open already stands; one that says otherwise dies by it."""
    open_now = _open(proposal.kind, proposal.subject)
    stands_on = digest(proposal.on_record)
    if open_now is not None:
        if open_now.content == dict(proposal.content) and open_now.stands_on == stands_on:
            return open_now
        _end(open_now, ApprovalStatus.DEAD, at)
    return Approval.objects.create(
        kind=proposal.kind,
        subject=proposal.subject,
        content=dict(proposal.content),
        stands_on=stands_on,
        amount=proposal.amount,
        currency=proposal.currency,
        country=proposal.country,
        needed=approvals_needed(proposal.kind, proposal.amount, proposal.currency, at.date()),
        proposed_by=by,
        proposed_at=at,
        reason=reason,
        source=source,
    )


def _open(kind: str, subject: str) -> Approval | None:
    rows = Approval.objects.select_for_update(no_key=True)
    return rows.filter(kind=kind, subject=subject, status=ApprovalStatus.OPEN).first()


@transaction.atomic
def approve(approval_id: int, *, by: User, at: datetime, reason: str = "") -> Approval:
    """Say yes; with the last that is needed the proposal is done, and who called carries it out in this transaction.

    Raises ApprovalOver, OwnProposal, AlreadySaid.
    """
    approval = _to_decide(approval_id, by)
    _say(approval, Word.APPROVE, by, at, reason)
    if approval.words.filter(word=Word.APPROVE).count() >= approval.needed:
        _end(approval, ApprovalStatus.DONE, at)
    return approval


@transaction.atomic
def refuse(approval_id: int, *, by: User, at: datetime, reason: str) -> Approval:
    """Say no, which ends the proposal; who proposed it may take it back so. Raises ApprovalOver, AlreadySaid."""
    approval = _to_decide(approval_id, None)
    _say(approval, Word.REFUSE, by, at, reason)
    _end(approval, ApprovalStatus.REFUSED, at)
    return approval


def ensure_alive(approval: Approval) -> None:
    """Raise ApprovalOver for a proposal that died as somebody came to approve it."""
    if approval.status == ApprovalStatus.DEAD:
        raise ApprovalOver(
            _("What this was about has changed since it was proposed. Look at it, and propose anew."),
            status=approval.status,
        )


@transaction.atomic
def void(kind: str, subject: str, *, at: datetime) -> None:
    """End what is proposed about something that has changed by another way."""
    if (approval := _open(kind, subject)) is not None:
        _end(approval, ApprovalStatus.DEAD, at)


def _to_decide(approval_id: int, by: User | None) -> Approval:
    approval = Approval.objects.select_for_update(no_key=True).get(pk=approval_id)
    if approval.status != ApprovalStatus.OPEN:
        raise ApprovalOver(
            _("This is no longer open: {status}. Look at what is on record, and propose anew.").format(
                status=approval.get_status_display()
            ),
            status=approval.status,
        )
    if by is not None and approval.proposed_by_id == by.pk:
        raise OwnProposal(_("You proposed this. Somebody else must approve it."))
    return approval


def _say(approval: Approval, word: Word, by: User, at: datetime, reason: str) -> None:
    if approval.words.filter(by=by).exists():
        raise AlreadySaid(_("You have said your word to this already. Another person must say theirs."))
    ApprovalWord.objects.create(approval=approval, by=by, word=word, at=at, reason=reason)


def _end(approval: Approval, status: ApprovalStatus, at: datetime) -> None:
    approval.status, approval.ended_at = status, at
    approval.save(update_fields=["status", "ended_at"])
