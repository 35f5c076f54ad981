"""Papers gossip too: what is printed says of which log it is, how large it was, and its root."""

from base64 import b64encode
from datetime import timedelta

import pypdfium2
import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.annex10 import daily
from tests.api.calls import API, ago, ok
from tests.api.conftest import Issue
from tests.growing import ORIGIN, Grow
from tests.world import World
from tir.kernel.clock import now
from tir.log.models import Log


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    carnet = issue()
    world.travel(carnet, since=ago(days=9), upto=4)
    return carnet


def root_of(log: Log) -> str:
    return b64encode(bytes(log.checkpoints.latest("pk").root)).decode()


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    said = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return said.replace("\r", "")


@pytest.mark.parametrize("paper", ["post/handover.pdf", "carnets/{}/defence.pdf?page=2"])
def test_a_printed_paper_names_the_newest_checkpoint(
    paper: str, carnet: Carnet, grow: Grow, officer: APIClient, association: APIClient
) -> None:
    client = officer if paper.startswith("post") else association
    address = f"{API}/{paper.format(carnet.number)}"
    assert ORIGIN not in text_of(client.get(address).content)
    log = grow()

    said = text_of(client.get(address).content)
    assert f"Log {ORIGIN}: {log.size} entries, root {root_of(log)}" in said


def test_a_daily_file_names_the_newest_checkpoint(carnet: Carnet, grow: Grow, association: APIClient) -> None:
    day = (now() - timedelta(days=1)).date()
    daily.make_files(upto=day, at=now())
    address = f"{API}/safetir/{day}/"
    before = association.get(address)
    assert before.json()["log"] is None
    assert "Log-Checkpoint" not in before
    log = grow()

    said = ok(association.get(address))
    assert said["log"] == {"origin": ORIGIN, "size": log.size, "root": root_of(log)}
    as_csv = association.get(address, headers={"Accept": "text/csv"})
    assert as_csv["Log-Checkpoint"] == f"{ORIGIN} {log.size} {root_of(log)}"
