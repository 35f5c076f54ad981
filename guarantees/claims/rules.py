"""What must hold before an association pays a claim (art. 8, 10, 11): pure checks that both sides see alike.

Each rule is judged on the day of the claim, or as if it were made on the day asked about while it was not made yet. A
broken rule does not stop a claim that exists; it is the ground on which the association may contest it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.claims.windows import ClaimDates, dates_of, windows_from
from guarantees.clocks import Answer, Window
from guarantees.models import Association, Claim
from guarantees.money import Money, converted
from tir.kernel.dated import in_force
from tir.kernel.rules import Facts, Level, RuleBook


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the carnet's own records say of the operation; `irregularities` are open and bar discharge."""

    is_discharged: bool = False
    irregularities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """Everything the checks of one claim look at."""

    dates: ClaimDates
    windows: Mapping[str, Window]
    on: date  # the day of the claim, or the day asked about
    evidence: Evidence
    holder_notified_on: date | None = None
    debtor: str = ""
    debtor_pursued_on: date | None = None
    claimed: Money | None = None
    maximum: Money | None = None
    compared: Money | None = None  # the sum claimed in the currency of the maximum; None without a rate
    received_on: date | None = None  # the day of receipt as the association states it

    @property
    def notice_is_lapsed(self) -> bool:
        """Whether the notice came too late, or did not come and now would."""
        return self.windows["notify"].answer(self.dates.notified_on or self.on) is Answer.LAPSED

    def demand_is(self, answer: Answer) -> bool:
        window = self.windows.get("demand")
        return window is not None and window.answer(self.on) is answer


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a claim: whether it holds, by which article, and the sentence for people."""

    code: str
    name: str
    holds: bool
    article: str
    detail: str


CLAIM = RuleBook["ClaimCase"]("a claim on an association")


def checks(case: ClaimCase) -> list[Check]:
    """Return every condition with whether it holds, in the active language."""
    broken = {finding.code: finding for finding in CLAIM.findings(case)}
    return [
        Check(rule.code, rule.name, False, rule.article, broken[rule.code].detail)
        if rule.code in broken
        else Check(rule.code, rule.name, True, rule.article, str(HOLDS[rule.code]))
        for rule in CLAIM
    ]


def case_of_claim(claim: Claim, evidence: Evidence, *, today: date) -> ClaimCase:
    """Return the case of a claim as it stands: judged on the day it was made, else on `today`, the day at its
    association. Sums in two currencies are compared at the rate of that day."""
    dates, on = dates_of(claim), claim.claimed_on or today
    claimed = Money(claim.amount, claim.currency) if claim.amount else None
    maximum = maximum_of(claim.association, on=dates.accepted_on)
    return ClaimCase(
        dates=dates,
        windows=windows_from(dates),
        on=on,
        evidence=evidence,
        holder_notified_on=claim.holder_notified_on,
        debtor=claim.debtor,
        debtor_pursued_on=claim.debtor_pursued_on,
        claimed=claimed,
        maximum=maximum,
        compared=converted(claimed, maximum.currency, on=on) if claimed and maximum else None,
        received_on=claim.received_on,
    )


def maximum_of(association: Association, *, on: date) -> Money | None:
    """Return the most the association owes for one carnet accepted on that day (art. 8(3)); None when none is set."""
    row = in_force(association.maxima.all(), on)
    return Money(row.amount, row.currency) if row else None


def standing_in_time(claim: Claim, *, today: date) -> Answer:
    """Return how a claim stands in time: on the day it was made, else how its next step would stand today."""
    found = windows_from(dates_of(claim))
    return (
        found["demand"].answer(claim.claimed_on or today)
        if "demand" in found
        else found["notify"].answer(today)
    )


@CLAIM.rule(
    "operation_discharged",
    article="art. 10(2)",
    message=_("The operation is discharged: nothing can be claimed unless the discharge is taken back."),
)
def operation_is_not_discharged(case: ClaimCase) -> Facts | None:
    return {} if case.evidence.is_discharged else None


@CLAIM.rule(
    "irregularity_not_established",
    article="art. 11(1)",
    message=_("No irregularity that keeps the operation open is on record."),
)
def irregularity_is_established(case: ClaimCase) -> Facts | None:
    return None if case.evidence.irregularities else {}


@CLAIM.rule(
    "association_not_notified",
    article="art. 11(1)",
    message=_("The association has received no notification of non-discharge. The last day is {latest}."),
)
def association_is_notified(case: ClaimCase) -> Facts | None:
    if case.dates.notified_on:
        return None
    return {"latest": case.windows["notify"].latest}


@CLAIM.rule(
    "notification_lapsed",
    article="art. 11(1)",
    message=_("The notification had to reach the association by {latest}; it was received: {received}."),
)
def association_is_notified_in_time(case: ClaimCase) -> Facts | None:
    if not case.notice_is_lapsed:
        return None
    return {"latest": case.windows["notify"].latest, "received": case.dates.notified_on}


@CLAIM.rule(
    "receipt_disputed",
    article="art. 11(1)",
    message=_("Customs say that the association received the notification on {stated}; it says: {received}."),
    level=Level.NOTE,
)
def day_of_receipt_is_agreed(case: ClaimCase) -> Facts | None:
    if case.received_on in {None, case.dates.notified_on}:
        return None
    return {"stated": case.dates.notified_on, "received": case.received_on}


@CLAIM.rule(
    "holder_not_notified",
    article="art. 11(1)",
    message=_("No notification to the holder, at the address in the carnet, is on record."),
)
def holder_is_notified(case: ClaimCase) -> Facts | None:
    return None if case.holder_notified_on else {}


@CLAIM.rule(
    "debtor_not_identified",
    article="art. 11(2)",
    message=_("Nobody is named who owes the duties and taxes."),
)
def debtor_is_identified(case: ClaimCase) -> Facts | None:
    return None if case.debtor else {}


@CLAIM.rule(
    "debtor_not_pursued",
    article="art. 11(2)",
    message=_("Payment was not first required of the debtor (day on record: {pursued})."),
)
def debtor_is_pursued_first(case: ClaimCase) -> Facts | None:
    if case.debtor_pursued_on and case.debtor_pursued_on <= case.on:
        return None
    return {"pursued": case.debtor_pursued_on}


@CLAIM.rule(
    "claim_premature",
    article="art. 11(3)",
    message=_("Premature: the first day for a claim is {earliest}; judged on {on}."),
)
def claim_is_not_premature(case: ClaimCase) -> Facts | None:
    if not case.demand_is(Answer.TOO_EARLY):
        return None
    return {"earliest": case.windows["demand"].earliest, "on": case.on}


@CLAIM.rule(
    "claim_lapsed",
    article="art. 11(3)",
    message=_("Lapsed: the last day for a claim was {latest}; judged on {on}."),
)
def claim_is_not_lapsed(case: ClaimCase) -> Facts | None:
    if not case.demand_is(Answer.LAPSED):
        return None
    return {"latest": case.windows["demand"].latest, "on": case.on}


@CLAIM.rule(
    "amount_above_maximum",
    article="art. 8(3)",
    message=_("Claimed: {amount} {currency}. The association owes at most {maximum} {in_currency} here."),
)
def amount_is_within_the_maximum(case: ClaimCase) -> Facts | None:
    if case.compared is None or case.maximum is None or case.compared.amount <= case.maximum.amount:
        return None
    return _sums(case.claimed, case.maximum)


@CLAIM.rule(
    "amount_not_compared",
    article="art. 8(3)",
    message=_(
        "Claimed: {amount} {currency}. No rate is on record to compare it with the maximum, {maximum} {in_currency}."
    ),
    level=Level.NOTE,
)
def amount_is_comparable(case: ClaimCase) -> Facts | None:
    if case.claimed is None or case.maximum is None or case.compared is not None:
        return None
    return _sums(case.claimed, case.maximum)


def _sums(claimed: Money | None, maximum: Money) -> Facts:
    return {
        "amount": claimed and claimed.amount,
        "currency": claimed and claimed.currency,
        "maximum": maximum.amount,
        "in_currency": maximum.currency,
    }


HOLDS: "Mapping[str, str | Promise]" = {
    "operation_discharged": _("The operation is not discharged."),
    "irregularity_not_established": _("An irregularity that keeps the operation open is on record."),
    "association_not_notified": _("The association has received the notification of non-discharge."),
    "notification_lapsed": _("The time for the notification is kept."),
    "receipt_disputed": _("Nobody disputes the day on which the association received the notification."),
    "holder_not_notified": _("The holder has been notified."),
    "debtor_not_identified": _("The debtor is named."),
    "debtor_not_pursued": _("Payment was first required of the debtor."),
    "claim_premature": _("The claim is not premature."),
    "claim_lapsed": _("The claim has not lapsed."),
    "amount_not_compared": _("The sum claimed can be compared with the maximum."),
    "amount_above_maximum": _("No more is claimed than the association owes at most."),
}
