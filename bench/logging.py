"""The promise that a stamp is in the log within a minute: kept while stamps come at a rate for so many seconds, with the
sequencer as a process of its own, and what verifying everything takes afterwards."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bench.carnets import make_fleet, settle
from bench.database import sequencers
from bench.report import Row
from bench.stamping import FLOOR_CARNETS, offered, sql
from tir.kernel.clock import now
from tir.log.verifying import Verification, one_snapshot

RATE = int(os.environ.get("BENCH_LOG_RATE", "1000"))  # stamps a second, of three entries each
SECONDS = int(os.environ.get("BENCH_LOG_SECONDS", "60"))
PERCENTILES = (0.5, 0.99, 0.999, 1.0)

# For each entry, from its row until the checkpoint that has it was published.
WAITED = """
SELECT percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY extract(epoch FROM published.at - stamp.recorded_at)), count(*)
  FROM log_entry AS entry JOIN checkpoints_stamp AS stamp ON entry.kind = 'stamp' AND entry.ref = stamp.id::text
 CROSS JOIN LATERAL (SELECT min(published_at) AS at FROM log_checkpoint WHERE size > entry.index) AS published
 WHERE stamp.recorded_at > %s
"""


def measure() -> list[Row]:
    """Offer stamps to the ledger while the log grows; then verify all of it."""
    fleet = make_fleet(FLOOR_CARNETS, now=now())
    settle()
    with sequencer():
        time.sleep(3)
        began = now()
        came = offered(fleet, with_three_entries(), "-R", str(RATE), "-T", str(SECONDS))
        ended = time.monotonic()
        while _pending():
            time.sleep(0.1)
        drained = time.monotonic() - ended
    with connection.cursor() as cursor:
        cursor.execute(WAITED, [list(PERCENTILES), began])
        waited, stamps = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM log_entry")
        (entries,) = cursor.fetchone()
    ended = time.monotonic()
    with one_snapshot():
        faults = list(Verification().faults())
    verified = time.monotonic() - ended
    if faults:
        raise RuntimeError(f"{len(faults)} faults, as {faults[0]}")
    told = ", ".join(
        f"p{100 * share:g} {seconds:.2f} s" for share, seconds in zip(PERCENTILES, waited, strict=True)
    )
    return [
        Row(
            f"stamps offered for {SECONDS} s, three entries each",
            f"{came:,.0f} stamps/s",
            f"{stamps:,} stamps",
        ),
        Row("until the checkpoint that has it was published", told, "promised: 60 s"),
        Row("what was still pending at the end, drained", f"{drained:.1f} s", ""),
        Row("verify", f"{entries:,} entries in {verified:.1f} s", f"{entries / verified:,.0f} a second"),
    ]


def with_three_entries() -> str:
    """Return the floor of a stamp with what the log meets beside it, in the same transaction."""
    before, commit, after = sql("floor").rpartition("COMMIT;")
    return before + sql("logged") + commit + after


def _pending() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM log_pending)")
        return bool(cursor.fetchone()[0])


@contextmanager
def sequencer() -> Iterator[None]:
    """Run the log's own process on the bench's database."""
    with tempfile.TemporaryDirectory() as heads:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "log", "run"],
            env={**os.environ, "DATABASE_URL": sequencers(), "TIR_LOG_HEADS": heads, "LOG_LEVEL": "WARNING"},
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()
