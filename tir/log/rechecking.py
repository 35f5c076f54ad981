"""The log is checked again all day, a part a minute: in a day all of it, however large, and no work waits for it."""

from datetime import datetime

from tir.log.models import Fault, Log
from tir.log.stored import tree_of
from tir.log.tree import root_of
from tir.log.verifying import faults_between, one_snapshot

PARTS = 24 * 60


def recheck(*, log: Log, at: datetime) -> list[str]:
    """Check the part of the log whose minute it is, and the tiles against what was signed last; keep and return what
    does not hold."""
    part = at.hour * 60 + at.minute
    with one_snapshot():
        size = Log.objects.values_list("size", flat=True).get(pk=log.pk)
        found = list(faults_between(log, size * part // PARTS, size * (part + 1) // PARTS))
        signed = log.checkpoints.filter(size=size).latest("pk")
        if root_of(size, tree_of(log)) != bytes(signed.root):
            found.append(f"{log.origin}: the tiles are not those of its checkpoint of {size:,} entries")
    faults = [Fault(log=log, text=text[:300], found_at=at) for text in found]
    Fault.objects.bulk_create(faults, ignore_conflicts=True)
    return found
