"""Forgetting what a row says, where the law demands it: row and salt of its entry go, that it was logged stays.

Without the salt nobody can find out by guessing what was logged. That it was redacted, when and why is an act in the
log.
"""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tir.log.errors import LogStopped
from tir.log.ledgers import ledgers
from tir.log.models import AdministrativeAct, Entry

# What must stay whatever is asked for, and why: without it something else could not be verified any more.
NEVER = {
    "stamp": "the stamps after it on its carnet are chained to it",
    "carnet_event": "a carnet is compared with what was said when it was issued",
    "liability_entry": "what is guaranteed is the sum of all of them",
    "key": "what was signed is verified with it",
}


@transaction.atomic
def redact(*, kind: str, ref: str, reason: str, at: datetime) -> None:
    """Forget what a row says. Only the owner of the tables can. Raises LogStopped where it has no place in the log yet,
    where others refer to it (those say what they say about something), and where it is one that must stay."""
    ledger = ledgers().get(kind)
    entry = Entry.objects.select_related("log").filter(kind=kind, ref=ref, salt__isnull=False).first()
    if ledger is None or entry is None:
        raise LogStopped(f"No {kind} {ref} has a place in the log: see manage.py log status.")
    _ensure_forgettable(kind, ref)
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


def _ensure_forgettable(kind: str, ref: str) -> None:
    why = NEVER.get(kind)
    if kind == "administrative_act":
        is_of_log = AdministrativeAct.objects.filter(Q(verb="redact") | Q(noun="log"), pk=ref).exists()
        why = "it says what became of the log itself" if is_of_log else None
    if why:
        raise LogStopped(f"The {kind} {ref} is never forgotten: {why}.")
