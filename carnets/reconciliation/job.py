"""The reconciliation job: one code path for Celery beat, `manage.py reconcile` and the API.

It touches only carnets that changed or came due (`Carnet.reconcile_at`), a chunk a transaction: a kill loses at most
the chunk under way, which the next run does again. Two runs at once share the work, for each skips what the
other has locked. The steps are SQL over whole chunks (`statements.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q

from carnets import issuing
from carnets.choices import RunStatus
from carnets.models import Carnet, ReconciliationRun
from carnets.reconciliation import statements
from guarantees import exposure
from tir.accounts.models import User
from tir.kernel.errors import Refused

CHUNK = 5_000  # carnets; about 20,000 operations, a second or two of locks
ABANDONED_AFTER = timedelta(minutes=30)  # longer than Celery's own time limit for a task


@dataclass(slots=True)
class ChunkTally:
    """What a chunk did."""

    carnets: int = 0
    examined: int = 0
    discharged: int = 0
    flagged: int = 0
    cured: int = 0


def request_run(*, by: User | None, at: datetime) -> ReconciliationRun:
    """Queue a run and return it; `carry_out` does the work. An administration whose run has not begun is given that
    one, which will find what is due as well as another would."""
    if by is not None:
        of_theirs = Q(requested_by=by) | (Q(requested_by__country=by.country) if by.country else Q())
        waiting = ReconciliationRun.objects.filter(of_theirs, status=RunStatus.QUEUED).order_by("id").first()
        if waiting is not None:
            return waiting
    return ReconciliationRun.objects.create(requested_at=at, requested_by=by)


def carry_out(
    *,
    run_id: int,
    at: datetime,
    clock: Callable[[], datetime],
    progress: Callable[[ChunkTally], None] | None = None,
    chunk: int = CHUNK,
) -> ReconciliationRun:
    """Reconcile everything due at `at`, and return the finished run.

    `clock` stamps the run's own start and finish; `progress` hears of every chunk. Raises whatever stopped it, after
    the run was marked failed; the chunks before it stay done.
    """
    runs = ReconciliationRun.objects.filter(pk=run_id)
    runs.update(status=RunStatus.RUNNING, started_at=clock())
    try:
        while (tally := reconcile_chunk(at=at, limit=chunk, run_id=run_id)).carnets:
            if progress:
                progress(tally)
    except Exception as failure:
        runs.update(status=RunStatus.FAILED, finished_at=clock(), failure=repr(failure)[:2000])
        raise
    runs.update(status=RunStatus.DONE, finished_at=clock())
    return runs.get()


def carry_out_queued(*, run_id: int, at: datetime, clock: Callable[[], datetime]) -> ReconciliationRun | None:
    """Carry out a run unless another worker has taken it; a message delivered twice does the work once."""
    taken = ReconciliationRun.objects.filter(pk=run_id, status=RunStatus.QUEUED).update(
        status=RunStatus.RUNNING, started_at=clock()
    )
    return carry_out(run_id=run_id, at=at, clock=clock) if taken else None


def queued_runs() -> list[int]:
    """Return the runs nobody has begun, oldest first."""
    queued = ReconciliationRun.objects.filter(status=RunStatus.QUEUED)
    return list(queued.order_by("id").values_list("pk", flat=True))


def anything_due(*, at: datetime) -> bool:
    """Whether any carnet changed or came due."""
    return Carnet.objects.filter(reconcile_at__lte=at).exists()


def requeue_abandoned(*, at: datetime) -> int:
    """Queue runs again whose worker was killed, and return how many: whoever asked for one still gets it done. The
    chunks before the kill stay done, and the rest is still due."""
    abandoned = ReconciliationRun.objects.filter(
        status=RunStatus.RUNNING, started_at__lt=at - ABANDONED_AFTER
    )
    return abandoned.update(status=RunStatus.QUEUED, started_at=None)


@transaction.atomic
def reconcile_chunk(*, at: datetime, limit: int = CHUNK, run_id: int | None = None) -> ChunkTally:
    """Reconcile up to `limit` carnets that are due, and return what was done; none means nothing is left."""
    parameters: dict[str, Any] = {"at": at, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(statements.BY_KEY)
        cursor.execute(statements.DUE, parameters)
        tally = ChunkTally(carnets=_count(cursor, "SELECT count(*) FROM due", parameters))
        if tally.carnets:
            _reconcile_due(cursor, parameters, tally, at)
            _note_progress(run_id, tally)
        cursor.execute("DROP TABLE IF EXISTS due, finding, summary")
    return tally


def _reconcile_due(
    cursor: CursorWrapper, parameters: dict[str, Any], tally: ChunkTally, at: datetime
) -> None:
    """The steps, in order: charge again and expire, compare, flag and cure, discharge, release, set status and when to
    look again. A machine takes no discharge back: only a cancelled record does (art. 10(2)), when it is recorded."""
    _restore_reservations(cursor, parameters, at)
    _expire_unused(cursor, parameters, at)
    cursor.execute(statements.FINDINGS, parameters)
    tally.flagged = _count(cursor, statements.FLAG, parameters)
    tally.cured = _count(cursor, statements.CURE, parameters)
    cursor.execute(statements.DISCHARGE, parameters)
    tally.discharged, borne_still = cursor.fetchone()
    if borne_still:
        cursor.execute(statements.LAPSE, parameters)
    cursor.execute(statements.SUMMARISE, parameters)
    tally.examined = _count(cursor, statements.EXAMINED, parameters)
    cursor.execute(statements.LOCK_GUARANTEES, parameters)
    cursor.execute(statements.RELEASE, parameters)
    cursor.execute(statements.SET_STATUS, parameters)


def _count(cursor: CursorWrapper, statement: str, parameters: dict[str, Any]) -> int:
    cursor.execute(statement, parameters)
    return int(cursor.fetchone()[0])


def _expire_unused(cursor: CursorWrapper, parameters: dict[str, Any], at: datetime) -> None:
    for (number,) in _rows_that_move_guarantees(cursor, statements.UNUSED, parameters):
        issuing.expire(number=number, at=at)


def _rows_that_move_guarantees(
    cursor: CursorWrapper, statement: str, parameters: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of `statement`; if there are any, every guarantee of the chunk is locked first, in order of id,
    so that two runs which move the same guarantees one by one cannot wait for each other."""
    cursor.execute(statement, parameters)
    rows = list(cursor.fetchall())
    if rows:
        cursor.execute(statements.LOCK_GUARANTEES, parameters)
    return rows


def _restore_reservations(cursor: CursorWrapper, parameters: dict[str, Any], at: datetime) -> None:
    """Charge the guarantee again for carnets whose discharge or expiry was taken back, where it has room;
    where it has none, the catalogue's `guarantee_not_reserved` says so. Rare, so one at a time."""
    for (carnet_id,) in _rows_that_move_guarantees(cursor, statements.UNRESERVED, parameters):
        carnet = Carnet.objects.get(pk=carnet_id)
        guarantee = exposure.lock(carnet.guarantee.pk)
        try:
            exposure.reserve_amount(
                guarantee=guarantee,
                carnet_number=carnet.number,
                amount=carnet.amount,
                at=at,
                cause="reopened",
            )
        except Refused:
            continue
        Carnet.objects.filter(pk=carnet_id).update(is_reserved=True)


def _note_progress(run_id: int | None, tally: ChunkTally) -> None:
    if run_id is not None:
        done = {field.name: F(field.name) + getattr(tally, field.name) for field in fields(tally)}
        ReconciliationRun.objects.filter(pk=run_id).update(**done)
