"""Verification names what differs, counts what it read, and is content with what is in order."""

from pathlib import Path

import pytest

from tests.clones import insider
from tests.logs import ORIGIN, faults, is_named, newest, put_rows
from tests.world import START, World
from tir.log import growing, running
from tir.log.ledgers import ledgers
from tir.log.models import Checkpoint, Entry, Log, Pending
from tir.log.verifying import Verification, one_snapshot, unlogged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]
CHANGES = ("hashes || sha256('x')", "substr(hashes, 33)", "substr(hashes, 1, octet_length(hashes) - 32)")


def read(*kept: str) -> Verification:
    verification = Verification(kept)
    with one_snapshot():
        assert list(verification.faults()) == []
    return verification


class TestCounts:
    def test_what_was_read_and_what_waits(self, world: World) -> None:
        running.catch_up()
        waiting = Pending.objects.count()
        assert waiting == 0
        put_rows(3)

        verification = read()

        assert verification.entries == Entry.objects.count() > 20
        assert verification.pending == 3
        assert verification.oldest_pending == Pending.objects.earliest("since").since

    def test_a_log_that_never_began(self) -> None:
        assert read().entries == 0

    def test_an_empty_log(self) -> None:
        log = running.growing_log()
        Pending.objects.all().delete()
        with insider() as run:
            run("DELETE FROM log_administrativeact")

        assert read(log.checkpoints.get().note).entries == 0


class TestTails:
    """Beyond the last checkpoint, and up to it: neither too many nor too few."""

    @pytest.fixture(params=[1, 255, 256, 257, 300])
    def grown(self, request: pytest.FixtureRequest) -> int:
        put_rows(int(request.param) + 2)
        log = running.growing_log()
        step = growing.grow(log=log, signer=running.signer_of(ORIGIN), at=START, most=request.param)
        assert step.size == newest().size == request.param
        assert faults() == []
        return int(request.param)

    def test_an_entry_too_many_is_found(self, grown: int) -> None:
        with insider() as run:
            run(
                "INSERT INTO log_entry (log_id, index, kind, ref, salt, hash) SELECT (SELECT max(id) FROM log_log), %s,"
                " kind, ref, 'salt', hash FROM log_pending ORDER BY id LIMIT 1",
                grown,
            )

        assert is_named("1 entries are here that nobody signed", faults())

    def test_an_entry_too_few_is_found(self, grown: int) -> None:
        with insider() as run:
            run("DELETE FROM log_entry WHERE index = (SELECT max(index) FROM log_entry)")

        assert is_named(f"{grown:,} entries were signed, and {grown - 1:,} are here", faults())

    def test_a_hash_too_many_or_too_few_in_any_tile_is_found(self, grown: int) -> None:
        tiles = [(0, at) for at in range(-(-grown // 256))] + ([(1, 0)] if grown >= 256 else [])
        for level, index in tiles:
            place = f"level = {level} AND index = {index}"
            for change in (
                "hashes || sha256('x')",
                "substr(hashes, 33)",
                "substr(hashes, 1, octet_length(hashes) - 32)",
            ):
                with insider() as run:
                    ((kept,),) = run(f"SELECT hashes FROM log_tile WHERE {place}")
                    run(f"UPDATE log_tile SET hashes = {change} WHERE {place}")
                    assert is_named(f"tile {level}/{index}", faults()), (level, index, change)
                    run(f"UPDATE log_tile SET hashes = %s WHERE {place}", bytes(kept))
        assert faults() == []


class TestEntries:
    @pytest.fixture(autouse=True)
    def rows(self, heads: Path) -> None:
        put_rows(6)
        running.catch_up()

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ("salt = sha256('x')", "it does not say what was logged"),
            ("salt = ''", "it does not say what was logged"),
            ("salt = NULL", "its salt is gone, and nobody redacted it"),
            ("hash = sha256('x')", "it does not say what was logged"),
            ("ref = '0'", "the row is gone"),
            ("kind = 'notice'", "the row is gone"),
            ("kind = 'rumour'", "of no ledger"),
            ("index = 99", "is missing"),
        ],
    )
    def test_each_column_of_one_is_compared(self, change: str, named: str) -> None:
        with insider() as run:
            run(f"UPDATE log_entry SET {change} WHERE index = 3")

        assert is_named(named, faults())

    def test_two_that_changed_places_are_found(self) -> None:
        with insider() as run:
            for before, after in ((2, 900), (3, 2), (900, 3)):
                run(f"UPDATE log_entry SET index = {after} WHERE index = {before}")

        assert is_named("are not those that were signed", faults())

    def test_each_checkpoint_that_is_here_is_compared_with_the_entries(self) -> None:
        put_rows(1, "later")
        running.catch_up()
        earlier = Checkpoint.objects.filter(size__gt=0).earliest("pk")
        with insider() as run:
            run("UPDATE log_checkpoint SET root = sha256('x') WHERE id = %s", earlier.pk)

        found = faults()
        assert is_named(f"the first {earlier.size:,} entries are not those that were signed", found)
        assert is_named("or says something else", found)


class TestKept:
    def test_is_compared_with_the_entries_of_then(self, tmp_path: Path) -> None:
        put_rows(2)
        running.catch_up()
        kept = tmp_path / "kept"
        kept.write_text(newest().note)
        put_rows(2, "later")
        running.catch_up()
        assert faults(kept) == []

        kept.write_text(newest().note.replace(ORIGIN, "tir.example/other"))
        assert is_named("no such log is here", faults(kept))
        kept.write_text(newest().note.replace(f"\n{newest().size}\n", f"\n{newest().size - 1}\n", 1))
        assert is_named("not signed by the key", faults(kept))
        kept.write_text("nothing of the kind")
        assert is_named("not signed by the key", faults(kept))

    def test_of_a_log_that_is_gone_is_missed(self, tmp_path: Path) -> None:
        put_rows(2)
        running.catch_up()
        kept = tmp_path / "kept"
        kept.write_text(newest().note)
        growing.end(log=Log.objects.get(), head=running.head_of(ORIGIN), reason="a drill", at=START)
        running.catch_up()
        assert faults(kept) == []
        with insider() as run:
            for table in ("checkpoint", "entry", "tile"):
                run(f"DELETE FROM log_{table} WHERE log_id = (SELECT min(id) FROM log_log)")
            run("DELETE FROM log_log WHERE id = (SELECT min(id) FROM log_log)")

        assert is_named("no such log is here", faults(kept))


def test_a_row_past_the_log_is_found_in_every_ledger(world: World) -> None:
    """Whatever the ledger: a row that neither has an entry nor waits for one."""
    running.catch_up()
    filled = 0
    for ledger in ledgers().values():
        assert unlogged(ledger) == []
        with insider() as run:
            rows = run(f"SELECT {ledger.key}::text FROM {ledger.table}")
            run("DELETE FROM log_entry WHERE kind = %s", ledger.kind)
        assert sorted(unlogged(ledger)) == sorted(ref for (ref,) in rows)
        filled += bool(rows)
    assert filled >= 2
