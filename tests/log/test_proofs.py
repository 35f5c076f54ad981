"""Proofs that carry all they need: written as the specification says, and worth nothing with anything changed."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.log.test_tree import Grown, entries
from tir.log.checkpoints import TreeHead
from tir.log.notes import Note, NoteMalformed, NoteRefused, Signer
from tir.log.proofs import LogProof, checkpoint_proving, proof_of
from tir.log.tree import inclusion_proof, leaf_hash

SIZE, AT = 13, 9
ENTRY = leaf_hash(entries(SIZE)[AT])


@pytest.fixture(scope="module")
def log() -> Signer:
    return Signer("tir.example/log", Ed25519PrivateKey.generate())


@pytest.fixture(scope="module")
def proof(log: Signer) -> LogProof:
    grown = Grown(entries(SIZE))
    text = TreeHead(log.name, SIZE, grown.roots[SIZE]).text
    path = tuple(inclusion_proof(AT, SIZE, grown.subtree))
    return LogProof(AT, path, Note(text, (log.sign(text),)))


class TestAProof:
    def test_is_written_line_by_line(self, proof: LogProof) -> None:
        heading, index, *path = str(proof).split("\n\n")[0].split("\n")

        assert (heading, index) == ("c2sp.org/tlog-proof@v1", "index 9")
        assert path == [b64encode(hash_).decode() for hash_ in proof.path]
        assert str(proof).endswith(f"\n\n{proof.note}")

    def test_is_read_back(self, proof: LogProof, log: Signer) -> None:
        with_more = LogProof(proof.index, proof.path, proof.note, b"the salt")

        assert proof_of(str(proof).encode()) == proof
        assert proof_of(str(with_more).encode()) == with_more
        assert checkpoint_proving(with_more, ENTRY, log.verifier()).size == SIZE

    def test_of_the_only_entry_needs_no_path(self, log: Signer) -> None:
        text = TreeHead(log.name, 1, ENTRY).text
        alone = proof_of(str(LogProof(0, (), Note(text, (log.sign(text),)))).encode())

        assert checkpoint_proving(alone, ENTRY, log.verifier()).root == ENTRY

    def test_proves_no_other_entry_and_no_other_place(self, proof: LogProof, log: Signer) -> None:
        other = leaf_hash(b"another")
        moved = LogProof(proof.index - 1, proof.path, proof.note)
        for wrong, leaf in ((proof, other), (moved, ENTRY)):
            with pytest.raises(NoteRefused, match="not in the tree"):
                checkpoint_proving(wrong, leaf, log.verifier())
        assert checkpoint_proving(proof, ENTRY, log.verifier()).origin == log.name

    def test_proves_nothing_of_another_log(self, proof: LogProof, log: Signer) -> None:
        stranger = Signer("another.example/log", Ed25519PrivateKey.generate())
        under_its_name = Note(proof.note.text, (stranger.sign(proof.note.text),))

        for note in (proof.note, under_its_name):
            with pytest.raises(NoteRefused):
                checkpoint_proving(LogProof(proof.index, proof.path, note), ENTRY, stranger.verifier())

    def test_proves_nothing_with_any_byte_changed(self, proof: LogProof, log: Signer) -> None:
        document = str(proof).encode()
        for at in range(len(document)):
            changed = document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :]
            with pytest.raises((NoteMalformed, NoteRefused)):
                checkpoint_proving(proof_of(changed), ENTRY, log.verifier())


class TestWhatIsNoProof:
    @pytest.mark.parametrize(
        ("was", "now"),
        [
            ("@v1", "@v2"), ("index 9", "index 09"), ("index 9", "index -9"), ("index 9", "extra \nindex 9"),
            ("index 9\n", ""), ("index 9", "index 9\nAAAA"), ("\n\n", "\n"), ("index 9", "index 9\r"),
        ],
    )  # fmt: skip
    def test_is_refused(self, proof: LogProof, was: str, now: str) -> None:
        with pytest.raises(NoteMalformed):
            proof_of(str(proof).replace(was, now, 1).encode())
        assert proof_of(str(proof).encode()) == proof

    def test_is_no_utf_8(self, proof: LogProof) -> None:
        with pytest.raises(NoteMalformed):
            proof_of(b"\xff" + str(proof).encode())
