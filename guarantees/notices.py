"""What people are told, each exactly once: a deadline in 30, 7 and 1 days, a ceiling at 80 and 95 %, a claim that
moved, a holder who was excluded, a transport that left its plan.

A notice is a row that never changes; that it was read, and that it went out by e-mail, are rows of their own. "Once" is
a law of the database (`notice_once`), so two workers that find the same deadline write one notice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.choices import NoticeKind
from guarantees.days import day_in
from guarantees.deadlines import DUTIES, Deadline
from guarantees.models import (
    Association,
    Claim,
    Guarantee,
    GuaranteeCeiling,
    HolderExclusion,
    Notice,
    NoticeReading,
)
from guarantees.territories import bound_by
from tir.accounts.models import Role, User
from tir.kernel.rules import said

DAYS_BEFORE = (30, 7, 1)
CEILING_SHARES = (95, 80)  # per cent of the ceiling, the highest first
TOLD = frozenset(DUTIES) - {"claim_earliest", "overdue_to_enquiry", "enquiry_to_holder", "acceptance"}
EXCLUSIONS_TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Message:
    """What one notice would say, before it is known who hears it."""

    kind: NoticeKind
    subject: str
    threshold: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


SENTENCES: "Mapping[str, str | Promise]" = {
    "deadline": _("{carnet}: {what}, last day {on} ({article}). If missed: {missed}"),
    "ceiling": _(
        "Guarantee {guarantee}: {share} % of its ceiling is in use ({exposure} of {ceiling} {currency})."
    ),
    "exclusion": _("Holder {holder} is excluded from TIR in {country} from {valid_from}: {reason}"),
    "route.detour": _("Carnet {carnet}: page {page} was certified at {office}; the plan has {planned} next."),
    "route.end": _(
        "Carnet {carnet}: the transport ended at {office} (page {page}); {planned} need not wait for it."
    ),
    "claim.notify": _("Claim {claim} on carnet {carnet}: notification of non-discharge received."),
    "claim.acknowledge": _(
        "Claim {claim} on carnet {carnet}: received on {received_on}, says the association."
    ),
    "claim.demand": _("Claim {claim} on carnet {carnet}: payment of {amount} {currency} is claimed."),
    "claim.contest": _("Claim {claim} on carnet {carnet} is contested."),
    "claim.pay": _("Claim {claim} on carnet {carnet} is paid."),
    "claim.reimburse": _("Claim {claim} on carnet {carnet}: the sum paid goes back."),
    "claim.withdraw": _("Claim {claim} on carnet {carnet} is withdrawn."),
}


def sentence(notice: Notice) -> str:
    """Return what a notice says, in the active language."""
    facts = dict(notice.facts)
    if duty := DUTIES.get(facts.get("code", "")):
        facts |= {"what": str(duty.what), "missed": str(duty.missed)}
    verb = facts.get("verb")
    template = SENTENCES[f"{notice.kind}.{verb}" if verb else notice.kind]
    return str(template).format(**{name: said(value) for name, value in facts.items()})


def deadline_messages(deadlines: Iterable[Deadline], *, today: date) -> list[Message]:
    """Return what is to be said of deadlines that near: the smallest of 30, 7 and 1 days that is not passed yet."""
    found = []
    for deadline in (row for row in deadlines if row.code in TOLD):
        mark = next((mark for mark in reversed(DAYS_BEFORE) if 0 <= (deadline.on - today).days <= mark), None)
        if mark is not None:
            found.append(_of_deadline(deadline, mark))
    return found


def _of_deadline(deadline: Deadline, mark: int) -> Message:
    facts = {
        "code": deadline.code,
        "on": str(deadline.on),
        "article": deadline.window.article,
        "carnet": deadline.carnet or deadline.guarantee or deadline.holder,
        "claim": deadline.claim,
    }
    return Message(NoticeKind.DEADLINE, f"{deadline.subject}:{deadline.on}", str(mark), facts)


def tell(messages: Iterable[Message], recipients: Iterable[User], *, at: datetime) -> None:
    """Write each message for each recipient who has not had it yet."""
    people = list(recipients)
    rows = [
        Notice(
            recipient=user,
            kind=message.kind,
            subject=message.subject,
            threshold=message.threshold,
            facts=dict(message.facts),
            at=at,
        )
        for message in messages
        for user in people
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def waiting_for(user: User) -> QuerySet[Notice]:
    """Return what somebody was told and has not read."""
    return Notice.objects.filter(recipient=user, reading=None)


def hand_on(*, of: User, to: User, at: datetime) -> int:
    """Tell a colleague what a person was told and has not read; return how many notices that is."""
    waiting = list(waiting_for(of))
    rows = [
        Notice(
            recipient=to,
            kind=each.kind,
            subject=each.subject,
            threshold=each.threshold,
            facts=each.facts,
            at=at,
        )
        for each in waiting
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(waiting)


def staff_of(*associations: Association | int) -> QuerySet[User]:
    """Return the people who act for these associations."""
    return User.objects.filter(
        is_active=True, roles__contains=[Role.ASSOCIATION], membership__association__in=associations
    ).order_by("pk")


def headquarters_of(country: str) -> QuerySet[User]:
    """Return the customs headquarters of a country."""
    return User.objects.filter(is_active=True, roles__contains=[Role.CUSTOMS_HQ], country=country).order_by(
        "pk"
    )


def tell_of_claim(claim: Claim, verb: str, *, by_customs: bool, at: datetime) -> None:
    """Tell the other side of a step: both associations of what customs do, customs of what the association does."""
    told = staff_of(claim.association, claim.issuer) if by_customs else headquarters_of(claim.country)
    facts = {
        "verb": verb,
        "claim": claim.pk,
        "carnet": claim.carnet_number,
        "amount": claim.amount and str(claim.amount),
        "currency": claim.currency,
        "received_on": claim.received_on and str(claim.received_on),
    }
    tell([Message(NoticeKind.CLAIM, f"claim:{claim.pk}", verb, facts)], told, at=at)


def ceilings(association: Association, *, today: date) -> list[Message]:
    """Return what is to be said of the association's guarantees: the highest mark of the ceiling in force that each has
    reached."""
    terms = GuaranteeCeiling.objects.in_force_on(today).filter(
        guarantee__association=association, ceiling__gt=0
    )
    return [
        message
        for row in terms.select_related("guarantee").order_by("guarantee__reference")
        if (message := _ceiling(row.guarantee, row.ceiling)) is not None
    ]


def _ceiling(guarantee: Guarantee, ceiling: Decimal) -> Message | None:
    share = guarantee.exposure * 100 / ceiling
    mark = next((mark for mark in CEILING_SHARES if share >= mark), None)
    if mark is None:
        return None
    facts = {
        "guarantee": guarantee.reference,
        "share": str(share.quantize(Decimal(1))),
        "exposure": str(guarantee.exposure),
        "ceiling": str(ceiling),
        "currency": guarantee.currency,
    }
    return Message(NoticeKind.CEILING, f"{guarantee.reference}:{ceiling}", str(mark), facts)


def tell_of_exclusions(*, at: datetime) -> None:
    """Tell of holders who were excluded of late, each person once; one that was lifted meanwhile is not told."""
    since = at - EXCLUSIONS_TOLD_FOR
    rows = HolderExclusion.objects.select_related("holder").filter(
        Q(valid_from__gt=since.date()) | Q(recorded_at__gt=since)
    )
    for row in rows.order_by("pk"):
        if row.valid_to is None or row.valid_to > day_in(row.country, at):
            tell([_of_exclusion(row)], _told_of_exclusion(row), at=at)


def _told_of_exclusion(row: HolderExclusion) -> QuerySet[User]:
    """Return whom art. 38(2) names: the customs of the country where the holder is established, the association of the
    country that excluded (with those of its union, where that binds), the TIR Executive Board; and the holder's own
    association, which issues."""
    bound = bound_by(row.country, on=row.valid_from)
    associations = Association.objects.filter(Q(country__in=bound) | Q(pk=row.holder.association_id))
    return User.objects.filter(
        Q(roles__contains=[Role.CUSTOMS_HQ], country=row.holder.country)
        | Q(roles__contains=[Role.ASSOCIATION], membership__association__in=associations)
        | Q(roles__contains=[Role.SECRETARIAT]),
        is_active=True,
    ).order_by("pk")


def _of_exclusion(row: HolderExclusion) -> Message:
    facts = {
        "holder": row.holder.reference,
        "country": row.country,
        "valid_from": str(row.valid_from),
        "reason": row.reason,
    }
    return Message(NoticeKind.EXCLUSION, f"exclusion:{row.pk}", facts=facts)


def notices_of(user: User) -> QuerySet[Notice]:
    """Return what the user has been told, the latest first."""
    return Notice.objects.filter(recipient=user).select_related("reading").order_by("-id")


def unread(user: User) -> int:
    """Return how many notices the user has not read."""
    return Notice.objects.filter(recipient=user, reading=None).count()


@transaction.atomic
def mark_read(notice: Notice, *, at: datetime) -> NoticeReading:
    """Record that a notice was read; a second reading changes nothing."""
    try:
        with transaction.atomic():
            return NoticeReading.objects.create(notice=notice, read_at=at)
    except IntegrityError:
        return NoticeReading.objects.get(notice=notice)


def mark_all_read(user: User, *, at: datetime) -> None:
    """Record that a person has read everything they were told."""
    waiting = Notice.objects.filter(recipient=user, reading=None)
    NoticeReading.objects.bulk_create(
        (NoticeReading(notice=notice, read_at=at) for notice in waiting), ignore_conflicts=True
    )
