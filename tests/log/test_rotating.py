"""Keys that change: the log's, which begins another log, and a witness's, which overlaps with its old one."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.logs import ORIGIN, faults, newest, private_key, put_rows
from tests.world import START
from tir.log.checkpoints import COSIGNATURE, cosign
from tir.log.models import Cosignature, Log, VerifierKey
from tir.log.notes import NoteRefused, Signer, note_of, signers_of, verifier_of
from tir.log.witnessing import NoteMalformed, add_witness, take_cosignatures, watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]


def put_key(of: str) -> None:
    """Lay another key where TIR_LOG_KEY says."""
    pem = private_key(of).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path(settings.TIR_LOG_KEY).write_bytes(pem)


def test_another_key_signs_nothing_of_a_log_that_was_not_ended() -> None:
    put_rows(3)
    call_command("log", "catch-up")
    put_key("another")
    put_rows(2, "later")

    with pytest.raises(CommandError, match=f"{ORIGIN} is signed with another key"):
        call_command("log", "catch-up")

    put_key("the log")
    call_command("log", "catch-up")
    assert faults() == []


def test_a_new_key_begins_a_log_and_what_the_old_one_signed_stays_good() -> None:
    put_rows(3)
    call_command("log", "catch-up")
    old = newest()
    call_command("log", "end", "--reason", "the key is changed")
    put_key("another")
    put_rows(2, "later")
    call_command("log", "catch-up")

    first, second = Log.objects.order_by("pk")
    assert (first.origin, second.origin) == (ORIGIN, f"{ORIGIN}-2")
    assert first.key != second.key
    assert signers_of(note_of(old.note.encode()), [verifier_of(first.key)])
    with pytest.raises(NoteRefused):
        signers_of(note_of(newest(second).note.encode()), [verifier_of(first.key)])
    assert signers_of(note_of(newest(second).note.encode()), [verifier_of(second.key)])
    assert set(VerifierKey.objects.filter(purpose="log").values_list("text", flat=True)) == {
        first.key,
        second.key,
    }
    assert faults() == []


def test_whoever_witnesses_takes_the_new_log_by_its_own_key_and_no_other_key_for_the_old() -> None:
    old, new = (str(Signer(ORIGIN, private_key(of)).verifier()) for of in ("the log", "another"))
    assert watch(old).key == old
    with pytest.raises(NoteMalformed, match="watched under another key"):
        watch(new)
    assert watch(str(Signer(f"{ORIGIN}-2", private_key("another")).verifier())).origin == f"{ORIGIN}-2"


def test_a_witness_signs_with_either_key_while_they_overlap() -> None:
    put_rows(3)
    call_command("log", "catch-up")
    before, after = (Signer("kz.example/witness", private_key(of)) for of in ("old", "new"))
    add_witness(str(before.verifier(COSIGNATURE)))
    checkpoint = newest()
    assert take_cosignatures(checkpoint, [signed(after, checkpoint.note)]) == 0
    assert take_cosignatures(checkpoint, [signed(before, checkpoint.note)]) == 1

    add_witness(str(after.verifier(COSIGNATURE)))

    assert take_cosignatures(checkpoint, [signed(after, checkpoint.note)]) == 1
    assert Cosignature.objects.filter(checkpoint=checkpoint).count() == 2


def signed(signer: Signer, note: str) -> str:
    """Return a witness's line for a checkpoint."""
    return cosign(signer, note_of(note.encode()).text, START).line.removesuffix("\n")
