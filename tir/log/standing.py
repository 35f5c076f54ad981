"""Whether the log stands still: its newest checkpoint is hours old, though an idle log signs one every hour."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Refused
from tir.kernel.kept import kept_for
from tir.log.models import Checkpoint, Pending

STANDS_STILL_AFTER = timedelta(hours=4)  # the patience of X-Road's message log with its time stamps
NEVER = datetime.max.replace(tzinfo=UTC)


class LogStandsStill(Refused):
    """The log has signed nothing for hours, and this installation issues nothing that nobody could be shown."""

    code = "log_stands_still"


def newest_at() -> datetime:
    """Return when the newest published checkpoint was signed; before there is one, since when the first entry waits."""
    signed = Checkpoint.objects.exclude(published_at=None).order_by("-pk").values_list("made_at", flat=True)
    waiting = Pending.objects.order_by("pk").values_list("since", flat=True)
    return next(iter(signed[:1]), None) or next(iter(waiting[:1]), None) or NEVER


newest_known = kept_for(seconds=60)(newest_at)


def stands_still(at: datetime, *, newest: datetime | None = None) -> bool:
    """Whether the log should be looked at; `newest` as it is known, read a minute ago at most."""
    return at - (newest_known() if newest is None else newest) >= STANDS_STILL_AFTER


def ensure_grows(at: datetime) -> None:
    """Raise LogStandsStill where TIR_ISSUE_NEEDS_LOG is set and the log stands still."""
    if settings.TIR_ISSUE_NEEDS_LOG and stands_still(at, newest=newest_at()):
        raise LogStandsStill(
            _(
                "The log of what is on record has stood still for hours, and nothing is issued without it. Tell who "
                "runs this system; stamps go on."
            )
        )
