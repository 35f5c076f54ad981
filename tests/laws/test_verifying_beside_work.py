"""Verifying while the work goes on is no false alarm: everything is read as of one moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection

from checkpoints.models import Stamp
from tests.logs import log_in
from tests.threads import PATIENCE
from tests.world import HOUR, START, World, in_order
from tir.log import running
from tir.log.models import Entry

pytestmark = pytest.mark.usefixtures("as_administrator")

CARNETS = 12
TIMES = 3


@contextmanager
def work_going_on(*works: Callable[[], None], ended: Event) -> Iterator[list[Exception]]:
    """Do each work on a connection of its own until the end of the block, and give what went wrong."""
    trouble: list[Exception] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=guarded, args=[work]) for work in works]
    for each in threads:
        each.start()
    try:
        yield trouble
    finally:
        ended.set()
        for each in threads:
            each.join(PATIENCE)


def stamping(world: World, ended: Event) -> Callable[[], None]:
    carnets = [world.issue() for _ in range(CARNETS)]
    pages = [(page, carnet) for page in range(1, 9) for carnet in carnets]

    def stamp() -> None:
        for page, carnet in pages:
            if not ended.is_set():
                world.stamp(carnet, page, START + page * 10 * HOUR, **in_order(carnet, page))

    return stamp


def growing(ended: Event) -> Callable[[], None]:
    def grow() -> None:
        while not ended.is_set():
            running.catch_up()

    return grow


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["verify", "verify_ledger"])
def test_is_no_false_alarm(world: World, tmp_path: Path, command: str) -> None:
    with log_in(tmp_path):
        running.catch_up()
        stamps, entries = [], []
        ended = Event()
        with work_going_on(stamping(world, ended), growing(ended), ended=ended) as trouble:
            for _ in range(TIMES):
                stamps.append(Stamp.objects.count())
                call_command(command, stdout=StringIO(), stderr=StringIO())
                entries.append(Entry.objects.count())
        assert trouble == []
        assert stamps[0] < Stamp.objects.count(), "nobody stamped meanwhile"
        assert entries[0] < Entry.objects.count(), "the log did not grow meanwhile"
        call_command(command, stdout=StringIO())
