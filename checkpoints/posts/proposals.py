"""Everything that one person proposes and others agree to, by its kind: what it says, and who carries it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checkpoints.posts.registers import BY_NOUN
from guarantees import excluding
from tir.accounts.models import User
from tir.approvals import signing_keys
from tir.approvals.models import Approval
from tir.registers import entering

# What is no entry of a register.
OTHERS: Mapping[str, type[Any]] = {**excluding.WANTED, signing_keys.SIGNING_KEY: signing_keys.KeyChange}
KINDS = (*(noun for noun, register in BY_NOUN.items() if register.needs_approval), *OTHERS)


def form_of(kind: str) -> type[Any] | None:
    """Return what proposals of a kind are read as; None for a kind of another release."""
    return BY_NOUN[kind].entry if kind in BY_NOUN else OTHERS.get(kind)


def approve(approval: Approval, *, by: User, at: datetime, reason: str = "") -> Approval:
    """Say yes to a proposal; with the last yes that it needs it counts. Raises what `tir.approvals.deciding.approve`
    does, and what speaks against it now."""
    if approval.kind in BY_NOUN:
        return entering.approve(BY_NOUN[approval.kind], approval.pk, by=by, at=at, reason=reason)
    if approval.kind in excluding.WANTED:
        return excluding.approve(approval.pk, by=by, at=at, reason=reason)
    return signing_keys.agree(approval.pk, by=by, at=at, reason=reason)
