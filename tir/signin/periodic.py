"""What Celery beat does by the clock for signing in."""

from typing import Any

from celery import shared_task

from tir.kernel.clock import now
from tir.signin import mailing
from tir.signin.cleaning import clean


@shared_task(name="signin.clean")
def clean_up(**_later: Any) -> None:
    """Every day: delete what nobody can sign in with any more."""
    clean(now())


@shared_task(name="signin.mail_links")
def mail_links(**_later: Any) -> None:
    """Every minute: answer those who forgot their password."""
    mailing.send_asked(now())
