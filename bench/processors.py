"""Processor time that the web server and PostgreSQL spend, read where Linux keeps it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
SERVING = """
SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time so far, by process."""

    web: dict[int, float] = field(default_factory=dict)
    postgres: dict[int, float] = field(default_factory=dict)

    def since(self, before: "Spent") -> tuple[float, float]:
        """Return what was spent since then, on the web server and on PostgreSQL."""
        return _sum(self.web, before.web), _sum(self.postgres, before.postgres)


def spent(gunicorn: int) -> Spent:
    """Return what a gunicorn (its workers apart) and the server processes that work for it have spent so far."""
    with connection.cursor() as cursor:
        cursor.execute(SERVING)
        (backends,) = cursor.fetchone()
    return Spent(_times(_children(gunicorn)), _times(backends))


def _sum(now: dict[int, float], before: dict[int, float]) -> float:
    return sum(taken - before.get(process, 0) for process, taken in now.items())


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def _times(processes: Iterable[int]) -> dict[int, float]:
    return {process: _ticks(process) * TICK_MS for process in processes}


def _ticks(process: int) -> int:
    """Return user and system time of a process: fields 14 and 15 of its stat, counted after the name in brackets."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # the database is on another machine, or the process has ended
        return 0
    return int(after_name[11]) + int(after_name[12])
