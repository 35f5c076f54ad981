"""The sequencer as a whole: what is pending gets its place, and the log is verified and written out."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.world import World
from tir.log.models import Entry, Log, Pending

VERIFY = Path(__file__).resolve().parents[2] / "docs" / "verify.py"


@pytest.mark.django_db
def test_a_journey_is_in_the_log_and_everything_holds(world: World, heads: Path, tmp_path: Path) -> None:
    world.travel(world.issue(), upto=4)
    assert Pending.objects.filter(kind="stamp").count() == 4

    call_command("log", "catch-up")

    assert not Pending.objects.exists()
    assert Entry.objects.filter(kind="stamp").count() == 4
    assert Log.objects.get().size == Entry.objects.count()
    call_command("verify")
    call_command("log", "export", str(tmp_path / "export"))
    done = subprocess.run(
        [sys.executable, VERIFY, tmp_path / "export"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
