"""Stops a reconciliation in the middle of a chunk, so that it can be killed there and not by luck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from guarantees.models import Guarantee
from tests.durability.site import SETTLED
from tir.laptop.processes import wait_until

OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
WAITING = f"{OTHERS} AND wait_event_type = 'Lock'"


@contextmanager
def guarantee_held(guarantee: Guarantee) -> Iterator[Callable[[], None]]:
    """Hold the guarantee's row lock, which a chunk needs after it has discharged and before it releases, and give a
    function that waits until somebody waits for it. At the end nobody else is left in the database."""
    with transaction.atomic():
        Guarantee.objects.select_for_update().get(pk=guarantee.pk)
        yield lambda: settled(WAITING, 1)
    settled(OTHERS, 0)


def settled(statement: str, count: int) -> None:
    """Wait until a count of server processes is as wanted."""
    assert wait_until(lambda: counted(statement) == count, seconds=SETTLED), (
        f"{counted(statement)} {statement}"
    )


def counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction the view is read once
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
