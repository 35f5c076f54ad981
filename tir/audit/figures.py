"""Counts of requests, by each process of a server for itself, in a file that any of them can add up with the others'.

A row a kind of request, of as many numbers as there are buckets, and the sum of seconds. Counting is one addition in
mapped memory: it stands on the way of every stamp.
"""

import json
import mmap
import os
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import time_ns
from typing import Any, Final

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
WIDTH: Final = len(BUCKETS) + 2  # the last bucket has no end; then the sum of seconds
MOST_ROWS: Final = 4_000  # kinds of requests that are told apart; the rest are not counted
BYTES: Final = MOST_ROWS * WIDTH * 8
Kind = tuple[str, ...]


class Figures:
    """What one process counts; a child that was forked begins a file of its own."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._rows: dict[Kind, int] = {}
        self._path: Path | None = None
        self._numbers: Any = None

    def observe(self, kind: Kind, seconds: float) -> None:
        """Count one request of this kind, which took so long."""
        if self._process != os.getpid():
            self._lock = Lock()
            self._forget()
        with self._lock:
            row = self._rows.get(kind)
            if row is None:
                row = self._new_row(kind)
                if row is None:
                    return
            numbers = self._numbers
            numbers[row + bisect_left(BUCKETS, seconds)] += 1.0
            numbers[row + WIDTH - 1] += seconds

    def _new_row(self, kind: Kind) -> int | None:
        if len(self._rows) >= MOST_ROWS:
            return None
        if self._numbers is None:
            self._numbers = memoryview(self._memory()).cast("d")
        row = len(self._rows) * WIDTH
        if self._path is not None:
            with self._path.with_suffix(".kinds").open("a") as kinds:
                kinds.write(json.dumps(kind) + "\n")
        self._rows[kind] = row
        return row

    def _memory(self) -> Any:
        if not self.directory:
            return bytearray(BYTES)
        self._path = Path(self.directory) / f"{self._process}-{time_ns()}.numbers"
        with self._path.open("w+b") as file:
            file.truncate(BYTES)
            return mmap.mmap(file.fileno(), BYTES)

    def all(self) -> Mapping[Kind, list[float]]:
        """Return the rows of every process that served since the server started, added up."""
        if not self.directory:
            return {kind: list(self._numbers[row : row + WIDTH]) for kind, row in dict(self._rows).items()}
        found: dict[Kind, list[float]] = {}
        for kinds in sorted(Path(self.directory).glob("*.kinds")):
            numbers = memoryview(kinds.with_suffix(".numbers").read_bytes()).cast("d")
            for place, line in enumerate(kinds.read_text().splitlines()):
                row = numbers[place * WIDTH : (place + 1) * WIDTH]
                known = found.setdefault(tuple(json.loads(line)), [0.0] * WIDTH)
                for each, number in enumerate(row):
                    known[each] += number
        return found


def as_histogram(name: str, labels: tuple[str, ...], rows: Mapping[Kind, list[float]]) -> str:
    """Return the rows as a histogram in Prometheus' text format."""
    lines = [f"# TYPE {name} histogram"]
    for kind, numbers in sorted(rows.items()):
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in zip(labels, kind, strict=True))
        counted = 0
        for bound, number in zip((*map(str, BUCKETS), "+Inf"), numbers, strict=False):
            counted += int(number)
            lines.append(f'{name}_bucket{{{said},le="{bound}"}} {counted}')
        lines.append(f"{name}_sum{{{said}}} {numbers[-1]:.6f}")
        lines.append(f"{name}_count{{{said}}} {counted}")
    return "\n".join(lines) + "\n"


def as_gauge(name: str, says: str, values: Mapping[str, float]) -> str:
    """Return numbers as a gauge in Prometheus' text format, each by its labels as text; blank for the only one."""
    lines = [f"# HELP {name} {says}", f"# TYPE {name} gauge"]
    lines += [
        f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}" for labels, value in values.items()
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
