"""Scans beside slow and greedy clients, through the proxy: half-open connections, and wrong passwords all the time."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_connection, socket
from threading import Event, Thread
from time import perf_counter, sleep
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

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

SCANS, ROUNDS, EVERY = 400, 2, 0.02  # seconds between two scans: a post's pace, not as many as go
HALF_OPEN, GUESSES_A_SECOND = 200, 20
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
    found: dict[str, list[float]] = {"quiet": [], "half open": [], "guessing": [], "both": []}
    with served() as port:
        _scans(port, scan, 100)
        for _round in range(ROUNDS):
            found["quiet"] += _scans(port, scan)
            with half_open(port):
                found["half open"] += _scans(port, scan)
            with guessing(port):
                found["guessing"] += _scans(port, scan)
            with half_open(port), guessing(port):
                found["both"] += _scans(port, scan)
    quiet = Measured(1.0, found.pop("quiet"))
    return [
        Row("scans, quiet: p50 / p99", f"{quiet.percentile(0.5):.1f} / {quiet.percentile(0.99):.1f} ms", ""),
        *(_row(name, Measured(1.0, latencies), quiet) for name, latencies in found.items()),
    ]


def _row(name: str, beside: Measured, quiet: Measured) -> Row:
    words = {
        "half open": f"beside {HALF_OPEN} half-open connections",
        "guessing": f"beside {GUESSES_A_SECOND} wrong passwords a second",
        "both": "beside both",
    }
    p50, p99 = beside.percentile(0.5), beside.percentile(0.99)
    return Row(
        f"{words[name]}: p50 / p99",
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
        running.enter_context(_running(serve, env=web))
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
def guessing(port: int) -> Iterator[None]:
    """Try wrong passwords of a name that is there, and of names that are not."""
    ended = Event()

    def guess(first: int) -> None:
        at = first
        while not ended.is_set():
            began, at = perf_counter(), at + 10
            body = json.dumps({"username": f"officer-{at}", "password": "a guess"}).encode()
            asked = Request(
                f"http://127.0.0.1:{port}/api/v1/auth/token/",
                data=body,
                headers={"Content-Type": "application/json"},
            )
            try:
                urlopen(asked, timeout=30).close()  # noqa: S310
            except (HTTPError, URLError, OSError):
                pass
            ended.wait(max(0.0, 10 / GUESSES_A_SECOND - (perf_counter() - began)))

    with ExitStack() as guessers:
        for first in range(10):
            guessers.enter_context(_beside(lambda first=first: guess(first), ended))
        yield


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
