"""Processes of our own to kill: a web server, a stamping loop, a worker, each on the database a test names.

Every process is started here, known by its id and ended by its id; what is killed is killed with SIGKILL.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from django.db import connection

from tests.databases import environment_of
from tir.laptop.processes import free_port, wait_until

PROJECT = Path(__file__).parents[2]
SETTLED = 90.0  # seconds; far more than anything here takes, also on a busy machine
CLIENTS = 4
RECORDED = (200, 201)

Answer = tuple[int, dict[str, Any]]
Body = dict[str, Any]


def environment(role: str = "", **changes: str) -> dict[str, str]:
    """Return the environment of a process that works on this test's own database: as web, or as a role."""
    return {**environment_of(connection.settings_dict["NAME"], role), "PYTHONPATH": str(PROJECT), **changes}


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], **options: Any) -> Iterator["Started"]:
    """Run Python with these arguments; whatever is left of it at the end is killed."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, env=dict(environment), text=True, **options
    )
    family = Started(process)
    try:
        yield family
    finally:
        family.kill()


@dataclass(frozen=True)
class Started:
    """A process of ours with its children."""

    process: "subprocess.Popen[str]"

    @property
    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []

    def kill(self) -> None:
        """Kill the process, then what it had started, and wait for its end."""
        family = [self.process.pid, *self.children] if self.process.poll() is None else []
        for pid in family:
            kill(pid)
        self.process.wait(SETTLED)


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def web_server(environment: Mapping[str, str], port: int | None = None) -> Iterator["WebServer"]:
    """Serve the API as production does, with two workers, on a free port of this machine."""
    port = port or free_port(None)
    served = {
        **environment,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS": "0",
    }
    command = ["-m", "gunicorn", "-c", "python:tir.gunicorn", "--log-level", "critical", "tir.wsgi"]
    with started(command, served, stderr=subprocess.DEVNULL) as family:
        server = WebServer(family, port)
        assert wait_until(server.is_ready, seconds=SETTLED), "the server did not become ready"
        yield server


@dataclass(frozen=True)
class WebServer:
    family: Started
    port: int

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/healthz/ready")[0] == 200
        except (OSError, HTTPException):
            return False

    def ask(self, method: str, path: str, token: str = "", body: Body | None = None) -> Answer:
        """Return status and body. Raises OSError or HTTPException when nobody answers."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=SETTLED)
        head = {"Content-Type": "application/json", **({"Authorization": f"Token {token}"} if token else {})}
        try:
            client.request(method, path, json.dumps(body) if body else None, head)
            answer = client.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            client.close()


@dataclass
class Fleet:
    """Stamps to be made and what was acknowledged of them, as a handful of devices would send them."""

    token: str
    bodies: list[Body]
    acknowledged: dict[str, Body] = field(default_factory=dict)

    def send(self, server: WebServer, *, on_answer: Callable[[int], None] = lambda _count: None) -> list[int]:
        """Send every stamp once over CLIENTS connections; return the statuses heard. Silence is no status."""
        waiting: SimpleQueue[Body] = SimpleQueue()
        for body in self.bodies:
            waiting.put(body)
        statuses: list[int] = []
        counting = Lock()  # every count is heard of once

        def device() -> None:
            while True:
                try:
                    body = waiting.get_nowait()
                    status, receipt = server.ask("POST", "/api/v1/stamps/", self.token, body)
                except Empty:
                    return
                except (OSError, HTTPException):
                    continue
                statuses.append(status)
                if status in RECORDED:
                    with counting:
                        self.acknowledged[body["id"]] = receipt
                        count = len(self.acknowledged)
                    on_answer(count)

        with ThreadPoolExecutor(CLIENTS) as devices:
            for done in [devices.submit(device) for _ in range(CLIENTS)]:
                done.result()
        return statuses


def stamp_bodies(numbers: Sequence[str], ids: Sequence[str], occurred_at: str) -> list[Body]:
    """Return the first stamp of each carnet as a device sends it."""
    return [
        {
            "id": id,
            "carnet": number,
            "page": 1,
            "occurred_at": occurred_at,
            "seals": {"affixed": ["A-1", "A-2"]},
        }
        for id, number in zip(ids, numbers, strict=True)
    ]
