"""Guessing is limited by name (django-axes), by address, and for everybody together.

Others' failures shut out nobody at an address from which they have signed in before: only their own there do, by axes.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import User
from tir.kernel.errors import DomainError
from tir.signin.models import FailedAttempt, KnownAddress

WINDOW = timedelta(minutes=15)
UNKNOWN = "0.0.0.0"  # noqa: S104  (an address nobody has: a socket without one)


class TooManyAttempts(DomainError):
    """Too many wrong passwords came from this address, or from everywhere together. Wait a quarter of an hour."""

    code = "too_many_attempts"
    retry_after = 15 * 60  # seconds


def ensure_may_try(name: str, address: str | None, *, at: datetime) -> None:
    """Raise TooManyAttempts for an address that guessed too often, or not the person's while all is guessed at."""
    here = address or UNKNOWN
    recent = FailedAttempt.objects.filter(at__gt=at - WINDOW)
    counted = recent.aggregate(all=Count("id"), here=Count("id", filter=Q(address=here)))
    is_over = (
        counted["here"] >= settings.SIGN_IN_FAILURES_PER_ADDRESS
        or counted["all"] >= settings.SIGN_IN_FAILURES
    )
    if is_over and not _is_known(name, here):
        raise TooManyAttempts(
            _("Too many wrong passwords came from your network. Wait a quarter of an hour.")
        )


def _is_known(name: str, address: str) -> bool:
    return KnownAddress.objects.filter(user__username=name, address=address).exists()


def note_failure(name: str, address: str | None, *, at: datetime) -> None:
    """Keep that somebody failed to be who they said."""
    FailedAttempt.objects.create(
        address=address or UNKNOWN, name=sha256(name.casefold().encode()).hexdigest(), at=at
    )


def note_success(user: User, address: str | None, *, at: datetime) -> None:
    """Remember the address as one of this person's."""
    KnownAddress.objects.update_or_create(user=user, address=address or UNKNOWN, defaults={"last_at": at})
