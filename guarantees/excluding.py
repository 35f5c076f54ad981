"""Four eyes for exclusions (art. 38): one person of the excluding country proposes, another agrees, and then it counts.

What was proposed is texts until then. A day that nobody named is the day on which the last agrees, in the country that
excludes: that is when the country decides. Seeds and samples, where nobody proposes, use `guarantees.holders` itself.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from guarantees import holders
from guarantees.days import day_in
from guarantees.models import Holder, HolderExclusion
from tir.accounts.models import User
from tir.approvals import deciding
from tir.approvals.deciding import Proposal, Texts
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.values import value
from tir.registers.texts import as_texts, from_texts

EXCLUSION, LIFTING = "holder_exclusion", "exclusion_lifting"
MOST_IN_SHORT = 500  # characters of a proposal's own reason; the whole stands in what is proposed


@value
class WantedExclusion:
    """An exclusion as it is proposed; without `valid_from` or `decided_on` it is the day on which it is agreed."""

    holder: str
    country: str
    reason: str
    valid_from: date | None = None
    valid_to: date | None = None
    decided_on: date | None = None


@value
class WantedLifting:
    """The end of the exclusion that began on `valid_from`: `on` is the first day the holder may use TIR there again."""

    holder: str
    country: str
    valid_from: date
    reason: str
    on: date | None = None


WANTED: Mapping[str, type[Any]] = {EXCLUSION: WantedExclusion, LIFTING: WantedLifting}


def propose_exclusion(wanted: WantedExclusion, *, by: User, at: datetime) -> Approval:
    """Put an exclusion before a second person. Raises at once what `holders.exclude` would raise today."""
    subject = f"{wanted.holder}/{wanted.country}"
    return _propose(EXCLUSION, subject, wanted, by=by, at=at)


def propose_lifting(wanted: WantedLifting, *, by: User, at: datetime) -> Approval:
    """Put the end of an exclusion before a second person. Raises at once what `holders.lift_exclusion` would raise."""
    subject = f"{wanted.holder}/{wanted.country}/{wanted.valid_from}"
    return _propose(LIFTING, subject, wanted, by=by, at=at)


@transaction.atomic
def _propose(
    kind: str, subject: str, wanted: WantedExclusion | WantedLifting, *, by: User, at: datetime
) -> Approval:
    holder = _locked(wanted)
    _tried(kind, wanted, holder, by=by, at=at)
    proposal = Proposal(
        kind=kind,
        subject=subject,
        content=as_texts(wanted),
        on_record=_on_record(holder, wanted.country),
        country=wanted.country,
    )
    return deciding.propose(proposal, by=by, at=at, reason=_in_short(wanted.reason))


def approve(approval_id: int, *, by: User, at: datetime, reason: str = "") -> Approval:
    """Say yes to an exclusion or a lifting, and put it on record with the last yes that it needs.

    Raises ApprovalOver when the country's exclusions of the holder have changed since (the proposal is then dead, and
    kept), OwnProposal, AlreadySaid, and what the verb itself raises.
    """
    approval = _decided(approval_id, by, at, reason)
    deciding.ensure_alive(approval)
    return approval


@transaction.atomic
def _decided(approval_id: int, by: User, at: datetime, reason: str) -> Approval:
    approval = Approval.objects.get(pk=approval_id)
    wanted = from_texts(WANTED[approval.kind], approval.content)
    holder = _locked(wanted)
    is_other = deciding.digest(_on_record(holder, wanted.country)) != approval.stands_on
    if approval.status == ApprovalStatus.OPEN and is_other:
        deciding.void(approval.kind, approval.subject, at=at)
        approval.refresh_from_db()
        return approval
    approval = deciding.approve(approval_id, by=by, at=at, reason=reason)
    if approval.status == ApprovalStatus.DONE:
        DONE_BY[approval.kind](wanted, holder, by=approval.proposed_by, at=at)
    return approval


def _locked(wanted: WantedExclusion | WantedLifting) -> Holder:
    return holders.lock_holder(Holder.objects.get(reference=wanted.holder).pk)


def _on_record(holder: Holder, country: str) -> Texts | None:
    """Return the country's exclusions of the holder: first day and end of each, None where there is none."""
    rows = holder.exclusions.filter(country=country).values_list("valid_from", "valid_to")
    return {str(begins): str(ends or "") for begins, ends in rows} or None


def _exclude(wanted: WantedExclusion, holder: Holder, *, by: User, at: datetime) -> HolderExclusion:
    today = day_in(wanted.country, at)
    return holders.exclude(
        holder_id=holder.pk,
        country=wanted.country,
        valid_from=wanted.valid_from or today,
        valid_to=wanted.valid_to,
        decided_on=wanted.decided_on or today,
        reason=wanted.reason,
        by=by,
        at=at,
    )


def _lift(wanted: WantedLifting, holder: Holder, *, by: User, at: datetime) -> HolderExclusion:
    exclusion = holder.exclusions.get(country=wanted.country, valid_from=wanted.valid_from)
    return holders.lift_exclusion(
        exclusion_id=exclusion.pk,
        on=wanted.on or day_in(wanted.country, at),
        reason=wanted.reason,
        by=by,
        at=at,
    )


DONE_BY: Mapping[str, Callable[..., HolderExclusion]] = {EXCLUSION: _exclude, LIFTING: _lift}


class _Undone(Exception):
    """Takes back what was only tried."""


def _tried(
    kind: str, wanted: WantedExclusion | WantedLifting, holder: Holder, *, by: User, at: datetime
) -> None:
    """Do it and take it back, so that nobody is asked to agree to what would be refused."""
    try:
        with transaction.atomic():
            DONE_BY[kind](wanted, holder, by=by, at=at)
            raise _Undone
    except _Undone:
        return


def _in_short(reason: str) -> str:
    words = " ".join(reason.split())
    return words if len(words) <= MOST_IN_SHORT else words[: MOST_IN_SHORT - 1] + "…"
