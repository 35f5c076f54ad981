"""The sequencer's process, killed again and again while rows go on record: it goes on, and what was seen stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.databases import environment_of
from tests.logs import ORIGIN, faults, newest, put_rows
from tir.laptop.processes import wait_until
from tir.log import running
from tir.log.models import Entry, Pending

KILLS = 6 if "NIGHT" in os.environ else 2


@pytest.mark.django_db(transaction=True)
def test_a_killed_sequencer_goes_on(heads: Path, tmp_path: Path) -> None:
    running.catch_up()
    kept: list[Path] = []
    for kill in range(KILLS):
        grows_from = Entry.objects.count()
        process = sequencer(heads)
        try:
            for some in range(60):
                put_rows(20, f"{kill}/{some}")
                if Entry.objects.count() > grows_from and some > 5 * kill:
                    break
                time.sleep(0.05)
            assert wait_until(lambda size=grows_from: Entry.objects.count() > size, seconds=30)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        kept.append(tmp_path / f"kept-{kill}")
        kept[-1].write_bytes(running.head_of(ORIGIN).path.read_bytes())

    running.catch_up()

    assert not Pending.objects.exists()
    assert newest().size == Entry.objects.count() > 20 * KILLS
    assert faults(*kept) == []


def sequencer(heads: Path) -> "subprocess.Popen[bytes]":
    environment = {
        **environment_of(str(connection.settings_dict["NAME"]), "LOG"),
        "TIR_LOG_KEY": str(settings.TIR_LOG_KEY),
        "TIR_LOG_HEADS": str(heads),
        "TIR_LOG_ORIGIN": ORIGIN,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "log", "run"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
