"""What keeps this server from serving, and what should be looked at though it serves.

Kept for seconds: whatever watches a server may ask as often as it likes.
"""

from typing import Any, Final

from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import errorcodes

from tir.celery import messages_waiting
from tir.kernel.clock import now
from tir.kernel.kept import kept_for
from tir.log.standing import newest_known, stands_still

ROOM: Final = 256_000  # bytes: more than the free room of pages that are there, so that a file must grow
# Filled anew in each transaction and emptied at its end, so it needs the disk each time. Rows of a temporary table are
# in no ledger, and no backup.
PROBE: Final = "CREATE TEMPORARY TABLE IF NOT EXISTS tir_probe (filler bytea) ON COMMIT DELETE ROWS"
FILL: Final = (
    "INSERT INTO tir_probe SELECT decode(repeat(md5(random()::text), 64), 'hex') FROM generate_series(1, %s)"
)
A_ROW: Final = 1024  # bytes: too little to be compressed or moved out of the table

DISK_FULL: Final = "disk full"
NO_DATABASE: Final = "no database"
NOT_MIGRATED: Final = "not migrated"


def hindrance() -> str:
    """Return what keeps this server from serving, blank for nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not is_migrated():
            return NOT_MIGRATED
        return "" if has_room() else DISK_FULL
    except ProgrammingError:
        return NOT_MIGRATED
    except DatabaseError as error:
        connection.close()
        return DISK_FULL if is_disk_full(error) else NO_DATABASE


def concerns() -> list[str]:
    """Return what should be looked at though stamps are taken: the broker away, the log standing still."""
    found = [] if broker_answers() else ["broker"]
    return [*found, *(["log"] if stands_still(now(), newest=newest_known()) else [])]


def is_disk_full(error: BaseException) -> bool:
    """Whether the database refused because its disk is full."""
    return bool(getattr(error.__cause__ or error, "pgcode", None) == errorcodes.DISK_FULL)


@kept_for(seconds=60)
def is_migrated() -> bool:
    """Whether the schema is what this code wants."""
    executor = MigrationExecutor(connection)
    missing: list[Any] = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not missing


@kept_for(seconds=15)
def has_room() -> bool:
    """Whether the database's disk takes a little more. Raises DatabaseError for whatever else is wrong."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PROBE)
            cursor.execute(FILL, [ROOM // A_ROW])
    except DatabaseError as error:
        if is_disk_full(error):
            return False
        raise
    return True


@kept_for(seconds=15)
def broker_answers() -> bool:
    return messages_waiting() is not None
