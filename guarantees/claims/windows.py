"""When each step of a claim may be taken (art. 11), worked out from the days its facts happened on.

Which rule holds is decided by the day its own period begins: the wait before a claim, once three months and now one,
goes by the day of the notification. Both ends of a window count as in time.
"""

from dataclasses import dataclass
from datetime import date

from guarantees.choices import Clock
from guarantees.clocks import Period, Window, period
from guarantees.models import Claim, CustomsTerritory


@dataclass(frozen=True, slots=True)
class ClaimDates:
    """The days that start the clocks of art. 11; the day of a notice is the day it was *received*."""

    accepted_on: date
    territory: CustomsTerritory | None = None
    is_fraud: bool = False
    notified_on: date | None = None
    proceedings_began_on: date | None = None
    decision_enforceable_on: date | None = None
    claimed_on: date | None = None


def dates_of(claim: Claim) -> ClaimDates:
    """Return the days a claim has so far."""
    return ClaimDates(
        accepted_on=claim.accepted_on,
        territory=claim.territory,
        is_fraud=claim.is_fraud,
        notified_on=claim.notified_on,
        proceedings_began_on=claim.proceedings_began_on,
        decision_enforceable_on=claim.decision_enforceable_on,
        claimed_on=claim.claimed_on,
    )


def windows(claim: Claim) -> dict[str, Window]:
    """Return when each step may be taken, as far as the claim's dates so far determine it."""
    return windows_from(dates_of(claim))


def windows_from(dates: ClaimDates) -> dict[str, Window]:
    """Return the window of each step whose clock has begun to run."""
    found = {"notify": notification_window(dates)}
    if dates.notified_on:
        found["demand"] = demand_window(dates, dates.notified_on)
    if dates.claimed_on:
        found["pay"] = _from_the_claim(Clock.PAYMENT, dates, dates.claimed_on)
        found["reimburse"] = _from_the_claim(Clock.REIMBURSEMENT, dates, dates.claimed_on)
    return found


def notification_window(dates: ClaimDates) -> Window:
    """From acceptance by that territory's customs to one year after, two on fraud (art. 11(1))."""
    clock = Clock.NOTIFICATION_FRAUD if dates.is_fraud else Clock.NOTIFICATION
    rule = period(clock, on=dates.accepted_on, territory=dates.territory)
    return Window(dates.accepted_on, rule.after(dates.accepted_on), rule.article)


def demand_window(dates: ClaimDates, notified_on: date) -> Window:
    """From one month (formerly three) to two years after notification (art. 11(3)).

    If proceedings about the debt run within those two years, the claim is due within one year of the decision
    becoming enforceable instead; while there is no such decision, no last day is fixed.
    """
    wait = period(Clock.CLAIM_EARLIEST, on=notified_on, territory=dates.territory)
    limit = _latest_rule(dates, notified_on)
    earliest = wait.after(notified_on)
    if not _proceedings_run_until(dates, notified_on, limit.after(notified_on)):
        return Window(earliest, limit.after(notified_on), limit.article)
    decided = dates.decision_enforceable_on
    if decided is None:
        return Window(earliest, None, limit.article)
    after = period(Clock.CLAIM_AFTER_DECISION, on=decided, territory=dates.territory)
    return Window(earliest, after.after(decided), after.article)


def _latest_rule(dates: ClaimDates, notified_on: date) -> Period:
    return period(Clock.CLAIM_LATEST, on=notified_on, territory=dates.territory)


def _proceedings_run_until(dates: ClaimDates, notified_on: date, last_day: date) -> bool:
    """Whether proceedings are shown to run within the two years: a decision without a recorded beginning shows it only
    if it falls there itself, and one from before the notification was about something else."""
    began = dates.proceedings_began_on or dates.decision_enforceable_on
    if began is None or began > last_day:
        return False
    decided = dates.decision_enforceable_on
    return decided is None or decided >= notified_on


def _from_the_claim(clock: Clock, dates: ClaimDates, claimed_on: date) -> Window:
    rule = period(clock, on=claimed_on, territory=dates.territory)
    return Window(claimed_on, rule.after(claimed_on), rule.article)
