"""Scans beside slow and greedy clients, through the proxy: half-open connections, and wrong passwords all the time.

Measured in short blocks that take turns, so that whatever else the machine does falls on all of them alike.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_connection, socket
from threading import Event, Thread
from time import perf_counter, sleep

from django.contrib.auth.hashers import make_password
from knox.models import AuthToken

from bench.carnets import make_fleet
from bench.load import Measured, post_all, request
from bench.report import Row
from bench.stamping import OFFICES, _wait_until_ready
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.laptop.places import State
from tir.laptop.processes import ServerAccount
from tir.laptop.proxy import Proxy

SCANS, ROUNDS, EVERY = 60, 6, 0.02  # seconds between two scans: a post's pace, not as many as go
HALF_OPEN, GUESSES_A_SECOND, GUESSERS = 200, 20, 10
BESIDE = {
    "half open": f"beside {HALF_OPEN} half-open connections",
    "one": f"beside {GUESSES_A_SECOND} wrong passwords a second from one address",
    "many": f"beside {GUESSES_A_SECOND} wrong passwords a second from as many addresses",
    "both": "beside half-open connections and many addresses that guess",
}
WEB = {
    "LOG_LEVEL": "CRITICAL",
    "WEB_CONCURRENCY": "2",
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_TLS": "0",
    "BEHIND_PROXY": "1",
}


def measure() -> list[Row]:
    """Measure the same scans quiet and beside each kind of burden, a few rounds in turn."""
    fleet = make_fleet(2, now=now())
    world, number = fleet.world, fleet.numbers[0]
    User.objects.filter(pk=world.staff["CN"].pk).update(
        password=make_password("a real password, with argon2")
    )
    scan = _scan(world, number)
    found: dict[str, list[float]] = {"quiet": [], **{name: [] for name in BESIDE}}
    answers: Counter[int] = Counter()
    with served() as port:
        burdens: dict[str, list[Callable[[], AbstractContextManager[None]]]] = {
            "quiet": [],
            "half open": [lambda: half_open(port)],
            "one": [lambda: guessing(port, answers)],
            "many": [lambda: guessing(port, answers, from_many=True)],
            "both": [lambda: half_open(port), lambda: guessing(port, answers, from_many=True)],
        }
        _scans(port, scan, 100)
        for _round in range(ROUNDS):
            for name, beside in burdens.items():
                with ExitStack() as held:
                    for burden in beside:
                        held.enter_context(burden())
                    found[name] += _scans(port, scan)
    quiet = Measured(1.0, found.pop("quiet"))
    told = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    return [
        Row("scans, quiet: p50 / p99", f"{quiet.percentile(0.5):.1f} / {quiet.percentile(0.99):.1f} ms", ""),
        *(_row(name, Measured(1.0, latencies), quiet) for name, latencies in found.items()),
        Row("what those who guessed were told", told, ""),
    ]


def _row(name: str, beside: Measured, quiet: Measured) -> Row:
    p50, p99 = beside.percentile(0.5), beside.percentile(0.99)
    return Row(
        f"{BESIDE[name]}: p50 / p99",
        f"{p50:.1f} / {p99:.1f} ms",
        f"{p99 / quiet.percentile(0.99):.2f} × quiet",
    )


def _scan(world: World, number: str) -> bytes:
    token = AuthToken.objects.create(world.officers[OFFICES[0]])[1]
    return request("/api/v1/scans/", token, json.dumps({"number": number, "page": 1}).encode())


def _scans(port: int, scan: bytes, count: int = SCANS) -> list[float]:
    latencies: list[float] = []
    for _one in range(count):
        latencies += post_all(port, [scan], expect=b"200").latencies
        sleep(EVERY)
    return latencies


@contextmanager
def served() -> Iterator[int]:
    """Serve as script/serve does: gunicorn on a socket, the proxy before it."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory, ExitStack() as running:
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        proxy = Proxy(State(Path(directory)), ServerAccount.unprivileged(), "127.0.0.1", port)
        proxy.prepare()
        web = {**os.environ, **WEB, "WEB_BIND": f"unix:{proxy.upstream}"}
        serve = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:tir.gunicorn",
            "--log-level",
            "warning",
            "tir.wsgi",
        ]
        running.enter_context(_running(serve, env=web, stderr=subprocess.DEVNULL))
        options = proxy.account.popen_options()
        running.enter_context(_running(proxy.command(Path(directory)), stderr=subprocess.DEVNULL, **options))
        _wait_until_ready(port)
        yield port


@contextmanager
def _running(command: list[str], **options: object) -> Iterator[None]:
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


@contextmanager
def half_open(port: int) -> Iterator[None]:
    """Keep so many connections open that have sent half a head; each that the server gives up is opened anew."""
    ended = Event()

    def hold() -> None:
        while not ended.is_set():
            with ExitStack() as held:
                for _one in range(HALF_OPEN):
                    held.enter_context(create_connection(("127.0.0.1", port))).sendall(
                        b"POST / HTTP/1.1\r\nHost: a\r\nX-"
                    )
                ended.wait(9)

    with _beside(hold, ended):
        yield


@contextmanager
def guessing(port: int, answers: Counter[int], *, from_many: bool = False) -> Iterator[None]:
    """Try passwords of a name that is there and of names that are not, from 127.0.0.1 or each from its own address."""
    ended = Event()

    def guess(first: int) -> None:
        at = first
        while not ended.is_set():
            began, at = perf_counter(), at + GUESSERS
            source = f"127.0.{1 + at // 250 % 250}.{1 + at % 250}" if from_many else "127.0.0.1"
            with suppress(OSError, HTTPException):
                answers[_guess(port, source, f"officer-{at}")] += 1
            ended.wait(max(0.0, GUESSERS / GUESSES_A_SECOND - (perf_counter() - began)))

    with ExitStack() as guessers:
        for first in range(GUESSERS):
            guessers.enter_context(_beside(lambda first=first: guess(first), ended))
        yield


def _guess(port: int, source: str, name: str) -> int:
    client = HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
    try:
        body = json.dumps({"username": name, "password": "a guess"})
        client.request("POST", "/api/v1/auth/token/", body, {"Content-Type": "application/json"})
        return client.getresponse().status
    finally:
        client.close()


@contextmanager
def _beside(doing: object, ended: Event) -> Iterator[None]:
    thread = Thread(target=doing, daemon=True)  # type: ignore[arg-type]
    thread.start()
    sleep(0.5)
    try:
        yield
    finally:
        ended.set()
        thread.join(35)
