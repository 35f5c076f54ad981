"""`script/serve`: proxy, web server, worker and the log come up together, are known again, and go down together."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.databases import address_of
from tir.laptop import processes
from tir.laptop.addresses import OF_OTHERS, variable
from tir.laptop.places import State
from tir.laptop.processes import LaptopError
from tir.laptop.proxy import configuration
from tir.laptop.serving import Serving
from tir.wsgi import behind_proxy


@pytest.fixture
def serving(state: State, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
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
    all_four = serving.alive()
    assert len(all_four) == 4

    with pytest.raises(LaptopError, match="already serving"):
        serving.start()
    again = Serving(serving.state, serving.port)  # what `--stop` sees, in a process of its own
    again.stop()
    assert again.alive() == serving.alive() == []
    assert not any(processes.is_ours(pid, serving.directory) for pid in all_four)


def test_each_process_knows_one_address_and_no_password_besides(serving: Serving) -> None:
    name = connection.settings_dict["NAME"]
    own = {"web": address_of(name), "worker": address_of(name, "WORKER"), "log": address_of(name, "LOG")}
    passwords = {urlsplit(address_of(name, role)).password for role in ("", *OF_OTHERS)}
    assert len(passwords - {None}) == 6
    serving.start()

    *ours, proxy = serving.alive()
    assert "DATABASE_URL" not in environment_of_process(proxy)
    for address, pid in zip(own.values(), ours, strict=True):
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


def test_the_foreground_knows_that_another_command_stopped_it(
    serving: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    serving.start()
    Serving(serving.state, serving.port).stop()  # `--stop`, in a process of its own
    serving.follow()
    assert capsys.readouterr().out == "Stopped by script/serve --stop.\n"

    serving.start()
    web, *_others = serving.alive()
    os.kill(web, signal.SIGKILL)
    with pytest.raises(LaptopError, match="ended by itself"):  # it was stopped once, and not this time
        serving.follow()


def test_half_open_connections_and_slow_bodies_hold_nobody_up(serving: Serving) -> None:
    """Four of either stopped a web server with four threads for ever."""
    serving.start()
    head = b"POST /api/v1/auth/token/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: "
    body = b"\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{"
    with ExitStack() as open_ones:
        for at in range(200):
            slow = open_ones.enter_context(socket.create_connection(("127.0.0.1", serving.port)))
            slow.sendall(head if at % 2 else head + body)
        for _ in range(5):
            with urllib.request.urlopen(f"{serving.url}/healthz/ready", timeout=5) as answer:
                assert answer.status == 200


def test_the_web_server_hears_who_asks_from_the_proxy_and_from_nobody_else(serving: Serving) -> None:
    heard: list[dict[str, Any]] = []

    def ask(headers: dict[str, str]) -> None:
        served = behind_proxy(lambda environ, _start: heard.append(environ) or [])
        served({"REMOTE_ADDR": "", **headers}, lambda *_: None)

    ask({"HTTP_X_REAL_IP": "198.51.100.7", "HTTP_X_FORWARDED_FOR": "203.0.113.9"})
    assert heard[0]["REMOTE_ADDR"] == "198.51.100.7"
    written = configuration(serving.proxy)
    assert "proxy_set_header X-Real-IP $remote_addr;" in written  # in the place of what the client said
    assert "${" not in written


def test_what_the_proxy_refuses_has_the_form_of_every_refusal(serving: Serving) -> None:
    serving.start()
    os.kill(
        serving.alive()[0], signal.SIGSTOP
    )  # the web server stands; a body too large is not even handed on
    try:
        asked = urllib.request.Request(f"{serving.url}/api/v1/auth/token/", data=b" " * 70_000)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=5)
    finally:
        os.kill(serving.alive()[0], signal.SIGCONT)
    assert refused.value.code == 413
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    assert json.loads(refused.value.read())["code"] == "body_too_large"


def test_the_proxy_of_compose_starts_before_its_web_server_and_says_when_to_come_again(
    serving: Serving,
) -> None:
    """There the web server has a name, which nobody knows while it is made anew."""
    serving.proxy.prepare()
    file = serving.proxy.directory / "nginx.conf"
    upstream = f"server unix:{serving.proxy.upstream}"
    written = file.read_text()
    assert upstream in written
    resolver = "resolver 127.0.0.1:9 valid=1s ipv6=off;\n    upstream web {"
    file.write_text(
        written.replace(upstream, "server web.invalid:8000 resolve").replace("upstream web {", resolver)
    )
    serving.spawn("proxy")
    assert processes.wait_until(lambda: not processes.is_free(serving.port), seconds=10)
    with pytest.raises(urllib.error.HTTPError) as away:
        urllib.request.urlopen(f"{serving.url}/healthz/ready", timeout=10)
    assert away.value.code == 503
    assert away.value.headers["Retry-After"] == "2"
    assert json.loads(away.value.read())["code"] == "server_away"


def test_nothing_outlives_a_foreground_that_is_killed(serving: Serving) -> None:
    """Killed, not asked to end: whoever closes a machine's terminal by force leaves no port taken."""
    command = [sys.executable, "-m", "tir.laptop.serving", "--port", str(serving.port)]
    environment = {**os.environ, "TIR_STATE": str(serving.state.directory)}
    foreground = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert foreground.stdout is not None
    assert "Serving at" in foreground.stdout.readline()
    all_four = serving.alive()
    assert len(all_four) == 4

    foreground.kill()
    foreground.wait()

    gone = processes.wait_until(lambda: serving.alive() == [] and processes.is_free(serving.port), seconds=45)
    assert gone, serving.by_name()


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
