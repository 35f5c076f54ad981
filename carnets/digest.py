"""The daily digest: what nears its day becomes notices, and what nobody was mailed yet goes out by e-mail."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from carnets.deadlines import deadlines
from guarantees import notices
from guarantees.days import day_in
from guarantees.deadlines import DeadlineParty
from guarantees.models import Association, Notice, NoticeMail
from tir.accounts.models import Role, User

logger = logging.getLogger(__name__)
AHEAD = timedelta(days=max(notices.DAYS_BEFORE))
MOST_IN_A_MAIL = 100  # notices; the rest is counted and read on the page


@dataclass(frozen=True, slots=True)
class Digest:
    """What one run did."""

    mails: int
    notices: int
    failed: int


def mail_digests(*, at: datetime) -> Digest:
    """Write the notices that are due and mail each person what they were not mailed yet. Safe to run again."""
    gather(at=at)
    waiting = User.objects.filter(is_active=True, notices__mail=None, notices__isnull=False).exclude(email="")
    counts = [_mail(user, at=at) for user in waiting.distinct().order_by("pk")]
    sent = [count for count in counts if count]
    return Digest(mails=len(sent), notices=sum(sent), failed=counts.count(None))


def gather(*, at: datetime) -> None:
    """Write the notices of every association and every customs headquarters; none twice."""
    notices.tell_of_exclusions(at=at)
    for association in Association.objects.filter(staff__isnull=False).distinct().order_by("pk"):
        _gather_for_association(association, at)
    for country in _headquarters():
        today = day_in(country, at)
        near = deadlines(DeadlineParty(country=country), first=today, last=today + AHEAD)
        messages = notices.deadline_messages(near, today=today)
        notices.tell(messages, notices.headquarters_of(country), at=at)


def _gather_for_association(association: Association, at: datetime) -> None:
    today = association.day_at(at)
    near = deadlines(DeadlineParty(association=association), first=today, last=today + AHEAD)
    messages = [
        *notices.deadline_messages(near, today=today),
        *notices.ceilings(association, today=today),
    ]
    notices.tell(messages, notices.staff_of(association), at=at)


def _headquarters() -> Iterable[str]:
    people = User.objects.filter(is_active=True, roles__contains=[Role.CUSTOMS_HQ]).exclude(country="")
    return people.order_by("country").values_list("country", flat=True).distinct()


def _mail(user: User, *, at: datetime) -> int | None:
    """Mail one person; return how many notices went out, None when the mail server refused them."""
    try:
        with transaction.atomic():
            return _mail_waiting(user, at=at)
    except (OSError, SMTPException):
        logger.exception("digest not sent", extra={"user": user.get_username()})
        return None


def _mail_waiting(user: User, *, at: datetime) -> int:
    """The rows are written first and the mail is the last thing done: if it fails, they are undone with it.

    Two workers never mail one person at once: the second waits for the person. What was mailed meanwhile is looked for
    in a second statement, for a statement that had to wait for a lock still sees what was there before.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    waiting = list(Notice.objects.filter(recipient=user, mail=None).order_by("id"))
    if not waiting:
        return 0
    NoticeMail.objects.bulk_create(NoticeMail(notice=notice, sent_at=at) for notice in waiting)
    with translation.override(user.language or "en"):
        send_mail(
            _("TIR notices: {count}").format(count=len(waiting)), _text(user, waiting), None, [user.email]
        )
    return len(waiting)


def _text(user: User, waiting: list[Notice]) -> str:
    lines = [f"• {notices.sentence(notice)}" for notice in waiting[:MOST_IN_A_MAIL]]
    if len(waiting) > MOST_IN_A_MAIL:
        lines.append(_("… and {count} more, on your page.").format(count=len(waiting) - MOST_IN_A_MAIL))
    return "\n".join([_("For {user}:").format(user=user.get_username()), "", *lines, ""])
