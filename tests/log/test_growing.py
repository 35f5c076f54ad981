"""How the log grows: contiguous, nothing skipped, nothing taken back, and never in two ways."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.clones import insider
from tests.logs import ORIGIN, faults, newest, put_rows
from tests.threads import at_once, raised, returned
from tests.world import START
from tir.kernel.bulk import Writes
from tir.log import growing, running
from tir.log.entries import content_hash
from tir.log.errors import Forked, LogStopped
from tir.log.head import Head
from tir.log.ledgers import contents
from tir.log.models import Checkpoint, Entry, Log, Pending, Tile, VerifierKey
from tir.log.stored import Growth

pytestmark = pytest.mark.usefixtures("heads")
HOUR = timedelta(hours=1)


def places() -> list[tuple[int, str]]:
    return list(Entry.objects.order_by("index").values_list("index", "ref"))


def step(log: Log, **said: object) -> growing.Grown:
    """Let it grow by one step and publish."""
    at = said.pop("at", START)
    grown = growing.grow(log=log, signer=running.signer_of(log.origin), at=at, **said)  # type: ignore[arg-type]
    growing.publish(log, running.head_of(log.origin), at)  # type: ignore[arg-type]
    return grown


@pytest.mark.django_db
class TestGrowing:
    def test_gives_every_row_its_place_without_a_gap(self) -> None:
        put_rows(7)
        running.catch_up()
        put_rows(300, "more")
        running.catch_up()

        found = places()
        assert [index for index, _ref in found] == list(range(len(found)))
        assert {ref for _index, ref in found} >= {
            str(pk) for pk in VerifierKey.objects.values_list("pk", flat=True)
        }
        assert not Pending.objects.exists()
        assert newest().size == len(found) == Log.objects.get().size
        assert faults() == []

    def test_goes_on_in_steps_of_any_size(self) -> None:
        """Whatever is taken at once, the tree is the same; that the log began waits behind."""
        put_rows(9)
        log = running.growing_log()
        for most in (1, 2, 1, 3, 2):
            step(log, most=most)

        assert newest().size == 9
        assert Checkpoint.objects.count() == 1 + 5
        assert faults() == []

    def test_takes_nothing_where_nothing_waits(self) -> None:
        running.catch_up()
        before = Checkpoint.objects.count()

        assert running.catch_up().entries == 0
        assert Checkpoint.objects.count() == before

    def test_is_signed_anew_after_an_hour_of_nothing(self) -> None:
        put_rows(3)
        log = running.growing_log()
        step(log)
        signed = newest()

        step(log, at=START + HOUR - timedelta(seconds=1))
        assert newest().pk == signed.pk
        step(log, at=START + HOUR)

        assert newest().pk != signed.pk
        assert (newest().size, bytes(newest().root)) == (signed.size, bytes(signed.root))
        assert newest().published_at == START + HOUR

    def test_sets_a_flipped_bit_aside_by_name_and_goes_on(self) -> None:
        put_rows(3)
        (wrong,) = VerifierKey.objects.filter(text="row 1").values_list("pk", flat=True)
        with insider() as run:
            run(f"UPDATE log_publickey SET text = 'row 9' WHERE id = {wrong}")

        grown = running.catch_up()

        assert grown.faults == (f"key {wrong}: {growing.DIFFERS}",)
        assert str(wrong) not in [ref for _index, ref in places()]
        assert Pending.objects.get().fault == growing.DIFFERS
        assert [index for index, _ref in places()] == list(range(Entry.objects.count()))
        assert faults() == [
            f"key {wrong} (entry {Pending.objects.get().pk}): it does not say what was logged"
        ]

    @pytest.mark.parametrize(
        ("statement", "fault"),
        [
            ("DELETE FROM log_publickey WHERE text = 'row 1'", growing.GONE),
            ("UPDATE log_pending SET kind = 'rumour' WHERE ref = (SELECT id::text FROM log_publickey WHERE text = "
             "'row 1')", growing.UNKNOWN),
            ("UPDATE log_pending SET hash = sha256('x') WHERE ref = (SELECT id::text FROM log_publickey WHERE text = "
             "'row 1')", growing.DIFFERS),
        ],
    )  # fmt: skip
    def test_says_why_an_entry_is_set_aside(self, statement: str, fault: str) -> None:
        put_rows(3)
        with insider() as run:
            run(statement)

        assert [each.partition(": ")[2] for each in running.catch_up().faults] == [fault]
        assert Entry.objects.filter(kind="key").exists(), "the others went on"

    def test_sets_a_row_that_is_logged_already_aside(self) -> None:
        """A second entry of one row would stop the log for good if it were tried again and again."""
        put_rows(3)
        running.catch_up()
        entry = Entry.objects.filter(kind="key").first()
        assert entry
        for _twice in range(2):
            (content,) = contents(entry.kind, [entry.ref]).values()
            hashed = content_hash(entry.kind, content)
            Pending.objects.create(kind=entry.kind, ref=entry.ref, hash=hashed, since=START)
        put_rows(1, "later")

        grown = running.catch_up()

        assert [fault.partition(": ")[2] for fault in grown.faults] == [growing.LOGGED] * 2
        assert grown.entries == 1
        assert Entry.objects.filter(kind=entry.kind, ref=entry.ref).count() == 1

    def test_gives_every_entry_a_salt_of_its_own_so_that_nobody_can_guess_what_it_says(self) -> None:
        put_rows(200)
        guesses = {bytes(each.hash) for each in Pending.objects.all()}
        running.catch_up()
        placed = Entry.objects.filter(kind="key")

        salts = [bytes(each.salt or b"") for each in placed]
        assert {len(salt) for salt in salts} == {16}
        assert len(set(salts)) == len(salts) >= 200
        assert len(guesses & {bytes(each.hash) for each in placed}) == 0 < len(guesses)

    def test_refuses_where_the_tree_is_not_the_one_that_was_signed(self) -> None:
        put_rows(5)
        running.catch_up()
        Tile.objects.update(hashes=b"\x00" * 32 * Entry.objects.count())
        put_rows(1, "more")

        with pytest.raises(Forked):
            running.catch_up()

    def test_is_over_once_the_log_is_ended(self) -> None:
        put_rows(2)
        log = running.growing_log()
        step(log)
        growing.end(log=log, head=running.head_of(ORIGIN), reason="a drill", at=START)
        put_rows(1, "more")

        with pytest.raises(LogStopped, match="a drill"):
            step(log)


class Killed(BaseException):
    """As if the process were gone: nothing catches it."""


@pytest.mark.django_db(transaction=True)
class TestCrashing:
    """Between any two of the three steps: the next run goes on, and nothing that was seen outside is taken back."""

    @pytest.mark.parametrize(
        "broken",
        [
            (Growth, "write"),
            (Writes, "send"),
            (growing, "_sign"),
            (Head, "replace"),
            (Head, "read"),
            (Checkpoint.objects, "filter"),
        ],
        ids=["tiles", "entries", "checkpoint", "copy outside", "copy outside read", "published"],
    )
    def test_leaves_nothing_that_does_not_go_on(
        self, broken: tuple[object, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_rows(5)
        running.catch_up()
        seen = running.head_of(ORIGIN).read()
        size = newest().size
        put_rows(3, "more")
        log = Log.objects.get()

        with monkeypatch.context() as patched:
            patched.setattr(*broken, killed)
            with pytest.raises(Killed):
                step(log)

        assert (running.head_of(ORIGIN).read() == seen) or newest().size == size + 3
        assert Entry.objects.count() == Checkpoint.objects.latest("pk").size
        assert Entry.objects.count() + Pending.objects.count() == size + 3
        running.catch_up()
        assert (Entry.objects.count(), newest().size, Log.objects.get().size) == (size + 3,) * 3
        assert running.head_of(ORIGIN).read() == newest().note
        assert faults() == []

    def test_that_published_nothing_of_a_step_shows_nothing_of_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_rows(5)
        running.catch_up()
        size = newest().size
        put_rows(3, "more")
        log = Log.objects.get()

        with monkeypatch.context() as patched:
            patched.setattr(Head, "replace", killed)
            with pytest.raises(Killed):
                step(log)

        assert Log.objects.get().size == size
        assert newest().published_at is None


def killed(*_args: object, **_options: object) -> None:
    raise Killed


@pytest.mark.django_db(transaction=True)
class TestLateCommits:
    def test_are_not_skipped(self) -> None:
        """The row that came first commits last: its neighbour has its place long before."""
        put_rows(1)
        running.catch_up()

        def early() -> None:
            with transaction.atomic():
                put_rows(1, "early")
                at_once(late)
                assert not Entry.objects.filter(ref=pk_of("early 0")).exists()

        def late() -> None:
            put_rows(1, "late")
            running.catch_up()

        assert raised(at_once(early)) == []
        running.catch_up()

        (first,), (second,) = place_of("late 0"), place_of("early 0")
        assert first < second
        assert VerifierKey.objects.get(text="early 0").pk < VerifierKey.objects.get(text="late 0").pk
        assert not Pending.objects.exists()

    def test_an_act_that_is_rolled_back_leaves_nothing(self) -> None:
        with transaction.atomic():
            put_rows(2, "undone")
            assert Pending.objects.count() == 2
            transaction.set_rollback(True)
        put_rows(1, "done")

        assert list(Pending.objects.values_list("ref", flat=True)) == [pk_of("done 0")]


def pk_of(text: str) -> str:
    return str(VerifierKey.objects.get(text=text).pk)


def place_of(text: str) -> list[int]:
    return list(Entry.objects.filter(kind="key", ref=pk_of(text)).values_list("index", flat=True))


@pytest.mark.django_db(transaction=True)
class TestTwoSequencers:
    def test_never_give_a_place_twice(self) -> None:
        put_rows(200)
        running.catch_up()
        put_rows(200, "more")

        results = at_once(*[running.catch_up] * 3)

        assert raised(results) == []
        assert sum(grown.entries for grown in returned(results)) == 200
        assert sorted(grown.entries for grown in returned(results))[:2] == [0, 0], (
            "one grows, the others wait"
        )
        assert faults() == []

    @pytest.mark.parametrize("sequencers", [2, 4])
    def test_never_sign_two_trees_even_without_the_lock(
        self, sequencers: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An advisory lock is lost with its connection, and behind a pooler it locks nothing: the log's row and the
        copy outside are what forbids a fork."""
        put_rows(50)
        running.catch_up()
        put_rows(60, "more")
        log = Log.objects.get()

        def steps() -> int:
            taken = 0
            for _ in range(12):
                with suppress(Forked):  # the other one was quicker to tell the copy outside
                    taken += step(log, most=10).entries
            return taken

        results = at_once(*[steps] * sequencers)

        assert raised(results) == []
        assert Entry.objects.count() + Pending.objects.count() == newest().size
        assert [index for index, _ref in places()] == list(range(newest().size))
        by_size: dict[int, set[bytes]] = {}
        for size, root in Checkpoint.objects.values_list("size", "root"):
            by_size.setdefault(size, set()).add(bytes(root))
        assert all(len(roots) == 1 for roots in by_size.values())
        running.catch_up()
        assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_readers_see_a_whole_step_or_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries, tiles and checkpoint come together: another connection looks just before the commit."""
    put_rows(5)
    running.catch_up()
    size = newest().size
    put_rows(3, "more")
    sign: Callable[..., Checkpoint] = growing._sign
    looked: list[object] = []

    def look() -> tuple[int, int, int]:
        hashes = bytes(Tile.objects.get(level=0, index=0).hashes)
        return newest().size, Entry.objects.count(), len(hashes) // 32

    def signed(*args: object) -> Checkpoint:
        made = sign(*args)
        looked.extend(at_once(look))
        return made

    monkeypatch.setattr(growing, "_sign", signed)
    running.catch_up()
    connection.close()

    assert looked[0] == (size, size, size)
    assert look() == (size + 3, size + 3, size + 3)
