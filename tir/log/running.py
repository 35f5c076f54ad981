"""The sequencer: one process, however many are started, that lets the log grow every second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from tir.kernel.clock import now
from tir.kernel.sandbox import kind
from tir.log import growing
from tir.log.bringing import bring_to_witnesses
from tir.log.errors import LogStopped
from tir.log.head import Head
from tir.log.keys import kind_of_origin, record_key, signer_of, voucher_keys
from tir.log.models import Log, Witness
from tir.log.rechecking import recheck

ONE_SEQUENCER = 7_401_983  # an advisory lock of the database
PAUSE = 1.0  # seconds between two steps when nothing more is pending
AFTER_A_REFUSAL = 30.0
EVERY_MINUTE = 60.0  # seconds: how often witnesses are asked to sign, and some of the log is checked again

logger = structlog.get_logger(__name__)


def head_of(origin: str) -> Head:
    """Return where the copy of that log's latest checkpoint is kept."""
    return Head(Path(settings.TIR_LOG_HEADS) / origin.replace("/", "_"))


def growing_log() -> Log:
    """Return the log that grows, begun now where there is none. Raises LogStopped."""
    log = Log.objects.filter(ended_at=None).first()
    if log is None:
        origin = _next_origin()
        signer = signer_of(origin)
        at = now()
        log = growing.begin(origin=origin, signer=signer, head=head_of(origin), at=at)
        logger.info("a log began", origin=origin)
    return log


def _next_origin() -> str:
    """Return the name of the log to begin: what is set, or one that nobody else can have; numbered after an end, with a
    number that was never seen outside, for a backup may be restored more than once."""
    known = Log.objects.order_by("pk").values_list("origin", flat=True)
    if not known:
        return _named(str(settings.TIR_LOG_ORIGIN or f"localhost/{token_hex(8)}"))
    number = len(known) + 1
    while head_of(f"{known[0]}-{number}").read() is not None:
        number += 1
    return f"{known[0]}-{number}"


def catch_up() -> growing.Grown:
    """Let the log grow until nothing is pending, and publish it. Raises LogStopped."""
    with _alone():
        log = growing_log()
        signer, head = signer_of(log.origin), head_of(log.origin)
        growing.ensure_ours(log, head)
        _record_keys(log)
        entries = 0
        faults: list[str] = []
        while True:
            grown = growing.grow(log=log, signer=signer, at=now())
            growing.publish(log, head, now())
            entries, faults = entries + grown.entries, [*faults, *grown.faults]
            if not grown.entries:
                return growing.Grown(entries, grown.size, tuple(faults))


def run(*, is_to_end: Callable[[], bool]) -> None:
    """Let the log grow until told to end. What refuses is said and tried again later: no stamp waits for the log."""
    while not is_to_end():
        try:
            with _alone():
                _run_alone(is_to_end)
        except LogStopped as error:
            logger.error("the log stands still", why=str(error))
            _wait(AFTER_A_REFUSAL, is_to_end)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the database does not answer", why=str(error).strip())
            connection.close()
            _wait(PAUSE, is_to_end)


def _run_alone(is_to_end: Callable[[], bool]) -> None:
    log = growing_log()
    signer, head = signer_of(log.origin), head_of(log.origin)
    growing.ensure_ours(log, head)
    _record_keys(log)
    bring_to_witnesses(
        log, now(), is_start=True
    )  # before anything is signed that one of them could contradict
    brought = 0.0
    while not is_to_end():
        grown = growing.grow(log=log, signer=signer, at=now())
        growing.publish(log, head, now())
        for fault in grown.faults:
            logger.error("an entry does not fit its row", entry=fault)
        if time.monotonic() - brought >= EVERY_MINUTE:
            bring_to_witnesses(log, now())
            for fault in recheck(log=log, at=now()):
                logger.error("what is on record is not what was logged", fault=fault)
            brought = time.monotonic()
        if grown.entries < growing.MOST_AT_ONCE:
            _wait(PAUSE, is_to_end)


def _record_keys(log: Log) -> None:
    record_key("log", log.key, now())
    for text in voucher_keys():
        record_key("voucher", text, now())
    for text in Witness.objects.values_list("key", flat=True):
        record_key("witness", text, now())


def _named(origin: str) -> str:
    """Have the name of a log that is not of real work say so, to everybody who keeps a checkpoint of it."""
    return origin if kind_of_origin(origin) == kind() else f"{origin}/{kind()}"


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only one: a second sequencer waits here until the first has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_SEQUENCER])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_SEQUENCER])


def _wait(seconds: float, is_to_end: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_to_end():
        time.sleep(min(0.1, seconds))
