"""Claims on a guaranteeing association, from notification to money (art. 11): guarded steps on legal clocks.

Days are calendar days where the act counts: for a notification the day the association *received* it, at its place.
Every step asks its clock; one that is too early or lapsed is refused with its dates and its article. What reached the
association by letter has happened, whatever the law says of it: it is recorded, and `rules` says its worth.

Steps that move liability (`pay`, `reimburse`, `withdraw`) are taken under the carnet's lock: see
`carnets.claim_evidence.following`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guarantees import exposure, notices
from guarantees.choices import Cause, ClaimStatus
from guarantees.claims.guards import ensure_debtor, ensure_in_time, ensure_past, ensure_within_maximum
from guarantees.claims.history import ClaimAct, instant_of, record_act
from guarantees.claims.windows import windows
from guarantees.clocks import Answer
from guarantees.models import Claim
from guarantees.money import Money
from guarantees.states import CLAIM, CUSTOMS, SETTLED, ClaimStepNotAllowed
from tir.accounts.models import User

Check = Callable[[Claim], None]


@transaction.atomic
def notify(
    *,
    claim_id: int,
    received_on: date,
    by: User,
    at: datetime,
    holder_notified_on: date | None = None,
    by_letter: bool = False,
    remark: str = "",
) -> Claim:
    """Record that the association received the notification of non-discharge (art. 11(1)), and the day the holder was
    notified where that is known. A letter is told by the association itself, so its day is agreed.

    A notification in time revives liability that had ended otherwise, as fraud does (art. 10(2), 11(1)).
    Raises ActLapsed after one year from acceptance, two on fraud; a letter is recorded late too.
    """
    values: dict[str, object] = {"notified_on": received_on}
    if by_letter:
        values["received_on"] = received_on
    if holder_notified_on:
        values["holder_notified_on"] = holder_notified_on
    act = ClaimAct("notify", received_on, by, at, remark, by_letter)
    claim = _step(
        claim_id,
        act,
        values,
        check=lambda claim: ensure_past(claim, at, holder_notified_on=holder_notified_on),
    )
    if windows(claim)["notify"].answer(received_on) is Answer.OPEN:
        exposure.revive(
            carnet_number=claim.carnet_number,
            page=claim.page,
            country=claim.country,
            accepted_on=claim.accepted_on,
            at=instant_of(claim, act),
            recorded_at=at,
        )
    return claim


def acknowledge(*, claim_id: int, received_on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record the day on which the association says that it received the notification: it confirms the day customs state
    if it is the same, and disputes it if not. The clocks go by that of customs; the checks say that it is disputed.

    Raises ClaimStepNotAllowed before a notification is on record, or when the claim is settled.
    """
    act = ClaimAct("acknowledge", received_on, by, at, remark)
    claim = _fact(claim_id, act, {"received_on": received_on}, check=_ensure_notified)
    notices.tell_of_claim(claim, act.verb, by_customs=False, at=at)
    return claim


def demand(
    *,
    claim_id: int,
    amount: Decimal,
    currency: str,
    debtor: str,
    debtor_pursued_on: date | None,
    on: date,
    by: User,
    at: datetime,
    decision_enforceable_on: date | None = None,
    proceedings_began_on: date | None = None,
    by_letter: bool = False,
    remark: str = "",
) -> Claim:
    """Claim payment from the association (art. 11(3)), after the debtor was identified and pursued so far as possible.

    The sum is in the currency customs assess in. Raises ActTooEarly, ActLapsed, ClaimRefused (amount above the
    territory's maximum at the rate of the day, debtor not pursued); a letter is recorded as it came.
    """
    decided = _said(
        proceedings_began_on=proceedings_began_on, decision_enforceable_on=decision_enforceable_on
    )

    def check(claim: Claim) -> None:
        ensure_past(claim, at, debtor_pursued_on=debtor_pursued_on, **decided)
        if not by_letter:
            ensure_debtor(debtor, debtor_pursued_on)
            ensure_within_maximum(claim, Money(amount, currency), on=on)

    values = {
        **decided,
        "claimed_on": on,
        "amount": amount,
        "currency": currency,
        "debtor": debtor,
        "debtor_pursued_on": debtor_pursued_on,
    }
    return _step(claim_id, ClaimAct("demand", on, by, at, remark, by_letter), values, check=check)


