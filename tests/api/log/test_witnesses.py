"""We as a witness of another node's log, by the statuses of c2sp.org/tlog-witness; and witnesses of ours."""

from base64 import b64decode
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from tests.api.calls import API, problem
from tests.api.conftest import Person
from tests.growing import Grow
from tests.log.test_tree import Grown, entries
from tests.threads import at_once, returned
from tir.accounts.models import Role
from tir.kernel.clock import now
from tir.keys import make_log_key
from tir.log.checkpoints import COSIGNATURE, TreeHead, cosign, cosigned_at, tree_head_of
from tir.log.models import AdministrativeAct, Cosignature, Log, WatchedLog, Witness
from tir.log.notes import Note, Signer, note_of, verifier_of
from tir.log.tree import NO_ENTRIES, consistency_proof, is_consistent, is_included, leaf_hash
from tir.log.witnessing import Submission

ADD = f"{API}/log/add-checkpoint"
HAND_IN = f"{API}/log/cosignatures"
OTHER = Signer("kz.example/log", Ed25519PrivateKey.generate())
GROWN = Grown(entries(20))
Bring = Callable[..., Any]
pytestmark = pytest.mark.usefixtures(
    "log_grows"
)  # logs to watch and witnesses are named by a command, as the worker


@pytest.fixture
def witness(db: None, settings: Any, tmp_path: Path) -> Signer:
    """This node as a witness of the other's log."""
    settings.TIR_WITNESS_KEY, settings.TIR_WITNESS_NAME = make_log_key(tmp_path / "witness.pem"), "cn.example"
    call_command("log", "watch", "add", str(OTHER.verifier()), stdout=StringIO())
    key = load_pem_private_key(settings.TIR_WITNESS_KEY.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return Signer("cn.example", key)


def submission(
    old: int, size: int, *, by: Signer = OTHER, root: bytes | None = None, proof: Any = None
) -> Submission:
    """Return what the other node brings: by default all is well with it."""
    text = TreeHead(OTHER.name, size, GROWN.roots[size] if root is None else root).text
    path = consistency_proof(old, size, GROWN.subtree) if 0 < old < size else []
    return Submission(old, tuple(path if proof is None else proof), Note(text, (by.sign(text),)))


def bring(said: object, client: APIClient | None = None) -> Any:
    return (client or APIClient()).post(ADD, str(said).encode(), content_type="text/plain")


class TestAWitness:
    def test_signs_what_grew(self, witness: Signer) -> None:
        first, then = submission(0, 5), submission(5, 13)
        answers = [bring(first), bring(then)]

        for answer, said in zip(answers, (first, then), strict=True):
            assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
            (line,) = note_of(f"{said.note.text}\n".encode() + answer.content).signatures
            assert cosigned_at(witness.verifier(COSIGNATURE), said.note.text, line) is not None
        assert WatchedLog.objects.get().size == 13

    def test_answers_the_size_that_it_saw_last(self, witness: Signer) -> None:
        assert bring(submission(0, 5)).status_code == 200
        answer = bring(submission(4, 13))

        assert (answer.status_code, answer["Content-Type"], answer.content) == (
            409,
            "text/x.tlog.size",
            b"5\n",
        )
        assert bring(submission(5, 13)).status_code == 200

    def test_does_not_know_other_logs(self, witness: Signer) -> None:
        stranger = Signer("xx.example/log", OTHER.private)
        text = TreeHead(stranger.name, 5, GROWN.roots[5]).text

        problem(bring(Submission(0, (), Note(text, (stranger.sign(text),)))), 404, "log_not_watched")
        assert bring(submission(0, 5)).status_code == 200

    def test_demands_the_signature_of_the_log(self, witness: Signer) -> None:
        forger = Signer(OTHER.name, Ed25519PrivateKey.generate())
        good = submission(0, 5)
        broken = str(good).replace("\n5\n", "\n6\n")

        problem(bring(submission(0, 5, by=forger)), 403, "checkpoint_not_signed")
        problem(bring(broken), 403, "checkpoint_not_signed")
        assert bring(good).status_code == 200

    @pytest.mark.parametrize(
        "bad",
        [
            submission(5, 13, proof=[]),
            submission(5, 13, root=bytes(32)),
            submission(5, 5, root=bytes(32)),
            submission(5, 13, proof=consistency_proof(6, 13, GROWN.subtree)),
        ],
    )
    def test_refuses_what_did_not_grow(self, witness: Signer, bad: Submission) -> None:
        assert bring(submission(0, 5)).status_code == 200

        problem(bring(bad), 422, "growth_not_shown")
        assert WatchedLog.objects.get().size == 5

    def test_refuses_a_proof_from_nothing_and_a_false_empty_tree(self, witness: Signer) -> None:
        problem(bring(submission(0, 5, proof=[bytes(32)])), 422, "growth_not_shown")
        problem(bring(submission(0, 0, root=bytes(32))), 422, "growth_not_shown")
        assert bring(submission(0, 0, root=NO_ENTRIES)).status_code == 200

    @pytest.mark.parametrize("body", ["", "old 0", "old 01\n\n", "old 0\nxx\n\n", "new 0\n\n"])
    def test_refuses_what_cannot_be_read(self, witness: Signer, body: str) -> None:
        problem(
            bring(body + str(submission(0, 5).note) if body.endswith("\n\n") else body),
            400,
            "note_unreadable",
        )
        assert WatchedLog.objects.get().size == 0
        assert bring(f"old 0\n\n{submission(0, 5).note}").status_code == 200

    def test_refuses_an_old_size_beyond_the_checkpoint(self, witness: Signer) -> None:
        assert bring(submission(0, 5)).status_code == 200
        problem(bring(submission(6, 5)), 400, "note_unreadable")
        assert WatchedLog.objects.get().size == 5
        assert bring(submission(5, 5)).status_code == 200

    def test_is_not_there_without_a_key(self, witness: Signer, settings: Any) -> None:
        key, settings.TIR_WITNESS_KEY = settings.TIR_WITNESS_KEY, ""
        problem(bring(submission(0, 5)), 404, "log_not_watched")
        settings.TIR_WITNESS_KEY = key
        assert bring(submission(0, 5)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_take_a_log_back(witness: Signer) -> None:
    """The race of the specification: of two that both follow what was seen last, one is signed."""
    assert bring(submission(0, 5)).status_code == 200
    answers = returned(at_once(lambda: bring(submission(5, 9)), lambda: bring(submission(5, 13))))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 409]
    told = next(answer.content for answer in answers if answer.status_code == 409)
    assert told == f"{WatchedLog.objects.get().size}\n".encode()


class TestOurWitnesses:
    @pytest.fixture
    def signer(self, db: None) -> Signer:
        """A witness that is registered here."""
        signer = Signer("association.example", Ed25519PrivateKey.generate())
        call_command("log", "witness", "add", str(signer.verifier(COSIGNATURE)), stdout=StringIO())
        return signer

    def test_hand_in_what_they_signed(self, signer: Signer, grow: Grow, association: APIClient) -> None:
        log = grow()
        text = note_of(log.checkpoints.latest("pk").note.encode()).text
        line = cosign(signer, text, now()).line

        for _again in range(2):
            answer = association.post(HAND_IN, line, content_type="text/plain")
            assert (answer.status_code, answer.json()) == (200, {"size": log.size, "taken": 1})
        assert Cosignature.objects.count() == 1
        assert line in association.get(f"{API}/log/checkpoint").content.decode()

    def test_may_be_late(self, signer: Signer, grow: Grow, association: APIClient) -> None:
        log = grow()
        text = note_of(log.checkpoints.latest("pk").note.encode()).text
        line = cosign(signer, text, now()).line
        AdministrativeAct.objects.create(noun="office", ref="1", verb="note", content={}, at=now())
        assert grow().size > log.size

        problem(association.post(HAND_IN, line, content_type="text/plain"), 422, "witness_unknown")
        answer = association.post(f"{HAND_IN}?size={log.size}", line, content_type="text/plain")
        assert answer.status_code == 200

    def test_are_known_or_refused(self, signer: Signer, grow: Grow, person: Person) -> None:
        log = grow()
        text = note_of(log.checkpoints.latest("pk").note.encode()).text
        stranger = Signer(signer.name, Ed25519PrivateKey.generate())
        secretariat = person(Role.SECRETARIAT)

        for line in (cosign(stranger, text, now()).line, cosign(signer, text + "x\n", now()).line, ""):
            found = problem(
                secretariat.post(HAND_IN, line, content_type="text/plain"), 422, "witness_unknown"
            )
            assert found["size"] == log.size
        problem(secretariat.post(HAND_IN, "nonsense", content_type="text/plain"), 400, "note_unreadable")
        good = cosign(signer, text, now()).line
        assert secretariat.post(HAND_IN, good, content_type="text/plain").status_code == 200

    def test_are_registered_by_a_key_of_their_kind(self, db: None) -> None:
        as_log, as_witness = str(OTHER.verifier()), str(OTHER.verifier(COSIGNATURE))

        for verb, wrong, right in (("witness", as_log, as_witness), ("watch", as_witness, as_log)):
            with pytest.raises(CommandError):
                call_command("log", verb, "add", wrong)
            call_command("log", verb, "add", right, stdout=StringIO())
        assert (Witness.objects.get().name, WatchedLog.objects.get().origin) == (OTHER.name, OTHER.name)
        with pytest.raises(CommandError, match="another key"):
            call_command(
                "log", "watch", "add", str(Signer(OTHER.name, Ed25519PrivateKey.generate()).verifier())
            )


class TestWhatWitnessesSigned:
    """The log as a client trusts it whose policy wants so many witnesses: a prefix of its own, with all the files."""

    @pytest.fixture
    def signers(self, db: None) -> list[Signer]:
        signers = [Signer(f"{name}.example", Ed25519PrivateKey.generate()) for name in ("one", "two")]
        for signer in signers:
            call_command("log", "witness", "add", str(signer.verifier(COSIGNATURE)), stdout=StringIO())
        return signers

    @pytest.fixture
    def logs(self, signers: list[Signer], grow: Grow, association: APIClient) -> list[Log]:
        """The log at three sizes: two witnesses signed the first, one the second, nobody the third."""
        found = []
        for those in (signers, signers[:1], []):
            AdministrativeAct.objects.create(noun="office", ref="1", verb="note", content={}, at=now())
            log = grow()
            text = note_of(log.checkpoints.latest("pk").note.encode()).text
            for signer in those:
                line = cosign(signer, text, now()).line
                assert association.post(HAND_IN, line, content_type="text/plain").status_code == 200
            found.append(log)
        return found

    @pytest.mark.parametrize("count", [1, 2])
    def test_is_the_newest_with_so_many(
        self, logs: list[Log], signers: list[Signer], guest: APIClient, count: int
    ) -> None:
        answer = guest.get(f"{API}/log/cosigned/{count}/checkpoint")
        note = note_of(answer.content)

        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert tree_head_of(note.text).size == logs[2 - count].size
        verifiers = [verifier_of(logs[0].key), *(each.verifier(COSIGNATURE) for each in signers[:count])]
        assert [each.name for each in note.signatures] == [each.name for each in verifiers]
        for verifier, line in zip(verifiers[1:], note.signatures[1:], strict=True):
            assert cosigned_at(verifier, note.text, line) is not None
        assert tree_head_of(note_of(guest.get(f"{API}/log/checkpoint").content).text).size == logs[2].size

    def test_is_absent_where_there_are_not_so_many(self, logs: list[Log], guest: APIClient) -> None:
        found = problem(guest.get(f"{API}/log/cosigned/3/checkpoint"), 404, "not_cosigned")
        assert found["witnesses"] == 3
        for number in ("0", "01", "100", "x"):
            assert guest.get(f"{API}/log/cosigned/{number}/checkpoint").status_code == 404
        assert guest.get(f"{API}/log/cosigned/2/checkpoint").status_code == 200

    def test_says_that_no_log_has_begun(self, grow: Grow, guest: APIClient) -> None:
        problem(guest.get(f"{API}/log/cosigned/1/checkpoint"), 404, "no_log")
        grow()
        assert problem(guest.get(f"{API}/log/cosigned/1/checkpoint"), 404, "not_cosigned")["witnesses"] == 1

    def test_has_its_tiles_entries_and_proofs_below_it(self, logs: list[Log], guest: APIClient) -> None:
        below, size = f"{API}/log/cosigned/2", logs[0].size
        leaves = guest.get(f"{below}/tile/0/000.p/{size}").content
        entries_there = guest.get(f"{below}/tile/entries/000.p/{size}").content
        answer = guest.get(f"{below}/proof?index=0").content
        growth = guest.get(f"{below}/proof?from=1").content.decode().split()
        signed = tree_head_of(note_of(answer.split(b"\n\n", 1)[1]).text)
        path = [b64decode(line) for line in answer.split(b"\n\n", 1)[0].decode().split("\n")[2:]]

        assert (len(leaves), signed.size) == (32 * size, size)
        assert leaf_hash(entries_there[2 : 2 + int.from_bytes(entries_there[:2])]) == leaves[:32]
        assert is_included(leaves[:32], 0, size, path, signed.root)
        assert is_consistent(1, size, [b64decode(line) for line in growth], leaves[:32], signed.root)
        assert len(guest.get(f"{API}/log/proof?from=1&size={size}").content.split()) == len(growth)
        problem(guest.get(f"{API}/log/cosigned/3/proof?index=0"), 404, "not_cosigned")

    def test_is_told_by_the_status_of_the_log(self, logs: list[Log], signers: list[Signer]) -> None:
        key = Signer("three.example", Ed25519PrivateKey.generate()).verifier(COSIGNATURE)
        call_command("log", "witness", "add", str(key), stdout=StringIO())
        said = StringIO()
        call_command("log", "status", stdout=said)

        lines = [line for line in said.getvalue().splitlines() if "signed by" in line]
        assert lines[0].startswith(f"  signed by a witness: {logs[1].size} entries, of ")
        assert lines[1].startswith(f"  signed by 2 witnesses: {logs[0].size} entries, of ")
        assert lines[2:] == ["  signed by 3 witnesses: nothing"]
