"""Stops a reconciliation in the middle of a chunk, so that it can be killed there and not by luck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from guarantees.models import Guarantee
from tests.databases import administering
from tests.durability.site import SETTLED
from tir.laptop.processes import wait_until

OTHERS = """
SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
WAITING = f"{OTHERS} AND wait_event_type = 'Lock'"


@contextmanager
def guarantee_held(guarantee: Guarantee) -> Iterator[Callable[[], None]]:
    """Hold the guarantee's row lock, which a chunk needs after it has discharged and before it releases, and give a
    function that waits until somebody waits for it. At the end nobody is left in the database who came meanwhile;
    who was there before is a thread of the tests themselves."""
    before = served(OTHERS)
    with transaction.atomic():
        Guarantee.objects.select_for_update().get(pk=guarantee.pk)
        yield lambda: settled(lambda: len(served(WAITING)) == 1)
    settled(lambda: served(OTHERS) <= before)


def settled(is_so: Callable[[], bool]) -> None:
    """Wait until the server processes are as wanted."""
    assert wait_until(is_so, seconds=SETTLED), served(OTHERS)


def served(statement: str) -> set[int]:
    """Return the ids of the server processes that a statement finds: the administrator sees those of every role."""
    with administering() as cursor:
        cursor.execute(statement)
        (pids,) = cursor.fetchone()
        return set(pids)