def notify_holder(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record the day the holder was notified, at the address in the carnet (art. 11(1))."""
    return _fact(claim_id, ClaimAct("notify_holder", on, by, at, remark), {"holder_notified_on": on})


def proceedings(
    *,
    claim_id: int,
    began_on: date,
    by: User,
    at: datetime,
    decision_enforceable_on: date | None = None,
    remark: str = "",
) -> Claim:
    """Record proceedings about the debt, and when their decision became enforceable: the last day for a claim goes by
    that instead (art. 11(3)). Raises ActTooEarly for a day to come."""
    dates = _said(proceedings_began_on=began_on, decision_enforceable_on=decision_enforceable_on)
    latest = max(began_on, decision_enforceable_on or began_on)
    return _fact(claim_id, ClaimAct("proceedings", latest, by, at, remark), dates)


def contest(
    *, claim_id: int, on: date, by: User, at: datetime, remark: str = "", grounds: Sequence[str] = ()
) -> Claim:
    """Record that the association contests, with its reasons in `remark`; `grounds` are codes of `rules`."""
    said = {"grounds": list(grounds)} if grounds else {}
    return _step(claim_id, ClaimAct("contest", on, by, at, remark), {}, said=said)


@transaction.atomic
def pay(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record payment, which ends the association's liability for the operation. A late one is recorded too: it is owed
    all the same (art. 11(4))."""
    act = ClaimAct("pay", on, by, at, remark)
    claim = _step(claim_id, act, {"paid_on": on})
    _relieve(claim, act, Cause.PAID)
    return claim


@transaction.atomic
def reimburse(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that the sum went back because no irregularity had occurred (art. 11(5)). Raises ActLapsed."""
    act = ClaimAct("reimburse", on, by, at, remark)
    claim = _step(claim_id, act, {"reimbursed_on": on})
    exposure.record_reimbursement(
        carnet_number=claim.carnet_number, page=claim.page, at=instant_of(claim, act), recorded_at=at
    )
    return claim


@transaction.atomic
def withdraw(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that customs give the claim up, which ends liability if the association had been notified of it. One that
    it never heard of is as if it had not been: liability goes back to the country that accepted."""
    act = ClaimAct("withdraw", on, by, at, remark)
    claim = _step(claim_id, act, {})
    if claim.notified_on is not None:
        _relieve(claim, act, Cause.WITHDRAWN)
    else:
        exposure.move_liability(
            carnet_number=claim.carnet_number,
            page=claim.page,
            country=claim.accepted_by.country,
            accepted_on=claim.accepted_on,
            at=at,
        )
    return claim


def _relieve(claim: Claim, act: ClaimAct, cause: Cause) -> None:
    exposure.relieve(
        carnet_number=claim.carnet_number,
        page=claim.page,
        cause=cause,
        at=instant_of(claim, act),
        recorded_at=act.at,
    )


def _nothing_more(claim: Claim) -> None:
    """The check of a step that has none of its own."""


@transaction.atomic
def _step(
    claim_id: int,
    act: ClaimAct,
    values: Mapping[str, object],
    *,
    said: Mapping[str, object] | None = None,
    check: Check = _nothing_more,
) -> Claim:
    """Take a step that changes the status. What it says about dates counts for its own clock already."""
    claim = _locked(claim_id)

    after = CLAIM.next(act.verb, claim.status)
    ensure_past(claim, act.at, on=act.on)
    check(claim)
    _set(claim, values)
    if not act.by_letter:
        ensure_in_time(claim, act.verb, act.on)

    _set(claim, {"status": after})
    claim.save(update_fields=["status", *values])
    record_act(claim, act, {**values, **(said or {})})
    by_customs = CLAIM[act.verb].by == CUSTOMS and not act.by_letter
    notices.tell_of_claim(claim, act.verb, by_customs=by_customs, at=act.at)
    return claim


@transaction.atomic
def _fact(
    claim_id: int, act: ClaimAct, values: Mapping[str, object], *, check: Check = _nothing_more
) -> Claim:
    """Record something that changes a claim's dates and not its status."""
    claim = _locked(claim_id)

    _ensure_unsettled(claim)
    ensure_past(claim, act.at, on=act.on)
    check(claim)

    _set(claim, values)
    claim.save(update_fields=list(values))
    record_act(claim, act, values)
    return claim


def _said(**days: date | None) -> dict[str, date]:
    """Return what was given: a date nobody gave leaves the one on record."""
    return {name: day for name, day in days.items() if day is not None}


def _set(claim: Claim, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(claim, name, value)


def _locked(claim_id: int) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("association", "accepted_by", "issuer", "territory")
        .get(pk=claim_id)
    )


def _ensure_notified(claim: Claim) -> None:
    if claim.notified_on is None:
        raise _not_while(claim)


def _ensure_unsettled(claim: Claim) -> None:
    if claim.status in SETTLED:
        raise _not_while(claim)


def _not_while(claim: Claim) -> ClaimStepNotAllowed:
    return ClaimStepNotAllowed(
        _("This step is not possible while the claim is in this status."),
        status=claim.status,
        possible_from=sorted(set(ClaimStatus.values) - SETTLED),
    )
