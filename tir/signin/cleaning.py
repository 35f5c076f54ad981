"""What nobody can sign in with any more is deleted daily: expired tokens and sessions, and notes of failures.

Links stay: who made one for whom, and what became of it, is asked for long after.
"""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from knox.models import AuthToken
from oauth2_provider.models import AccessToken

from tir.signin.models import FailedAttempt, KnownAddress, LinkRequest, Session

KNOWN = timedelta(days=180)


def clean(at: datetime) -> dict[str, int]:
    """Delete what is over, and return how many rows of each kind were."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    over = {
        "tokens": AuthToken.objects.filter(expiry__lt=at),
        "access_tokens": AccessToken.objects.filter(expires__lt=at),
        "sessions": Session.objects.filter(expire_date__lt=at)
        | Session.objects.filter(last_seen_at__lt=at - idle),
        "link_requests": LinkRequest.objects.filter(answered_at__lt=at - timedelta(days=1)),
        "failures": FailedAttempt.objects.filter(at__lt=at - timedelta(days=1)),
        "lockouts": AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME),
        "known_addresses": KnownAddress.objects.filter(last_at__lt=at - KNOWN),
    }
    found = {}
    for name, rows in over.items():
        found[name] = rows.count()
        rows.delete()
    return found
