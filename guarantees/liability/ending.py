"""What ends an association's liability for one operation (art. 10, 11): a discharge, two clocks, payment, withdrawal.

Pure but for the dated clocks. `guarantees_liability_ends` is the same in SQL, for reconciliation; a test compares the
two. A notification of fraud that was received within its two years revives liability, whatever had ended it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from guarantees.choices import ClaimStatus, LiabilityEnding
from guarantees.claims.windows import ClaimDates, dates_of, demand_window, notification_window
from guarantees.models import Claim, CustomsTerritory


def ended_by(
    claims: Iterable[Claim],
    *,
    accepted_on: date,
    territory: CustomsTerritory | None,
    on: date,
    is_discharged: bool = False,
) -> LiabilityEnding | None:
    """Return what has ended liability by `on`; `None` while it lasts.

    `claims` are all about this operation, withdrawn ones too; `accepted_on` is the day at the office that accepted,
    `on` the day at the association that is liable.
    """
    about = sorted(claims, key=lambda claim: claim.pk)
    dates = {
        claim.pk: replace(dates_of(claim), accepted_on=accepted_on, territory=territory) for claim in about
    }
    notified = [claim for claim in about if _is_notified_in_time(dates[claim.pk])]
    ends = [_ended(claim, dates[claim.pk], on) for claim in notified]
    for claim, end in zip(notified, ends, strict=True):
        if end is None and (claim.is_fraud or not is_discharged):
            return None
    if is_discharged:
        return LiabilityEnding.DISCHARGE
    past = [end for end in ends if end is not None]
    if past:
        return past[-1]
    is_fraud = any(claim.is_fraud for claim in about if claim.status != ClaimStatus.WITHDRAWN)
    latest = notification_window(ClaimDates(accepted_on, territory, is_fraud=is_fraud)).latest
    return LiabilityEnding.LAPSE_NOTICE if latest and on > latest else None


def _is_notified_in_time(dates: ClaimDates) -> bool:
    """Whether the association received the notification, within its one year, or two on fraud (art. 11(1))."""
    latest = notification_window(dates).latest
    return dates.notified_on is not None and (latest is None or dates.notified_on <= latest)


def _ended(claim: Claim, dates: ClaimDates, on: date) -> LiabilityEnding | None:
    """Return what ended a claim that was notified in time, as it stands."""
    if claim.status == ClaimStatus.WITHDRAWN:
        return LiabilityEnding.WITHDRAWN
    if claim.paid_on is not None:
        return LiabilityEnding.PAID
    assert dates.notified_on is not None  # noqa: S101
    latest = demand_window(dates, dates.notified_on).latest
    return LiabilityEnding.LAPSE_CLAIM if latest and (dates.claimed_on or on) > latest else None
