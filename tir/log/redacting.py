"""Forgetting what a row says, where the law demands it: row and salt of its entry go, that it was logged stays.

Without the salt nobody can find out by guessing what was logged. That it was redacted, when and why is an act in the
log.
"""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from tir.log.errors import LogStopped
from tir.log.ledgers import ledgers
from tir.log.models import AdministrativeAct, Entry


@transaction.atomic
def redact(*, kind: str, ref: str, reason: str, at: datetime) -> None:
    """Forget what a row says. Only the owner of the tables can. Raises LogStopped where it has no place in the log yet,
    and where others refer to it: those say what they say about something."""
    ledger = ledgers().get(kind)
    entry = Entry.objects.select_related("log").filter(kind=kind, ref=ref, salt__isnull=False).first()
    if ledger is None or entry is None:
        raise LogStopped(f"No {kind} {ref} has a place in the log: see manage.py log status.")
    AdministrativeAct.objects.create(
        noun=kind,
        ref=ref,
        verb="redact",
        content={"reason": reason, "log": entry.log.origin, "index": entry.index},
        at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ledger.table} DISABLE TRIGGER USER")
        try:
            with transaction.atomic():
                cursor.execute(f"DELETE FROM {ledger.table} WHERE {ledger.key}::text = %s", [ref])  # noqa: S608
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError as error:
            raise LogStopped(f"Other records refer to {kind} {ref}: it cannot be forgotten.") from error
        cursor.execute(f"ALTER TABLE {ledger.table} ENABLE TRIGGER USER")
    Entry.objects.filter(log=entry.log, index=entry.index).update(salt=None)
