"""Posts have 2G links: what one carnet costs on the wire, headers and all."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from knox.models import AuthToken
from pytest_django.live_server_helper import LiveServer

from checkpoints.models import Stamp
from tests.api.calls import API, qr_of, stamp_body
from tests.api.conftest import Issue
from tests.world import World

MOST = 3_000  # bytes each way, for a scan and a stamp together


class Counted:
    """One connection, with every byte that goes and comes counted."""

    def __init__(self, server: LiveServer, token: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(server.url).netloc)
        self.headers = {
            "Authorization": f"Token {token}",
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
        }
        self.sent = self.received = 0

    def post(self, path: str, body: dict[str, Any]) -> int:
        content = json.dumps(body).encode()
        self.sent += (
            len(content) + sum(len(name) + len(value) + 4 for name, value in self.headers.items()) + 60
        )
        self.line.request("POST", API + path, content, self.headers)
        answer = self.line.getresponse()
        said = answer.read()
        self.received += len(said) + len(str(answer.headers)) + 17
        return answer.status


@pytest.mark.django_db(transaction=True)
def test_a_scan_and_a_stamp_fit_into_three_kilobytes_each_way(
    live_server: LiveServer, world: World, issue: Issue
) -> None:
    carnet = issue()
    _record, token = AuthToken.objects.create(world.officers["CNURC001"])
    line = Counted(live_server, token)
    code = qr_of(carnet, 1)

    assert line.post("/scans/", {"qr": code}) == 200
    body = stamp_body(carnet.number, 1)
    assert line.post("/stamps/", {**body, "qr": code}) == 201

    connection.close()
    assert Stamp.objects.count() == 1
    assert line.sent <= MOST, line.sent
    assert line.received <= MOST, line.received
