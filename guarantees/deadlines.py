"""Which day is the last, or the first, for what: the duties that follow from claims and guarantees.

What follows from a carnet itself is added one floor up, in `carnets.deadlines`; the words for both stand here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.choices import ClaimStatus, Clock
from guarantees.claims.windows import dates_of, notification_window, windows
from guarantees.clocks import Answer, Window
from guarantees.days import day_in
from guarantees.models import Association, Claim, Guarantee

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a day is about, and what happens to who lets it pass."""

    what: "str | Promise"
    missed: "str | Promise"


DUTIES: Mapping[str, Duty] = {
    "overdue_to_enquiry": Duty(
        _("Begin the enquiry at the office of destination or exit"),
        _("The trace grows cold; the year for the notification runs on."),
    ),
    "enquiry_to_holder": Duty(
        _("Ask the holder for proof of termination"),
        _("Proof that the holder still has is not asked for."),
    ),
    "pre_notification": Duty(
        _("Review: prepare the notification of non-discharge"),
        _("The year for the notification runs on."),
    ),
    "notification": Duty(
        _("The association must have received the notification of non-discharge"),
        _("The association is no longer liable for this operation, but on fraud."),
    ),
    "notification_fraud": Duty(
        _("The association must have received the notification of non-discharge (fraud)"),
        _("The association is no longer liable for this operation."),
    ),
    "claim_earliest": Duty(
        _("First day for a claim on the association"),
        _("Nothing lapses: a claim before this day is premature."),
    ),
    "claim_latest": Duty(
        _("Last day for a claim on the association"),
        _("Payment can no longer be claimed from the association."),
    ),
    "payment": Duty(
        _("Pay the claim, or contest it"),
        _("National law enforces the sum, with interest."),
    ),
    "reimbursement": Duty(
        _("Show that no irregularity occurred, to be reimbursed"),
        _("The sum paid stays paid."),
    ),
    "suspension": Duty(
        _("The suspended transport must have been resumed"),
        _("The operation counts as irregular, and stays open."),
    ),
    "acceptance": Duty(
        _("Last day on which customs may accept the carnet at departure"),
        _("The carnet expires unused; its reservation is released."),
    ),
    "guarantee_end": Duty(
        _("Last day of the guarantee"),
        _("No carnet can be issued on it any more."),
    ),
}


@dataclass(frozen=True, slots=True)
class DeadlineParty:
    """Whose deadlines: those of an association, as issuer and as guarantor, or of the customs of a country."""

    association: Association | None = None
    country: str = ""

    def day_at(self, instant: datetime) -> date:
        """Return the day it is for that side."""
        return self.association.day_at(instant) if self.association else day_in(self.country, instant)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One dated duty. `on` is the day it is listed under: the last day, or the first where only that is fixed."""

    on: date
    code: str
    window: Window
    carnet: str = ""
    page: int | None = None
    claim: int | None = None
    guarantee: str = ""
    holder: str = ""
    role: str = ""  # issuer, guarantor or customs: as what this is ours

    @property
    def duty(self) -> Duty:
        return DUTIES[self.code]

    @property
    def subject(self) -> str:
        """What it is about, in one word that stays the same from day to day."""
        about = self.claim or self.guarantee or self.holder or f"{self.carnet}/{self.page or ''}"
        return f"{self.code}:{about}"

    def answer(self, today: date) -> Answer:
        return self.window.answer(today)


def of_claims(side: DeadlineParty) -> Iterator[Deadline]:
    """Yield what is due about every claim that is not settled, and reimbursement of those paid."""
    for claim in _claims_of(side):
        role = _role(side, claim)
        for code, day, window in _due(claim):
            yield Deadline(day, code, window, claim.carnet_number, claim.page, claim.pk, role=role)


def _claims_of(side: DeadlineParty) -> Iterator[Claim]:
    over = (ClaimStatus.WITHDRAWN, ClaimStatus.REIMBURSED)
    rows = Claim.objects.exclude(status__in=over).select_related("territory").order_by("pk")
    if side.association:
        rows = rows.filter(Q(association=side.association) | Q(issuer=side.association))
    else:
        rows = rows.filter(country=side.country)
    return rows.iterator()


def _role(side: DeadlineParty, claim: Claim) -> str:
    if side.association is None:
        return "customs"
    return "guarantor" if claim.association_id == side.association.pk else "issuer"


def _due(claim: Claim) -> Iterator[tuple[str, date, Window]]:
    """Yield the duties of a claim in the status it has: code, day, window."""
    found = windows(claim)
    if claim.status == ClaimStatus.OPENED:
        code = Clock.NOTIFICATION_FRAUD if claim.is_fraud else Clock.NOTIFICATION
        window = notification_window(dates_of(claim))
        yield from _on_latest(code, window)
    elif claim.status == ClaimStatus.NOTIFIED:
        window = found["demand"]
        if window.earliest:
            yield Clock.CLAIM_EARLIEST, window.earliest, window
        yield from _on_latest(Clock.CLAIM_LATEST, window)
    elif claim.status in {ClaimStatus.CLAIMED, ClaimStatus.CONTESTED} and "pay" in found:
        yield from _on_latest(Clock.PAYMENT, found["pay"])
    elif claim.status == ClaimStatus.PAID:
        yield from _on_latest(Clock.REIMBURSEMENT, found["reimburse"])


def _on_latest(code: Clock, window: Window) -> Iterator[tuple[str, date, Window]]:
    if window.latest:
        yield code, window.latest, window


def of_guarantees(side: DeadlineParty, first: date, last: date) -> Iterator[Deadline]:
    """Yield the last days of the association's guarantees in a window."""
    if side.association is None:
        return
    rows = Guarantee.objects.filter(
        association=side.association, valid_to__gt=first, valid_to__lte=last + DAY
    ).order_by("valid_to", "pk")
    for row in rows:
        ends: date = row.valid_to - DAY  # type: ignore[operator,assignment]
        window = Window(row.valid_from, ends, "art. 8")
        yield Deadline(ends, "guarantee_end", window, guarantee=row.reference, role="issuer")
