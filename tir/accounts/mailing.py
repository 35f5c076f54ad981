"""An invitation by e-mail, beside the link that is on the screen of whoever invites."""

import logging
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from tir.accounts.inviting import Made

logger = logging.getLogger(__name__)

PATIENCE: Final = (
    5  # seconds: somebody waits for the page, and the link is on it whatever becomes of the mail
)
NOWHERE: Final = (
    "django.core.mail.backends.console.EmailBackend"  # what the settings name where no mail server is
)


def mail_invitation(made: Made, link: str) -> bool | None:
    """Send the link in the person's own language; return whether it went, None where there is no address or no mail
    server."""
    person, until = made.invitation.person, made.invitation.expires_at
    if not person.email or settings.EMAIL_BACKEND == NOWHERE:
        return None
    with translation.override(person.language or settings.LANGUAGE_CODE):
        said = _(
            "{name}, you were invited as {username}. Set your own password here, once, until {until} UTC:"
        )
        text = said.format(
            name=person.get_full_name(), username=person.username, until=f"{until:%Y-%m-%d %H:%M}"
        )
        message = EmailMessage(
            str(_("Your invitation")),
            f"{text}\n\n{link}\n",
            to=[person.email],
            connection=get_connection(timeout=PATIENCE),
        )
    try:
        return message.send() == 1
    except (OSError, SMTPException) as fault:
        logger.warning("invitation not mailed", extra={"person": person.pk, "fault": type(fault).__name__})
        return False
