"""What Celery beat does by the clock for signing in."""

from typing import Any

from celery import shared_task

from tir.kernel.clock import now
from tir.signin import days, mailing
from tir.signin.cleaning import clean


@shared_task(name="signin.clean")
def clean_up(**_later: Any) -> None:
    """Every day: delete what nobody can sign in with any more."""
    clean(now())


@shared_task(name="signin.mail_links")
def mail_links(**_later: Any) -> None:
    """Every minute: answer those who forgot their password."""
    mailing.send_asked(now())


@shared_task(name="accounts.follow_assignments")
def follow_assignments(**_later: Any) -> None:
    """Every hour: bring the roles of accounts up to the day. Who signs in or asks meanwhile is brought up then."""
    days.bring_all_up(at=now())
