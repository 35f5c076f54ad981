"""What a step of a claim is refused for: a day to come, a clock, a condition of the law."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.claims.rules import maximum_of
from guarantees.claims.windows import windows
from guarantees.clocks import Answer, Window
from guarantees.models import Claim
from guarantees.money import Money, converted
from tir.kernel.errors import Refused


class ActTooEarly(Refused):
    """The law does not allow this act yet."""

    code = "too_early"


class ActLapsed(Refused):
    """The last day for this act has passed."""

    code = "lapsed"


class ClaimRefused(Refused):
    """A condition of the claim is not met."""

    code = "claim_refused"


def ensure_past(claim: Claim, at: datetime, **days: date | None) -> None:
    """Refuse a day that has not come yet at the association claimed upon; each day goes by the name of its field.

    Raises ActTooEarly.
    """
    today = claim.association.day_at(at)
    for field, day in days.items():
        if day is not None and day > today:
            raise ActTooEarly(_("This day lies in the future."), field=field, on=day)


def ensure_in_time(claim: Claim, verb: str, on: date) -> None:
    """Refuse a day outside the clock of the step; paying late is still paying. Raises ActTooEarly, ActLapsed."""
    window = windows(claim).get(verb)
    if window is None or verb == "pay":
        return
    answer = window.answer(on)
    if answer is not Answer.OPEN:
        _refuse(window, answer)


def _refuse(window: Window, answer: Answer) -> NoReturn:
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


def ensure_debtor(debtor: str, pursued_on: date | None) -> None:
    """Refuse a claim before the person who owes the sum was asked for it (art. 11(2)). Raises ClaimRefused."""
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


def ensure_within_maximum(claim: Claim, claimed: Money, *, on: date) -> None:
    """Refuse more than the association owes for one carnet on its territory (art. 8(3)).

    Customs assess in their own currency: the sum is compared at the rate in force on the day of the claim. Without a
    rate it is not refused; the checks of the claim say that it could not be compared. Raises ClaimRefused.
    """
    maximum = maximum_of(claim.association, on=claim.accepted_on)
    compared = maximum and converted(claimed, maximum.currency, on=on)
    if maximum is None or compared is None or compared.amount <= maximum.amount:
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
        compared=compared.amount,
    )
