"""The worked witness of the documentation, against a live server: on a log that grows, and on one that was forked."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from pytest_django.live_server_helper import LiveServer

from tests.growing import Grow
from tir.kernel.clock import now
from tir.log import running
from tir.log.growing import begin
from tir.log.keys import signer_of
from tir.log.models import AdministrativeAct, Checkpoint, Cosignature, Entry, Log, Tile

WITNESS = project.BASE_DIR / "docs" / "examples" / "witness.py"


def act(ref: str) -> None:
    AdministrativeAct.objects.create(noun="office", ref=ref, verb="note", content={}, at=now())


class Witness:
    """Somebody who runs the file from cron."""

    def __init__(self, server: LiveServer, log: Log, file: Path) -> None:
        self.address, self.key, self.file = f"{server.url}/api/v1/log", log.key, file

    def run(self, key: str = "") -> Any:
        command = [sys.executable, str(WITNESS), self.address, key or self.key, str(self.file)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def kept(self) -> int:
        return int(self.file.read_text().split("\n")[1])


@pytest.fixture
def witness(live_server: LiveServer, grow: Grow, tmp_path: Path) -> Witness:
    for number in range(5):
        act(str(number))
    return Witness(live_server, grow(), tmp_path / "kept")


def test_keeps_what_grew(witness: Witness, grow: Grow) -> None:
    first = witness.run()
    assert (first.returncode, first.stderr) == (0, "")
    before = witness.kept()
    for number in range(300):
        act(str(number))
    log = grow()

    again = witness.run()
    assert (again.returncode, again.stderr) == (0, "")
    assert before < witness.kept() == log.size
    assert witness.run().returncode == 0, "the same once more"


def test_cries_out_where_the_log_was_forked(
    witness: Witness, grow: Grow, settings: Any, tmp_path: Path
) -> None:
    """The node's own people, with its key, put other entries in the place of those that were signed."""
    assert witness.run().returncode == 0
    kept = witness.file.read_text()
    log = Log.objects.get()
    for model in (Cosignature, Checkpoint, Entry, Tile, Log):
        model.objects.all().delete()
    settings.TIR_LOG_HEADS = tmp_path / "other-heads"
    head = running.head_of(log.origin)
    begin(
        origin=log.origin,
        signer=signer_of(log.origin),
        head=head,
        at=now(),
    )
    for number in range(20):
        act(f"another {number}")
    assert grow().size >= witness.kept()

    forked = witness.run()
    assert forked.returncode == 1
    assert "THE LOG DOES NOT HOLD" in forked.stderr
    assert witness.file.read_text() == kept, "the proof is not written over"
    assert Path(f"{witness.file}.refused").read_text() != kept


def test_cries_out_where_the_log_is_shorter(witness: Witness, grow: Grow) -> None:
    assert witness.run().returncode == 0
    early = Checkpoint.objects.order_by("pk")[0]
    for newer in Checkpoint.objects.exclude(pk=early.pk):
        newer.delete()

    shorter = witness.run()
    assert (shorter.returncode, early.size) == (1, 0)
    assert f"it had {witness.kept()} entries, and now has 0" in shorter.stderr


def test_demands_the_signature_of_the_key_that_it_was_given(witness: Witness) -> None:
    other = f"{witness.key[:-6]}{'AAAAA='}"

    assert witness.run(other).returncode == 1
    assert not witness.file.exists()
    assert witness.run().returncode == 0


def test_knows_nothing_without_an_answer(witness: Witness) -> None:
    address, witness.address = witness.address, "http://127.0.0.1:9/api/v1/log"
    assert witness.run().returncode == 2
    witness.address = address
    assert witness.run().returncode == 0
