"""The worked client of the documentation, against a live server: with a network, without, and with answers lost."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.models import Stamp
from docs.examples.post_client import Offline, Post, Problem
from tests.world import World
from tir.kernel.clock import now

CLIENT = settings.BASE_DIR / "docs" / "examples" / "post_client.py"
OFFICER = "officer-cnurc001"


class Line(ThreadingHTTPServer):
    """A line to the server that can be cut, or lose answers on the way back."""

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), Forward)
        self.beyond, self.answers_to_lose = server, 0
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def cut(self) -> None:
        self.shutdown()
        self.server_close()

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        try:
            with urlopen(request) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()


class Forward(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    server: Line

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        status, said, content = self.server.answer(
            Request(self.server.beyond + self.path, body or None, headers)
        )
        if self.server.answers_to_lose:
            self.server.answers_to_lose -= 1
            self.close_connection = True
            return  # the server has done it, and nobody hears of it
        self.send_response(status)
        for name in {"Content-Type", "ETag"} & said.keys():
            self.send_header(name, said[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_said: Any) -> None: ...


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    line = Line(live_server.url)
    yield line
    line.cut()


@pytest.fixture
def carnets(live_server: LiveServer, world: World) -> list[Carnet]:
    """Three carnets issued an hour ago."""
    at = now() - timedelta(hours=1)
    until = at.date() + timedelta(days=30)
    vehicle = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", until + timedelta(days=300))
    return [world.issue(at=at, acceptance_until=until, vehicles=[vehicle]) for _each in range(3)]


@pytest.fixture
def post(line: Line, carnets: list[Carnet], tmp_path: Path) -> Post:
    post = Post(line.url, str(tmp_path / "queue.sqlite"))
    assert post.sign_in(OFFICER, "secret") == "CNURC001"
    return post


def accept(post: Post, carnet: Carnet) -> str:
    return post.stamp(carnet.number, 1, seals={"intact": True, "affixed": ["A-1"]})


class TestPostClient:
    def test_scans_stamps_and_syncs(self, post: Post, carnets: list[Carnet]) -> None:
        seen = post.scan(carnets[0].number)
        assert (seen["verdict"], seen["expected"]["page"]) == ("go", 1)

        stamp_id = accept(post, carnets[0])
        (result,) = post.sync()

        assert (result["id"], result["outcome"]) == (stamp_id, "recorded")
        assert list(post.unsent()) == post.to_resolve() == []
        assert post.scan(carnets[0].number)["expected"]["page"] == 2

    def test_loses_nothing_when_answers_are_lost(self, post: Post, carnets: list[Carnet], line: Line) -> None:
        ids = [accept(post, carnet) for carnet in carnets]
        line.answers_to_lose = 2

        for _attempt in range(2):
            with pytest.raises(Offline):
                post.sync()
        assert Stamp.objects.count() == len(list(post.unsent())) == 3
        results = post.sync()

        assert [(result["id"], result["outcome"]) for result in results] == [
            (stamp_id, "duplicate") for stamp_id in ids
        ]
        assert list(post.unsent()) == []
        assert Stamp.objects.count() == 3

    def test_keeps_its_queue_over_a_restart_without_a_network(
        self, post: Post, carnets: list[Carnet], line: Line, live_server: LiveServer, tmp_path: Path
    ) -> None:
        bundle = post.refresh()
        line.cut()
        accept(post, carnets[0])
        with pytest.raises(Offline):
            post.sync()
        assert post.refresh() == bundle
        post.kept.close()

        again = Post(live_server.url, str(tmp_path / "queue.sqlite"))
        again.sign_in(OFFICER, "secret")

        assert [result["outcome"] for result in again.sync()] == ["recorded"]

    def test_fetches_the_bundle_only_when_it_changed(self, post: Post) -> None:
        assert post.refresh() == post.refresh()

    def test_shows_what_a_person_must_resolve(self, post: Post, carnets: list[Carnet]) -> None:
        accept(post, carnets[0])
        accept(post, carnets[0])
        post.stamp(carnets[1].number, 15)

        post.sync()

        assert [kept["outcome"] for kept in post.to_resolve()] == ["conflict", "rejected"]
        assert post.sync() == []

    def test_exports_what_a_colleague_can_hand_in(self, post: Post, carnets: list[Carnet]) -> None:
        accept(post, carnets[0])

        answer = post.ask("/stamps/import/", post.export(OFFICER))

        assert [result["outcome"] for result in answer["results"]] == ["recorded"]
        assert [result["outcome"] for result in post.sync()] == ["duplicate"]

    def test_says_what_the_server_says(self, post: Post) -> None:
        with pytest.raises(Problem) as refused:
            post.scan("XZ99000002")

        assert refused.value.code == "bad_number"

    def test_runs_from_the_command_line(
        self, live_server: LiveServer, carnets: list[Carnet], tmp_path: Path
    ) -> None:
        command = [sys.executable, str(CLIENT), live_server.url, OFFICER, "secret", carnets[0].number]

        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

        assert run.returncode == 0, run.stderr
        assert ": go, expected here: {'page': 1" in run.stdout
        assert "0 unsent, 0 to resolve." in run.stdout
        assert Stamp.objects.count() == 1
