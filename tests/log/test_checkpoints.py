"""Checkpoints and cosignatures: the specification's example, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tir.log.checkpoints import COSIGNATURE, TreeHead, _cosigned, cosign, cosigned_at, tree_head_of
from tir.log.notes import ED25519, Note, NoteMalformed, Signature, Signer, note_of, signers_of
from tir.log.tree import NO_ENTRIES

# From the text of c2sp.org/tlog-cosignature.
TEXT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""
SIGNED = f"cosignature/v1\ntime 1679315147\n{TEXT}".encode()
AT = datetime.fromtimestamp(1679315147, UTC)


@pytest.fixture
def witness() -> Signer:
    return Signer("witness.example/w1", Ed25519PrivateKey.generate())


class TestACheckpoint:
    def test_is_read_from_its_text(self) -> None:
        checkpoint = tree_head_of(TEXT)

        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
        assert checkpoint.text == TEXT

    def test_of_an_empty_log_is_one(self) -> None:
        empty = TreeHead("tir.example/log", 0, NO_ENTRIES)

        assert empty.text == "tir.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        assert tree_head_of(empty.text) == empty
        assert tree_head_of(f"{empty.text}more\n").more == ("more",)

    @pytest.mark.parametrize(
        "text",
        [
            "", TEXT.removesuffix("\n"), TEXT.replace("20852163", "020852163"), TEXT.replace("20852163", "-1"),
            TEXT.replace("20852163", "1e3"), TEXT.replace("20852163", "٣"), f"\n{TEXT}", f"{TEXT}\n",
            TEXT.replace("q2I=", "q2J="), TEXT.replace("q2I=", ""), "\n".join(TEXT.split("\n")[:2]),
        ],
    )  # fmt: skip
    def test_is_none_where_a_line_is_not_as_it_must_be(self, text: str) -> None:
        with pytest.raises(NoteMalformed):
            tree_head_of(text)
        assert tree_head_of(TEXT).text == TEXT


class TestACosignature:
    def test_covers_what_the_specification_says(self) -> None:
        assert _cosigned(TEXT, 1679315147) == SIGNED

    def test_says_when(self, witness: Signer) -> None:
        signature = cosign(witness, TEXT, AT + timedelta(milliseconds=700))

        assert cosigned_at(witness.verifier(COSIGNATURE), TEXT, signature) == AT
        assert note_of(str(Note(TEXT, (signature,))).encode()).signatures == (signature,)

    def test_is_none_of_another_text_time_or_key(self, witness: Signer) -> None:
        known, signature = witness.verifier(COSIGNATURE), cosign(witness, TEXT, AT)
        later = (1679315148).to_bytes(8) + signature.raw[8:]

        assert cosigned_at(known, TEXT.replace("20852163", "20852164"), signature) is None
        assert cosigned_at(known, TEXT, Signature(signature.name, signature.key_id, later)) is None
        assert cosigned_at(witness.verifier(ED25519), TEXT, signature) is None
        assert cosigned_at(Signer("w2", witness.private).verifier(COSIGNATURE), TEXT, signature) is None
        for at in range(8 * len(signature.raw)):
            raw = (int.from_bytes(signature.raw) ^ 1 << at).to_bytes(len(signature.raw))
            assert cosigned_at(known, TEXT, Signature(signature.name, signature.key_id, raw)) is None
        assert cosigned_at(known, TEXT, signature) == AT

    def test_stands_beside_the_logs_own_signature(self, witness: Signer) -> None:
        log = Signer("example.com/behind-the-sofa", Ed25519PrivateKey.generate())
        note = Note(TEXT, (log.sign(TEXT), cosign(witness, TEXT, AT)))

        known = [log.verifier(), witness.verifier(COSIGNATURE)]
        assert signers_of(note, known) == [log.verifier()]
