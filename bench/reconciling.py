"""Reconciling a million operations from scratch, beside one UPDATE … FROM over the same rows."""

import resource
from datetime import timedelta
from time import perf_counter

from django.db import connection

from bench.carnets import let_all_travel, make_fleet, settle
from bench.report import Row
from carnets.reconciliation import job
from tir.kernel.clock import now

OPERATIONS = 1_000_000
NOW = now() - timedelta(days=30)  # so that every quiet time is over
AT = NOW + timedelta(days=20)
# One statement that sets the same two columns of the same rows, joined to their carnets: PostgreSQL's own floor.
FLOOR = """
UPDATE carnets_tiroperation o SET status = 'discharged', discharged_at = %s, borne = 0, borne_from = NULL
  FROM carnets_carnet c WHERE c.id = o.carnet_id AND o.status = 'terminated'
"""


def measure(operations: int = OPERATIONS) -> list[Row]:
    """Measure the floor in a transaction that is rolled back, the job, and the job again with nothing changed."""
    fleet = make_fleet(operations // 4, now=NOW)
    let_all_travel(fleet)
    floor = _floor()
    settle()
    memory = _memory()
    first = _seconds()
    grown = _memory() - memory
    again = _seconds()
    _ensure_all_discharged(operations)
    return [
        Row("floor: one UPDATE … FROM", f"{floor:.1f} s", ""),
        Row(
            f"reconcile {operations:,} operations from scratch",
            f"{first:.1f} s",
            f"{first / floor:.2f} × floor",
        ),
        Row(
            "reconcile again, nothing changed", f"{again * 1000:.1f} ms", f"{again / first:.4%} of the first"
        ),
        Row("memory the job grew by", f"{grown / 1024:.1f} MB", ""),
    ]


def _floor() -> float:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        started = perf_counter()
        cursor.execute(FLOOR, [AT])
        taken = perf_counter() - started
        cursor.execute("ROLLBACK")
    return taken


def _seconds() -> float:
    started = perf_counter()
    while job.reconcile_chunk(at=AT).carnets:
        pass
    return perf_counter() - started


def _memory() -> int:
    """Return this process's largest resident size so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _ensure_all_discharged(operations: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM carnets_tiroperation WHERE status = 'discharged'")
        found = cursor.fetchone()[0]
        cursor.execute("SELECT sum(exposure) FROM guarantees_guarantee")
        exposure = cursor.fetchone()[0]
    if found != operations or exposure != 0:
        raise RuntimeError(f"{found} operations discharged, exposure {exposure}")
