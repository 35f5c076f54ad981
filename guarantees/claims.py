"""Claims on a guaranteeing association, from non-discharge to money (art. 11): guarded steps on legal clocks.

Days are calendar days where the act counts: for a notification the day the association *received* it.
Every step asks its clock; one that is too early or lapsed is refused with its dates and its article.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.choices import ClaimStatus, Clock
from guarantees.clocks import Answer, Window, period
from guarantees.models import Association, Claim, ClaimEvent, CustomsTerritory, LiabilityMaximum
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused

S = ClaimStatus


class ClaimStepNotAllowed(Conflict):
    """The claim is in a status from which this step cannot be taken."""

    code = "claim_step_not_allowed"


class ClaimExists(Conflict):
    """A claim about this operation is open already."""

    code = "claim_exists"


class ActTooEarly(Refused):
    """The law does not allow this act yet."""

    code = "too_early"


class ActLapsed(Refused):
    """The last day for this act has passed."""

    code = "lapsed"


class ClaimRefused(Refused):
    """A condition of the claim is not met."""

    code = "claim_refused"


@dataclass(frozen=True, slots=True)
class Step:
    """One verb of a claim: from which statuses, to which, and who takes it."""

    before: frozenset[str]
    after: str
    by_customs: bool


STEPS: Mapping[str, Step] = {
    "notify": Step(frozenset({S.OPENED}), S.NOTIFIED, by_customs=True),
    "demand": Step(frozenset({S.NOTIFIED}), S.CLAIMED, by_customs=True),
    "contest": Step(frozenset({S.NOTIFIED, S.CLAIMED}), S.CONTESTED, by_customs=False),
    "pay": Step(frozenset({S.CLAIMED, S.CONTESTED}), S.PAID, by_customs=False),
    "reimburse": Step(frozenset({S.PAID}), S.REIMBURSED, by_customs=True),
    "withdraw": Step(frozenset({S.OPENED, S.NOTIFIED, S.CLAIMED, S.CONTESTED}), S.WITHDRAWN, by_customs=True),
}


@dataclass(frozen=True, slots=True)
class OpenOperation:
    """What a claim must know of the operation: it started, and it is not discharged."""

    carnet_number: str
    page: int
    territory: CustomsTerritory
    country: str
    guarantor: Association
    issuer: Association
    accepted_at: datetime


@transaction.atomic
def open_claim(*, operation: OpenOperation, reason: str, is_fraud: bool, by: User, at: datetime) -> Claim:
    """Establish that an operation was not discharged; nothing is due yet. Raises ClaimExists."""
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                carnet_number=operation.carnet_number,
                page=operation.page,
                association=operation.guarantor,
                issuer=operation.issuer,
                territory=operation.territory,
                country=operation.country,
                accepted_at=operation.accepted_at,
                is_fraud=is_fraud,
                reason=reason,
                created_at=at,
                created_by=by,
            )
    except IntegrityError:
        raise ClaimExists(
            _("A claim about this operation is open already."),
            carnet=operation.carnet_number,
            page=operation.page,
        ) from None
    _record(claim, "open", at.date(), by, at, reason)
    return claim


def notify(*, claim_id: int, received_on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that the association received the notification of non-discharge (art. 11(1)).

    Raises ActLapsed after one year from acceptance, two on fraud.
    """
    return _step("notify", claim_id, received_on, by, at, remark, {"notified_on": received_on})


@transaction.atomic
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
    remark: str = "",
) -> Claim:
    """Claim payment from the association (art. 11(3)), after the debtor was identified and pursued so far as possible.

    Raises ActTooEarly, ActLapsed, ClaimRefused (amount above the territory's maximum, debtor not pursued).
    """
    claim = _locked(claim_id)
    _ensure_allowed(claim, "demand")
    claim.decision_enforceable_on = decision_enforceable_on
    claim.save(update_fields=["decision_enforceable_on"])
    _check_debtor(debtor, debtor_pursued_on)
    _check_amount(claim, amount, currency)
    values = {
        "claimed_on": on,
        "amount": amount,
        "currency": currency,
        "debtor": debtor,
        "debtor_pursued_on": debtor_pursued_on,
    }
    return _step("demand", claim_id, on, by, at, remark, values)


def _check_debtor(debtor: str, pursued_on: date | None) -> None:
    if debtor and pursued_on:
        return
    raise ClaimRefused(
        _(
            "Name the debtor and the day payment was first required of them; the association comes after (art. 11(2))."
        ),
        code="debtor_not_pursued",
        field="debtor",
        article="art. 11(2)",
    )


