"""`manage.py migrate`, Django's own, but it never makes others wait long for a table, nor gives up at once."""

from time import sleep
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_SECONDS = 3  # whoever wants a table whole holds up all who come after: so long and no longer
PAUSE_SECONDS = 2.0
TRIES = 24  # two minutes in all
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    """A migration that meets somebody who reads or writes for long, a backup, is rolled back and tried again."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises OperationalError when a table was not to be had in all that time."""
        for tried in range(1, TRIES + 1):
            try:
                with connections[options["database"]].cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
                super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE or tried == TRIES:
                    raise
                self.stderr.write(
                    f"Somebody holds a table: migrating again in {PAUSE_SECONDS:.0f} s ({tried})."
                )
                sleep(PAUSE_SECONDS)
            else:
                return
