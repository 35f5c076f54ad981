"""The copy outside the database: what it is compared with, and what a restored backup is told by."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.logs import ORIGIN, faults, is_named, newest, private_key, put_rows
from tests.world import START
from tir.log import feed, growing, running
from tir.log.errors import Forked, LogStopped, OutsideCopyMissing, RestoredFromBackup
from tir.log.head import Head
from tir.log.models import Entry, Log, Pending
from tir.log.notes import Signer, note_of, signers_of, verifier_of

pytestmark = pytest.mark.usefixtures("heads")


@pytest.mark.django_db
class TestHead:
    """The copy outside, in every state that an accident or a restored backup leaves it in."""

    @pytest.fixture
    def head(self) -> Head:
        put_rows(5)
        running.catch_up()
        return running.head_of(ORIGIN)

    def test_has_the_newest_checkpoint_as_it_was_signed(self, head: Head) -> None:
        known = head.read()
        assert known == newest().note
        verifier = verifier_of(Log.objects.get().key)
        assert signers_of(note_of(known.encode()), [verifier]) == [verifier]

    def test_that_is_gone_stops_the_log(self, head: Head) -> None:
        head.path.unlink()
        put_rows(1, "more")

        with pytest.raises(OutsideCopyMissing):
            running.catch_up()
        assert Pending.objects.count() == 1

    def test_that_is_behind_is_caught_up(self, head: Head) -> None:
        earlier = head.path.read_bytes()
        put_rows(4, "more")
        running.catch_up()
        head.path.write_bytes(earlier)

        put_rows(1, "still more")
        running.catch_up()

        assert head.read() == newest().note

    def test_that_is_ahead_stops_the_log(self, head: Head) -> None:
        """What a restored backup looks like from outside."""
        sign = Signer(ORIGIN, private_key("the log")).sign
        text = f"{ORIGIN}\n{newest().size + 1}\n{'A' * 43}=\n"
        head.path.write_text(f"{text}\n{sign(text).line}")
        put_rows(1, "more")

        with pytest.raises(RestoredFromBackup, match="restored from a backup"):
            running.catch_up()

    def test_that_says_another_root_stops_the_log(self, head: Head) -> None:
        sign = Signer(ORIGIN, private_key("the log")).sign
        text = f"{ORIGIN}\n{newest().size}\n{'A' * 43}=\n"
        head.path.write_text(f"{text}\n{sign(text).line}")

        with pytest.raises(Forked, match="not those that were signed"):
            running.catch_up()

    @pytest.mark.parametrize("origin", ["tir.example/other", "tir.example/lo"])
    def test_of_another_log_stops_the_log(self, head: Head, origin: str) -> None:
        sign = Signer(ORIGIN, private_key("the log")).sign
        text = f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        head.path.write_text(f"{text}\n{sign(text).line}")

        with pytest.raises(Forked, match=origin):
            running.catch_up()

    def test_with_any_bit_flipped_stops_the_log(self, head: Head) -> None:
        whole, log = head.path.read_bytes(), Log.objects.get()
        growing.ensure_ours(log, head)
        for at in range(len(whole)):
            for bit in range(8):
                flipped = bytearray(whole)
                flipped[at] ^= 1 << bit
                head.path.write_bytes(flipped)
                with pytest.raises(LogStopped):
                    growing.ensure_ours(log, head)

    def test_changes_only_from_what_it_was(self, head: Head) -> None:
        known = head.read()
        head.replace(known, "one")
        with pytest.raises(Forked):
            head.replace(known, "two")
        assert head.read() == "one"


@pytest.mark.django_db
class TestRestoredBackup:
    @pytest.fixture
    def restored(self, tmp_path: Path) -> Path:
        """Yesterday's database, after another day was signed and seen; return today's checkpoint as it was kept."""
        put_rows(6)
        running.catch_up()
        undone = transaction.savepoint()
        put_rows(4, "today")
        running.catch_up()
        kept = tmp_path / "kept"
        kept.write_text(newest().note)
        transaction.savepoint_rollback(undone)
        return kept

    def test_refuses_to_go_on(self, restored: Path) -> None:
        put_rows(3, "again")

        with pytest.raises(RestoredFromBackup, match="log end"):
            running.catch_up()
        assert Pending.objects.count() == 3
        assert is_named("not so many are here", faults(restored))

    def test_begins_a_second_log_once_the_first_is_ended(self, restored: Path, tmp_path: Path) -> None:
        first, yesterday = Log.objects.get(), tmp_path / "yesterday"
        yesterday.write_text(newest().note)
        growing.end(log=first, head=running.head_of(ORIGIN), reason="restored from a backup", at=START)
        put_rows(3, "again")

        running.catch_up()

        second = Log.objects.latest("pk")
        assert (first.origin, second.origin) == (ORIGIN, f"{ORIGIN}-2")
        assert Entry.objects.filter(log=second).count() == newest(second).size >= 3
        assert faults(yesterday) == [], "what was signed stays good"

    def test_can_be_restored_twice(self, restored: Path) -> None:
        """The second time its next name was seen outside already: it takes the one after."""
        undone = transaction.savepoint()
        growing.end(
            log=Log.objects.get(), head=running.head_of(ORIGIN), reason="restored from a backup", at=START
        )
        running.catch_up()
        transaction.savepoint_rollback(undone)

        growing.end(
            log=Log.objects.get(), head=running.head_of(ORIGIN), reason="restored once more", at=START
        )
        running.catch_up()

        assert Log.objects.latest("pk").origin == f"{ORIGIN}-3"
        assert faults() == []


def rows_in_the_feed(after: int) -> int:
    """Return how many rows a reader of the ended log gets who has read so many of its entries."""
    return len(feed.read("key", after=after, origin=ORIGIN).refs)


@pytest.mark.django_db
class TestEnding:
    """What has its place when a log ends is in no other log: whoever reads by index finds it in this one."""

    @pytest.fixture
    def log(self) -> Log:
        """A log with three entries that were committed, and not published before the process died."""
        put_rows(5)
        running.catch_up()
        put_rows(3, "more")
        log = Log.objects.get()
        growing.grow(log=log, signer=running.signer_of(ORIGIN), at=START)
        return log

    def end(self) -> None:
        call_command("log", "end", reason="a drill", stdout=StringIO())

    def test_shows_what_was_committed_and_not_published(self, log: Log) -> None:
        read = log.size
        assert rows_in_the_feed(read) == 0
        self.end()
        running.catch_up()

        assert (rows_in_the_feed(read), Log.objects.get(pk=log.pk).size) == (3, read + 3)
        assert running.head_of(ORIGIN).read() == newest(log).note
        assert faults() == []

    def test_of_a_restored_backup_shows_what_stood_in_it(self, log: Log) -> None:
        """The backup was taken between the two steps; the copy outside went on and stays as it is."""
        undone = transaction.savepoint()
        put_rows(4, "after the backup")
        running.catch_up()
        seen = running.head_of(ORIGIN).read()
        transaction.savepoint_rollback(undone)
        with pytest.raises(RestoredFromBackup):
            running.catch_up()

        self.end()
        running.catch_up()
        assert rows_in_the_feed(log.size) == 3
        assert running.head_of(ORIGIN).read() == seen
        assert faults() == []

    def test_refuses_where_that_would_show_two_logs(self, log: Log) -> None:
        head = running.head_of(ORIGIN)
        text = f"{ORIGIN}\n{log.size}\n{'A' * 43}=\n"
        head.path.write_text(f"{text}\n{Signer(ORIGIN, private_key('the log')).sign(text).line}")
        with pytest.raises(CommandError, match="3 entries have their place here and were never published"):
            self.end()
        assert Log.objects.get().ended_at is None

        head.path.rename(head.path.with_name("kept"))
        self.end()
        assert rows_in_the_feed(log.size) == 3

    def test_is_never_refused_where_all_is_published(self, log: Log) -> None:
        head = running.head_of(ORIGIN)
        growing.publish(log, head, START)
        head.path.write_text("nonsense")
        self.end()

        assert Log.objects.get().ended_at is not None
        with pytest.raises(CommandError, match="No log grows here"):
            self.end()
