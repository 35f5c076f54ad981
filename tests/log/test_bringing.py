"""What is brought to our witnesses over HTTP, and what becomes of each of their answers (c2sp.org/tlog-witness)."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from structlog.testing import capture_logs

from tests.logs import ORIGIN, newest, private_key, put_rows
from tests.world import START
from tir.log import running
from tir.log.bringing import bring_to_witnesses
from tir.log.checkpoints import COSIGNATURE, cosign, tree_head_of
from tir.log.errors import RestoredFromBackup
from tir.log.models import Checkpoint, Cosignature, Fault, Log, Pending, Witness
from tir.log.notes import Signer
from tir.log.tree import is_consistent
from tir.log.witnessing import submission_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]


class Beyond:
    """A witness of its own, as the specification has it: it keeps one size and one root, and counts who asks."""

    def __init__(self, name: str) -> None:
        self.signer = Signer(name, private_key(name))
        self.size, self.root, self.url = 0, b"", ""
        self.asked_from: list[int] = []
        self.answers: list[tuple[int, str]] = []  # said next, whatever is right

    def answer(self, body: bytes) -> tuple[int, str]:
        brought = submission_of(body)
        claimed = tree_head_of(brought.note.text)
        self.asked_from.append(brought.old)
        if self.answers:
            return self.answers.pop(0)
        if brought.old > claimed.size:
            return 400, ""
        if brought.old != self.size:
            return 409, f"{self.size}\n"
        if self.size and not is_consistent(self.size, claimed.size, brought.proof, self.root, claimed.root):
            return 422, ""
        self.size, self.root = claimed.size, claimed.root
        return 200, cosign(self.signer, brought.note.text, START).line


@contextmanager
def served(name: str) -> Iterator[Beyond]:
    beyond = Beyond(name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = beyond.answer(said) if self.path == "/w/add-checkpoint" else (404, "")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    beyond.url = f"http://127.0.0.1:{server.server_address[1]}/w/"
    try:
        yield beyond
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def beyond() -> Iterator[Beyond]:
    """A witness that is registered here with its address."""
    with served("witness.example") as found:
        call_command(
            "log", "witness", "add", str(found.signer.verifier(COSIGNATURE)), url=found.url, stdout=StringIO()
        )
        yield found


@pytest.fixture
def log(beyond: Beyond) -> Log:
    put_rows(5)
    running.catch_up()
    return Log.objects.get()


def bring(log: Log, **said: bool) -> list[str]:
    """Bring the newest checkpoint, and return what went into the log of events."""
    with capture_logs() as said_meanwhile:
        bring_to_witnesses(log, START, **said)
    return [each["event"] for each in said_meanwhile]


def status() -> str:
    said = StringIO()
    call_command("log", "status", stdout=said)
    return said.getvalue()


def begun_by_another(size: int) -> None:
    """Have the database forget how much the witness saw of our log."""
    Witness.objects.update(size=size)


class TestAnAnswer:
    def test_with_a_signature_is_kept(self, log: Log, beyond: Beyond) -> None:
        assert bring(log) == []
        assert bring(log) == [], "what is signed is not brought again"

        assert beyond.asked_from == [0]
        assert beyond.signer.name in Cosignature.objects.get(checkpoint=newest()).line
        assert Witness.objects.get().size == beyond.size == log.size

    @pytest.mark.parametrize("believed", [0, 3])
    def test_409_with_less_or_as_much_is_where_the_proof_begins(
        self, log: Log, beyond: Beyond, believed: int
    ) -> None:
        bring(log)
        size = log.size
        put_rows(7, "more")
        running.catch_up()
        Witness.objects.update(size=believed)

        assert bring(log) == []
        assert beyond.asked_from == [0, believed, size]
        assert newest().cosignatures.count() == 1
        assert beyond.size == newest().size == size + 7

    def test_409_of_just_this_size_is_no_trouble(self, log: Log, beyond: Beyond) -> None:
        bring(log)
        Cosignature.objects.all().delete()
        Witness.objects.update(size=2)

        assert bring(log) == []
        assert beyond.asked_from == [0, 2, log.size]
        assert newest().cosignatures.count() == 1

    def test_409_with_more_is_an_alarm_that_status_shows(self, log: Log, beyond: Beyond) -> None:
        assert "seen" not in status()
        beyond.answers = [(409, f"{log.size + 1}\n")]
        with pytest.raises(RestoredFromBackup, match="restored from a backup"):
            bring(log)
        for _again in range(2):
            beyond.answers = [(409, f"{log.size + 1}\n")]
            with pytest.raises(RestoredFromBackup):
                bring(log)

        (line,) = [line for line in status().splitlines() if "has seen" in line]
        assert f"seen {log.size + 1} entries, and {log.size} are here" in line
        assert line.endswith("The witness is witness.example.")
        assert not Cosignature.objects.exists()
        assert bring(log) == []

    def test_409_is_asked_about_so_often_and_no_more(self, log: Log, beyond: Beyond) -> None:
        beyond.answers = [(409, "1\n"), (409, "2\n"), (409, "3\n"), (409, "4\n")]

        assert bring(log) == ["a witness does not answer"]
        assert beyond.asked_from == [0, 1, 2]
        assert not Fault.objects.exists()

    @pytest.mark.parametrize("body", ["", "many\n", "-1\n", "+1\n", "1_0\n", "01\n"])
    def test_409_without_a_size_is_none(self, log: Log, beyond: Beyond, body: str) -> None:
        beyond.answers = [(409, body)]

        assert bring(log) == ["a witness does not answer"]
        assert bring(log) == []

    def test_422_is_kept_as_a_fault_and_stops_nothing(self, log: Log, beyond: Beyond) -> None:
        bring(log)
        put_rows(1, "more")
        running.catch_up()
        beyond.root = bytes(32)

        assert bring(log) == ["a witness refuses"]
        assert "did not grow out of: witness.example." in status()

    @pytest.mark.parametrize("code", [403, 404, 500])
    def test_of_another_refusal_is_told_with_its_status(self, log: Log, beyond: Beyond, code: int) -> None:
        beyond.answers = [(code, "")]

        assert bring(log) == ["a witness refuses"]
        assert not Fault.objects.exists()
        assert bring(log) == []


class TestSeveral:
    def test_are_all_asked_though_one_has_seen_more_and_one_is_away(self, log: Log, beyond: Beyond) -> None:
        beyond.answers = [(409, "99\n")]
        with served("second.example") as second:
            for url, name in (("http://127.0.0.1:9/", "away.example"), (second.url, "second.example")):
                key = Signer(name, private_key(name)).verifier(COSIGNATURE)
                call_command("log", "witness", "add", str(key), url=url, stdout=StringIO())
            with capture_logs() as said, pytest.raises(RestoredFromBackup):
                bring_to_witnesses(log, START)

        assert [each["event"] for each in said] == ["a witness does not answer"]
        assert [each.witness.name for each in newest().cosignatures.all()] == ["second.example"]


class TestALogThatWasEnded:
    def test_is_followed_by_one_of_which_the_witness_saw_nothing(self, log: Log, beyond: Beyond) -> None:
        bring(log)
        call_command("log", "end", reason="a drill", stdout=StringIO())
        running.catch_up()
        beyond.size, beyond.root = 0, b""  # another origin: it saw nothing of that
        second = Log.objects.latest("pk")

        assert second.size < log.size
        assert bring(second) == []
        assert newest(second).cosignatures.count() == 1


class TestTheProcess:
    """It asks before it signs: a backup that took the copy outside along is told by the witnesses alone."""

    @pytest.mark.parametrize("is_restored", [True, False])
    def test_signs_nothing_that_a_witness_could_contradict(
        self, log: Log, beyond: Beyond, *, is_restored: bool
    ) -> None:
        bring(log)
        head, undone = running.head_of(ORIGIN), transaction.savepoint()
        before = head.path.read_bytes()
        put_rows(4, "seen by the witness")
        running.catch_up()
        bring(log)
        if is_restored:
            transaction.savepoint_rollback(undone)
            head.path.write_bytes(before)
        put_rows(2, "again")
        signed = Checkpoint.objects.count()
        steps = iter([False, False])
        with capture_logs() as said:
            running.run(is_to_end=lambda: next(steps, True))

        stands = [each["why"] for each in said if each["event"] == "the log stands still"]
        assert bool(stands) == is_restored
        assert Checkpoint.objects.count() == signed + (not is_restored)
        assert Pending.objects.count() == (2 if is_restored else 0)
        assert ("restored from a backup" in status()) == is_restored
