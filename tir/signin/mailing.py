"""Links by mail: asked for on a page, where every name takes as long; written by the worker, which knows who it is.

A name is answered once in so many minutes, so that nobody's post box is filled by strangers.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from tir.accounts.models import User
from tir.signin import links
from tir.signin.models import LinkPurpose, LinkRequest, OneTimeLink

QUIET = timedelta(minutes=10)


def ask(name: str, *, site: str, address: str | None, at: datetime) -> None:
    """Keep that somebody asked for a link; `site` is where the page was read, without a slash at its end."""
    LinkRequest.objects.create(name=name, site=site, address=address, at=at)


def send_asked(at: datetime) -> int:
    """Send what was asked for and not answered, and return how many mails were sent."""
    sent = 0
    for request in LinkRequest.objects.filter(answered_at=None).order_by("at")[:200]:
        user = User.objects.filter(username=request.name, is_active=True).exclude(email="").first()
        if user and not _was_sent_lately(user, at):
            _send(user, request.site, at)
            sent += 1
        LinkRequest.objects.filter(pk=request.pk).update(answered_at=at)
    return sent


def _was_sent_lately(user: User, at: datetime) -> bool:
    return OneTimeLink.objects.filter(user=user, made_by=None, made_at__gt=at - QUIET).exists()


def _send(user: User, site: str, at: datetime) -> None:
    secret = links.make(
        user=user, purpose=LinkPurpose.PASSWORD, by=None, lasts=timedelta(hours=settings.LINK_HOURS), at=at
    )
    with translation.override(user.language or "en"):
        send_mail(
            _("A new password for TIR"),
            _(
                "Somebody, most likely you, asked for a new password of the account {name}.\n\n"
                "Choose one here, within a day: {address}\n\n"
                "If it was not you, do nothing: your password stays as it is."
            ).format(name=user.username, address=f"{site}/console/new-password/{secret}/"),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )
