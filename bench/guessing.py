"""Scans at a post while passwords are guessed: quiet, beside an attacker at one address, and beside a spread attack.

Scans come at a steady pace, as from a few lanes; guesses come at 20 a second, each over a connection of its own.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count
from time import perf_counter, sleep

from bench.carnets import make_fleet, settle
from bench.load import Measured
from bench.report import Row
from bench.stamping import Server, Tokens, gunicorn
from tir.kernel.clock import now

SCANS, PACE, GUESSES, AT_ONCE = 240, 20, 20, 4  # scans a phase, scans and guesses a second, attackers
NOBODY = count()


def measure() -> list[Row]:
    """Measure scans quiet, beside guesses that the limit by address stops, and beside guesses that nothing but the pool
    bounds."""
    fleet = make_fleet(40, now=now())
    settle()
    token = Tokens.of(fleet.world).officers[0]
    with gunicorn() as server:
        scans(server, token, fleet.numbers, 60)
        quiet = scans(server, token, fleet.numbers, SCANS)
        with guessed(server) as answers:
            attacked = scans(server, token, fleet.numbers, SCANS)
    with unlimited(), gunicorn() as server:
        scans(server, token, fleet.numbers, 60)
        with guessed(server) as spread_answers:
            spread = scans(server, token, fleet.numbers, SCANS)
    return [
        _row("scans, quiet", quiet, quiet, Counter()),
        _row("beside 20 wrong passwords a second from one address", attacked, quiet, answers),
        _row("the same without a limit by address (as from many)", spread, quiet, spread_answers),
    ]


def scans(server: Server, token: str, numbers: list[str], many: int) -> Measured:
    """Scan so many times at the pace, one after another, and return how long each took."""
    connection, latencies, began = HTTPConnection("127.0.0.1", server.port, timeout=30), [], perf_counter()
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    for place in range(many):
        sleep(max(0.0, began + place / PACE - perf_counter()))
        started = perf_counter()
        connection.request("POST", "/api/v1/scans/", json.dumps(_scan(numbers, place)), headers)
        answer = connection.getresponse()
        answer.read()
        latencies.append(perf_counter() - started)
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"a scan was answered {answer.status}")
    return Measured(perf_counter() - began, latencies)


def _scan(numbers: list[str], place: int) -> dict[str, object]:
    return {"number": numbers[place % len(numbers)], "page": 1}


@contextmanager
def guessed(server: Server) -> Iterator[Counter[int]]:
    """Have passwords guessed meanwhile; gives the count of answers by status, whole at the end."""
    answers: Counter[int] = Counter()
    over = threading.Event()

    def guess() -> None:
        while not over.is_set():
            began = perf_counter()
            connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
            body = json.dumps({"username": f"nobody-{next(NOBODY)}", "password": "a wrong password"})
            connection.request("POST", "/api/v1/auth/token/", body, {"Content-Type": "application/json"})
            answers[connection.getresponse().status] += 1
            connection.close()
            over.wait(max(0.0, began + AT_ONCE / GUESSES - perf_counter()))

    attackers = [threading.Thread(target=guess) for _each in range(AT_ONCE)]
    for attacker in attackers:
        attacker.start()
    sleep(2)
    yield answers
    over.set()
    for attacker in attackers:
        attacker.join()


@contextmanager
def unlimited() -> Iterator[None]:
    """A server without the limits by address and altogether, so that every guess comes to the hashing."""
    names = ("SIGN_IN_FAILURES_PER_ADDRESS", "SIGN_IN_FAILURES")
    os.environ.update(dict.fromkeys(names, "1000000"))
    yield
    for name in names:
        del os.environ[name]


def _row(what: str, measured: Measured, quiet: Measured, answers: Counter[int]) -> Row:
    p50, p99 = measured.percentile(0.5), measured.percentile(0.99)
    told = ", ".join(f"{many} × {status}" for status, many in sorted(answers.items()))
    ratio = f"p99 {p99 / quiet.percentile(0.99):.2f} × quiet"
    return Row(f"{what}{': ' + told if told else ''}", f"p50 {p50:.1f}, p99 {p99:.1f} ms", ratio)
