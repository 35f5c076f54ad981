"""Claims on a guaranteeing association, from non-discharge to money (art. 11): guarded steps on legal clocks.

Days are calendar days where the act counts: for a notification the day the association *received* it.
Every step asks its clock; one that is too early or lapsed is refused with its dates and its article. What reached the
association by letter has happened, whatever the law says of it: it is recorded, and `claim_rules` says its worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees import notices
from guarantees.choices import ClaimStatus
from guarantees.claims.rules import maximum_of
from guarantees.claims.windows import windows
from guarantees.clocks import Answer
from guarantees.models import Association, Claim, ClaimEvent, CustomsTerritory
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
SETTLED = frozenset({S.PAID, S.REIMBURSED, S.WITHDRAWN})


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


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to a claim, on which day and with which words; `at` is when we learnt of it."""

    verb: str
    on: date
    by: User
    at: datetime
    remark: str = ""
    by_letter: bool = False


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
    _record(claim, Act("open", at.date(), by, at, reason), {"is_fraud": is_fraud})
    return claim


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
    notified where that is known.

    Raises ActLapsed after one year from acceptance, two on fraud; a letter is recorded late too.
    """
    values: dict[str, object] = {"notified_on": received_on}
    if holder_notified_on:
        values["holder_notified_on"] = holder_notified_on
    return _step(claim_id, Act("notify", received_on, by, at, remark, by_letter), values)


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
    proceedings_began_on: date | None = None,
    by_letter: bool = False,
    remark: str = "",
) -> Claim:
    """Claim payment from the association (art. 11(3)), after the debtor was identified and pursued so far as possible.

    Raises ActTooEarly, ActLapsed, ClaimRefused (amount above the territory's maximum, debtor not pursued); a letter is
    recorded as it came.
    """
    claim = _locked(claim_id)
    _ensure_allowed(claim, "demand")
    decided = _said(
        proceedings_began_on=proceedings_began_on, decision_enforceable_on=decision_enforceable_on
    )
    _set(claim, decided)
    if not by_letter:
        _check_debtor(debtor, debtor_pursued_on)
        _check_amount(claim, amount, currency)
    values = {
        **decided,
        "claimed_on": on,
        "amount": amount,
        "currency": currency,
        "debtor": debtor,
        "debtor_pursued_on": debtor_pursued_on,
    }
    return _step(claim_id, Act("demand", on, by, at, remark, by_letter), values)


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
    maximum = maximum_of(claim.association, on=claim.accepted_at.date())
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


def notify_holder(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record the day the holder was notified, at the address in the carnet (art. 11(1))."""
    return _fact(claim_id, Act("notify_holder", on, by, at, remark), {"holder_notified_on": on})


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
    that instead (art. 11(3))."""
    dates = _said(proceedings_began_on=began_on, decision_enforceable_on=decision_enforceable_on)
    latest = max(began_on, decision_enforceable_on or began_on)
    return _fact(claim_id, Act("proceedings", latest, by, at, remark), dates)


def contest(
    *, claim_id: int, on: date, by: User, at: datetime, remark: str = "", grounds: Sequence[str] = ()
) -> Claim:
    """Record that the association contests, with its reasons in `remark`; `grounds` are codes of `claim_rules`."""
    said = {"grounds": list(grounds)} if grounds else {}
    return _step(claim_id, Act("contest", on, by, at, remark), {}, said=said)


def pay(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record payment. A late one is recorded too: it is owed all the same (art. 11(4))."""
    return _step(claim_id, Act("pay", on, by, at, remark), {"paid_on": on})


def reimburse(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that the sum went back because no irregularity had occurred (art. 11(5)). Raises ActLapsed."""
    return _step(claim_id, Act("reimburse", on, by, at, remark), {"reimbursed_on": on})


def withdraw(*, claim_id: int, on: date, by: User, at: datetime, remark: str = "") -> Claim:
    """Record that customs give the claim up."""
    return _step(claim_id, Act("withdraw", on, by, at, remark), {})


@transaction.atomic
def _step(
    claim_id: int, act: Act, values: Mapping[str, object], *, said: Mapping[str, object] | None = None
) -> Claim:
    claim = _locked(claim_id)

    _ensure_allowed(claim, act.verb)
    _ensure_past(act)
    if not act.by_letter:
        _ensure_in_time(claim, act)

    step = STEPS[act.verb]
    _set(claim, {"status": step.after, **values})
    _record(claim, act, {**values, **(said or {})})
    notices.tell_of_claim(claim, act.verb, by_customs=step.by_customs and not act.by_letter, at=act.at)
    return claim


@transaction.atomic
def _fact(claim_id: int, act: Act, values: Mapping[str, object]) -> Claim:
    """Record something that changes a claim's dates and not its status."""
    claim = _locked(claim_id)

    _ensure_unsettled(claim)
    _ensure_past(act)

    _set(claim, values)
    _record(claim, act, values)
    return claim


def _said(**values: object) -> dict[str, object]:
    """Return what was given: a date nobody gave leaves the one on record."""
    return {name: value for name, value in values.items() if value is not None}


def _set(claim: Claim, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(claim, name, value)
    claim.save(update_fields=list(values))


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


def _ensure_unsettled(claim: Claim) -> None:
    if claim.status in SETTLED:
        raise ClaimStepNotAllowed(
            _("This step is not possible while the claim is in this status."),
            status=claim.status,
            possible_from=sorted(set(ClaimStatus.values) - SETTLED),
        )


def _ensure_past(act: Act) -> None:
    if act.on > act.at.date():
        raise ActTooEarly(_("This day lies in the future."), field="on", on=act.on)


def _ensure_in_time(claim: Claim, act: Act) -> None:
    """Refuse a day outside the clock of the step; paying late is still paying."""
    window = windows(claim).get(act.verb)
    if window is None or act.verb == "pay":
        return
    answer = window.answer(act.on)
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


def _record(claim: Claim, act: Act, facts: Mapping[str, object]) -> None:
    said = {**facts, "by_letter": True} if act.by_letter else facts
    ClaimEvent.objects.create(
        claim=claim,
        verb=act.verb,
        on=act.on,
        recorded_at=act.at,
        by=act.by,
        remark=act.remark,
        facts=_plain(said),
    )


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as JSON keeps them: days and amounts as text."""
    return {
        name: str(value) if isinstance(value, (date, Decimal)) else value for name, value in facts.items()
    }
