"""Links by mail.

One asked for on a page, where every name takes as long, is written by the worker, which knows who it is; a name is
answered once in so many minutes, so that nobody's post box is filled by strangers. One that somebody made for another
goes at once, beside what is on their screen.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection, send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from tir.accounts.models import User
from tir.signin import links
from tir.signin.links import NewLink
from tir.signin.models import LinkPurpose, LinkRequest, OneTimeLink

logger = logging.getLogger(__name__)

QUIET = timedelta(minutes=10)
PATIENCE: Final = (
    5  # seconds: somebody waits for the page, and the link is on it whatever becomes of the mail
)
NOWHERE: Final = (
    "django.core.mail.backends.console.EmailBackend"  # what the settings name where no mail server is
)


def ask(name: str, *, site: str, address: str | None, at: datetime) -> None:
    """Keep that somebody asked for a link; `site` is where the page was read, without a slash at its end."""
    LinkRequest.objects.create(name=name, site=site, address=address, at=at)


def send_asked(at: datetime) -> int:
    """Send what was asked for and not answered, and return how many mails were sent."""
    sent = 0
    people = User.objects.filter(is_active=True, service_account=None).exclude(email="")
    for request in LinkRequest.objects.filter(answered_at=None).order_by("at")[:200]:
        user = people.filter(username=request.name).first()
        if user and not _was_sent_lately(user, at):
            _send(user, request.site, at)
            sent += 1
        LinkRequest.objects.filter(pk=request.pk).update(answered_at=at)
    return sent


def _was_sent_lately(user: User, at: datetime) -> bool:
    return OneTimeLink.objects.filter(user=user, made_by=None, made_at__gt=at - QUIET).exists()


def _send(user: User, site: str, at: datetime) -> None:
    made = links.make(user=user, purpose=LinkPurpose.PASSWORD, by=None, at=at)
    with translation.override(user.language or "en"):
        send_mail(
            _("A new password for TIR"),
            _(
                "Somebody, most likely you, asked for a new password of the account {name}.\n\n"
                "Choose one here, within a day: {address}\n\n"
                "If it was not you, do nothing: your password stays as it is."
            ).format(name=user.username, address=f"{site}/console/new-password/{made.secret}/"),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )


def mail_link(made: NewLink, address: str) -> bool | None:
    """Send a link in the person's own language; return whether it went, None where there is no e-mail address or no
    mail server."""
    person, until = made.link.user, made.link.expires_at
    if not person.email or settings.EMAIL_BACKEND == NOWHERE:
        return None
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject, said = _words(made.link.purpose)
        text = said.format(
            name=person.get_full_name(), username=person.username, until=f"{until:%Y-%m-%d %H:%M}"
        )
        message = EmailMessage(
            subject,
            f"{text}\n\n{address}\n",
            to=[person.email],
            connection=get_connection(timeout=PATIENCE),
        )
    try:
        return message.send() == 1
    except (OSError, SMTPException) as fault:
        logger.warning("link not mailed", extra={"person": person.pk, "fault": type(fault).__name__})
        return False


def _words(purpose: str) -> tuple[str, str]:
    if purpose == LinkPurpose.INVITATION:
        return _("Your invitation"), _(
            "{name}, you were invited as {username}. Set your own password here, once, until {until} UTC:"
        )
    return _("A new password for TIR"), _(
        "{name}, a link was made for you so that {username} gets a new password. Choose it here, once, until {until}"
        " UTC. If you did not ask for it, tell whoever looks after your account:"
    )