def _check_amount(claim: Claim, amount: Decimal, currency: str) -> None:
    """Refuse more than the association owes for one carnet on its territory (art. 8(3))."""
    day = claim.accepted_at.date()
    maximum = (
        LiabilityMaximum.objects.filter(association=claim.association, valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .first()
    )
    if maximum is None or (currency == maximum.currency and amount <= maximum.amount):
        return
    raise ClaimRefused(
        _("The association owes at most {amount} {currency} for one carnet here.").format(
            amount=maximum.amount, currency=maximum.currency
        ),
        code="amount_above_maximum",
        field="amount",
        article="art. 8(3)",
        maximum=maximum.amount,
        currency=maximum.currency,
    )


def contest(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that the association contests, with its reasons in `remark`."""
    return _step("contest", claim_id, on, by, at, remark, {})


def pay(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record payment. A late one is recorded too: it is owed all the same (art. 11(4))."""
    return _step("pay", claim_id, on, by, at, remark, {"paid_on": on})


def reimburse(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that the sum went back because no irregularity had occurred (art. 11(5)). Raises ActLapsed."""
    return _step("reimburse", claim_id, on, by, at, remark, {"reimbursed_on": on})


def withdraw(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that customs give the claim up."""
    return _step("withdraw", claim_id, on, by, at, remark, {})


@transaction.atomic
def _step(  # noqa: PLR0917
    verb: str,
    claim_id: int,
    on: date,
    by: User,
    at: datetime,
    remark: str,
    values: Mapping[str, object],
) -> Claim:
    claim = _locked(claim_id)

    _ensure_allowed(claim, verb)
    _ensure_day(claim, verb, on, at)

    claim.status = STEPS[verb].after
    for name, value in values.items():
        setattr(claim, name, value)
    claim.save()
    _record(claim, verb, on, by, at, remark)
    return claim


def _locked(claim_id: int) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("association", "issuer", "territory")
        .get(pk=claim_id)
    )


def _ensure_allowed(claim: Claim, verb: str) -> None:
    step = STEPS[verb]
    if claim.status not in step.before:
        raise ClaimStepNotAllowed(
            _("This step is not possible while the claim is in this status."),
            status=claim.status,
            possible_from=sorted(step.before),
        )


def _ensure_day(claim: Claim, verb: str, on: date, at: datetime) -> None:
    """Refuse a day in the future, and one outside the clock of the step; paying late is still paying."""
    if on > at.date():
        raise ActTooEarly(_("This day lies in the future."), field="on", on=on)
    window = windows(claim).get(verb)
    if window is None or verb == "pay":
        return
    answer = window.answer(on)
    if answer is Answer.OPEN:
        return
    error, sentence = _REFUSALS[answer]
    raise error(
        str(sentence).format(earliest=window.earliest, latest=window.latest),
        field="on",
        earliest=window.earliest,
        latest=window.latest,
        article=window.article,
    )


_REFUSALS: Mapping[Answer, tuple[type[Refused], "str | Promise"]] = {
    Answer.TOO_EARLY: (ActTooEarly, _("Too early: the first day for this is {earliest}.")),
    Answer.LAPSED: (ActLapsed, _("Too late: the last day for this was {latest}.")),
}


def windows(claim: Claim) -> dict[str, Window]:
    """Return when each step may be taken, as far as the claim's dates so far determine it."""
    found = {"notify": _notification(claim)}
    if claim.notified_on:
        found["demand"] = _demand(claim, claim.notified_on)
    if claim.claimed_on:
        payment = period(Clock.PAYMENT, on=claim.claimed_on, territory=claim.territory)
        found["pay"] = Window(claim.claimed_on, payment.after(claim.claimed_on), payment.article)
        refund = period(Clock.REIMBURSEMENT, on=claim.claimed_on, territory=claim.territory)
        found["reimburse"] = Window(claim.claimed_on, refund.after(claim.claimed_on), refund.article)
    return found


def _notification(claim: Claim) -> Window:
    clock = Clock.NOTIFICATION_FRAUD if claim.is_fraud else Clock.NOTIFICATION
    accepted = claim.accepted_at.date()
    rule = period(clock, on=accepted, territory=claim.territory)
    return Window(accepted, rule.after(accepted), rule.article)


def _demand(claim: Claim, notified_on: date) -> Window:
    """From one month (formerly three) to two years after notification, or one year after an enforceable decision."""
    earliest = period(Clock.CLAIM_EARLIEST, on=notified_on, territory=claim.territory)
    latest = period(Clock.CLAIM_LATEST, on=notified_on, territory=claim.territory)
    last_day = latest.after(notified_on)
    decision = claim.decision_enforceable_on
    if decision:
        after = period(Clock.CLAIM_AFTER_DECISION, on=decision, territory=claim.territory)
        last_day = max(last_day, after.after(decision))
    return Window(earliest.after(notified_on), last_day, earliest.article)


def _record(claim: Claim, verb: str, on: date, by: User, at: datetime, remark: str) -> None:
    ClaimEvent.objects.create(claim=claim, verb=verb, on=on, recorded_at=at, by=by, remark=remark)
