"""Signed notes: the examples of the specification and of Go, and what is none."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tir.log.notes import Note, NoteMalformed, NoteRefused, Signer, note_of, signers_of, verifier_of

# The example of c2sp.org/signed-note.
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
MESSAGE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
# The example of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ANSWER = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
PUBLISHED = [(FOO, MESSAGE), (PETER, ANSWER)]


@pytest.fixture
def signer() -> Signer:
    return Signer("tir.example/log", Ed25519PrivateKey.generate())


class TestPublishedNotes:
    @pytest.mark.parametrize(("key", "document"), PUBLISHED)
    def test_are_signed_by_their_keys(self, key: str, document: str) -> None:
        verifier, note = verifier_of(key), note_of(document.encode())

        assert signers_of(note, [verifier]) == [verifier]
        assert str(verifier) == key
        assert str(note) == document

    @pytest.mark.parametrize(("key", "document"), PUBLISHED)
    def test_are_not_with_any_bit_of_text_or_signature_changed(self, key: str, document: str) -> None:
        verifier, note = verifier_of(key), note_of(document.encode())
        (signature,) = note.signatures
        for at in range(8 * len(signature.raw)):
            raw = (int.from_bytes(signature.raw) ^ 1 << at).to_bytes(len(signature.raw))
            with pytest.raises(NoteRefused, match="not of this text"):
                signers_of(
                    Note(note.text, (type(signature)(signature.name, signature.key_id, raw),)), [verifier]
                )
        for at, letter in enumerate(note.text):
            other = f"{note.text[:at]}{chr(ord(letter) ^ 1)}{note.text[at + 1 :]}"
            with pytest.raises(NoteRefused, match="not of this text"):
                signers_of(Note(other, note.signatures), [verifier])

    def test_are_not_those_of_another_key(self) -> None:
        with pytest.raises(NoteRefused, match="No known key"):
            signers_of(note_of(MESSAGE.encode()), [verifier_of(PETER)])


class TestASignature:
    def test_is_read_back(self, signer: Signer) -> None:
        text = "One line.\n\nAnd another after an empty one.\n"
        note = Note(text, (signer.sign(text),))

        assert note_of(str(note).encode()) == note
        assert signers_of(note, [signer.verifier()]) == [signer.verifier()]

    def test_of_a_stranger_is_passed_over(self, signer: Signer) -> None:
        stranger = Signer("another.example", Ed25519PrivateKey.generate())
        note = Note("text\n", (stranger.sign("something else\n"), signer.sign("text\n")))

        assert signers_of(note, [signer.verifier()]) == [signer.verifier()]
        with pytest.raises(NoteRefused):
            signers_of(note, [signer.verifier(), stranger.verifier()])

    def test_by_a_key_of_the_same_name_is_a_strangers(self, signer: Signer) -> None:
        namesake = Signer(signer.name, Ed25519PrivateKey.generate())

        with pytest.raises(NoteRefused, match="No known key"):
            signers_of(Note("text\n", (namesake.sign("text\n"),)), [signer.verifier()])


class TestWhatIsNoNote:
    @pytest.mark.parametrize(
        "document",
        [
            "", "text\n", "text\n\n", MESSAGE.rstrip("\n"), MESSAGE.replace("\n\n", "\n"), MESSAGE.replace("— ", "- "),
            MESSAGE.replace("message", "mess\tage"), MESSAGE + "\n", MESSAGE + "— \n", MESSAGE + "— a b\n",
            MESSAGE + "— name AAAAAA==\n", MESSAGE.replace("example.com/foo ", "example.com/+ "),
            MESSAGE.replace("aQM=", "aQN="), MESSAGE.replace("aQM=", "aQM"), MESSAGE + "— a bcde\n" * 100,
        ],
    )  # fmt: skip
    def test_is_refused(self, document: str) -> None:
        with pytest.raises(NoteMalformed):
            note_of(document.encode())
        assert note_of(MESSAGE.encode()).text == "This is an example message.\n"

    def test_is_no_utf_8_or_too_long(self) -> None:
        for document in (MESSAGE.encode() + b"\xff", b"a" * 1_000_000 + MESSAGE.encode()):
            with pytest.raises(NoteMalformed):
                note_of(document)

    @pytest.mark.parametrize(
        "key",
        [
            "", "PeterNeumann", "PeterNeumann+c74f20a3", PETER.replace("c74f20a3", "c74f20a4"), PETER[:-4], f" {PETER}",
            PETER.replace("c74f20a3", "C74F20A3"), PETER.replace("PeterNeumann", "Peter Neumann"), f"{PETER}=",
            f"+{PETER}",
        ],
    )  # fmt: skip
    def test_is_no_key(self, key: str) -> None:
        with pytest.raises(NoteMalformed):
            verifier_of(key)
        assert verifier_of(PETER).name == "PeterNeumann"
