"""What nobody can sign in with any more is deleted daily: expired tokens, sessions and links, and notes of failures."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from knox.models import AuthToken
from oauth2_provider.models import AccessToken

from tir.signin.models import FailedAttempt, KnownAddress, LinkRequest, OneTimeLink, Session

KEPT = timedelta(days=30)  # links, so that whoever made one can see what became of it
KNOWN = timedelta(days=180)


def clean(at: datetime) -> dict[str, int]:
    """Delete what is over, and return how many rows of each kind were."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    over = {
        "tokens": AuthToken.objects.filter(expiry__lt=at),
        "access_tokens": AccessToken.objects.filter(expires__lt=at),
        "sessions": Session.objects.filter(expire_date__lt=at)
        | Session.objects.filter(last_seen_at__lt=at - idle),
        "links": OneTimeLink.objects.filter(expires_at__lt=at - KEPT),
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
