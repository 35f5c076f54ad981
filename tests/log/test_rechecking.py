"""What is checked again all day: in a day all of it, each fault kept once, and nothing comes on record by looking."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.clones import insider
from tests.logs import newest, put_rows
from tests.world import START
from tir.log import running
from tir.log.models import Entry, Fault, Log, Pending, Tile, VerifierKey
from tir.log.rechecking import PARTS, recheck

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("heads")]
MIDNIGHT = START.replace(hour=0, minute=0)


@pytest.fixture
def log(heads: Path) -> Log:
    put_rows(20)
    running.catch_up()
    return Log.objects.get()


def day_of(log: Log) -> list[str]:
    """Check it for a day, and return what was found."""
    return [
        fault
        for part in range(PARTS)
        for fault in recheck(log=log, at=MIDNIGHT + part * timedelta(minutes=1))
    ]


class TestRechecking:
    def test_puts_nothing_on_record(self, log: Log) -> None:
        """A log that grew by being looked at would never be idle."""
        assert recheck(log=log, at=START) == []

        assert not Pending.objects.exists()
        assert running.catch_up().entries == 0

    def test_finds_in_a_day_what_was_edited(self, log: Log) -> None:
        edited = VerifierKey.objects.get(text="row 7")
        with insider() as run:
            run(f"UPDATE log_publickey SET purpose = 'changed' WHERE id = {edited.pk}")
        index = Entry.objects.get(kind="key", ref=str(edited.pk)).index

        (fault,) = day_of(log)
        assert fault == f"key {edited.pk} (entry {index}): it does not say what was logged"
        assert [str(each) for each in Fault.objects.all()] == [fault]
        recheck(log=log, at=MIDNIGHT + timedelta(minutes=PARTS * (index + 1) // newest().size - 1))
        assert Fault.objects.count() == 1

    def test_finds_at_once_that_the_tiles_are_others(self, log: Log) -> None:
        assert recheck(log=log, at=MIDNIGHT) == []
        Tile.objects.update(hashes=b"\x00" * 32 * newest().size)

        assert "the tiles are not those of its checkpoint" in recheck(log=log, at=MIDNIGHT)[0]
