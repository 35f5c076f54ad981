"""Feeds by the index of the log: it has no clock and no gaps, and an entry below the published size never moves. So
whoever reads on from where they were has read everything, however late a transaction committed.
"""

from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Conflict
from tir.kernel.values import value
from tir.log.models import Entry, Log
from tir.log.published import newest_log

MOST_AT_ONCE = 500


class LogBeganAnew(Conflict):
    """The reader's place is not one of the log that grows: it was ended, and another began."""

    code = "log_began_anew"


@value
class FeedPage:
    """Some entries of one kind: the key of each row by its index. All before `after` has been read now."""

    log: str
    size: int
    after: int
    more: bool
    refs: dict[int, str]


def read(kind: str, *, after: int, origin: str = "", most: int = MOST_AT_ONCE) -> FeedPage:
    """Return the published entries of a kind from the index `after` on, at most so many.

    An ended log that is named is read to its end. Raises NoLog, and LogBeganAnew where there is nothing to read on in.
    """
    newest = newest_log()
    log = _log(after, origin, newest)
    found = list(
        Entry.objects.filter(log=log, kind=kind, index__gte=after, index__lt=log.size)
        .order_by("index")
        .values_list("index", "ref")[: most + 1]
    )
    more, refs = len(found) > most, dict(found[:most])
    read_to = max(refs) + 1 if more else log.size
    return FeedPage(log.origin, log.size, read_to, more or log != newest, refs)


def _log(after: int, origin: str, newest: Log) -> Log:
    """Return the log to read on in: the newest, or one before it that has something left to read."""
    is_newest = origin in ("", newest.origin)
    named = newest if is_newest else Log.objects.filter(origin=origin, size__gt=after).first()
    if named is None or after > named.size:
        raise LogBeganAnew(
            _(
                "The log {log} began anew. Read it from after=0; what you read of the one before stays good."
            ).format(log=newest.origin),
            field="after" if is_newest else "log",
            log=newest.origin,
            size=newest.size,
        )
    return named
