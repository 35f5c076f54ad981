"""`script/serve`: web server, worker and the log come up together, are known again, and go down together."""

import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.databases import address_of
from tir.laptop import processes
from tir.laptop.addresses import OF_OTHERS, variable
from tir.laptop.places import State
from tir.laptop.processes import LaptopError
from tir.laptop.serving import Serving


@pytest.fixture
def serving(state: State, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A server on the migrated database of the tests, as script/serve migrates before it serves."""
    name = connection.settings_dict["NAME"]
    for role in OF_OTHERS:  # all of them, as with a PostgreSQL of one's own
        monkeypatch.setenv(variable(role), address_of(name, role))
    monkeypatch.setenv("DATABASE_URL", address_of(name))
    server = Serving(state, processes.free_port(None))
    yield server
    server.stop()


def test_serves_until_stopped(serving: Serving) -> None:
    serving.start()
    with urllib.request.urlopen(f"{serving.url}/healthz/ready", timeout=5) as answer:
        assert answer.status == 200
    all_three = serving.alive()
    assert len(all_three) == 3

    with pytest.raises(LaptopError, match="already serving"):
        serving.start()
    again = Serving(serving.state, serving.port)  # what `--stop` sees, in a process of its own
    again.stop()
    assert again.alive() == serving.alive() == []
    assert not any(processes.is_ours(pid, serving.directory) for pid in all_three)


def test_each_process_knows_one_address_and_no_password_besides(serving: Serving) -> None:
    name = connection.settings_dict["NAME"]
    own = {"web": address_of(name), "worker": address_of(name, "WORKER"), "log": address_of(name, "LOG")}
    passwords = {urlsplit(address_of(name, role)).password for role in ("", *OF_OTHERS)}
    assert len(passwords - {None}) == 6
    serving.start()

    for address, pid in zip(own.values(), serving.alive(), strict=True):
        known = environment_of_process(pid)
        assert known["DATABASE_URL"] == address
        said = "\n".join(known.values())
        assert {password for password in passwords if str(password) in said} == {urlsplit(address).password}


def environment_of_process(pid: int) -> dict[str, str]:
    said = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(line.split("=", 1) for line in said if "=" in line)


def test_the_foreground_ends_all_when_one_dies(serving: Serving) -> None:
    serving.start()
    web, *_others = serving.alive()
    os.kill(web, signal.SIGKILL)
    with pytest.raises(LaptopError, match="ended by itself"):
        serving.follow()
    assert serving.alive() == []


def test_a_taken_port_is_said_and_nothing_is_started(serving: Serving) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", serving.port))
        somebody.listen()
        with pytest.raises(LaptopError, match="is taken"):
            serving.start()
    assert serving.alive() == []


def test_a_port_left_out_is_the_next_that_nobody_has() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]

        assert processes.first_free(taken) > taken
