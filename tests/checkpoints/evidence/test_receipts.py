"""Receipts: what their text is, that nobody else can sign one, and that none is given for what is not on record."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import DatabaseError, connection

from carnets import tokens
from checkpoints.evidence.receipts import is_signed, promise, receipt_text
from checkpoints.models import Stamp
from checkpoints.recording.stamping import OutcomeKind, StampIdReused, record_stamp
from tests.threads import at_once
from tests.world import HOUR, START, World
from tir.log.models import Pending

pytestmark = pytest.mark.usefixtures("as_administrator")  # who can make a commit fail

ROW: dict[str, Any] = {
    "id": "7f0c5a2e-6a1b-4f0e-9b0e-2f1f6a3d9c11",
    "page": 4,
    "recorded_at": START + timedelta(microseconds=120394),
    "hash": bytes(range(32)),
    "receipt": {},
}
TEXT = """\
TIR receipt 1
7f0c5a2e-6a1b-4f0e-9b0e-2f1f6a3d9c11
XC99000004 4 UZ-YAL
2026-03-02T06:00:00.120394+00:00
AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
2026-03-02T06:01:00.120394+00:00
"""


def receipted(**changes: Any) -> dict[str, Any]:
    row = {**ROW, **changes}
    return {**row, "receipt": {"promise": promise(row, carnet="XC99000004", office="UZ-YAL")}}


class TestText:
    def test_is_what_the_documents_say(self) -> None:
        row = receipted()
        kept = row["receipt"]["promise"]

        assert receipt_text(row) == f"{TEXT}\n— {kept['key']} {kept['signature']}\n"
        assert b64encode(ROW["hash"]).decode() in TEXT

    def test_has_all_six_digits_also_of_a_whole_second(self) -> None:
        assert "06:00:00.000000+00:00" in str(receipt_text(receipted(recorded_at=START)))

    def test_is_none_for_a_stamp_of_before(self) -> None:
        assert receipt_text(ROW) is None
        assert not is_signed(ROW, tokens.verification_keys())


class TestSignature:
    def test_is_of_exactly_this_stamp(self) -> None:
        row, keys = receipted(), tokens.verification_keys()
        assert is_signed(row, keys)

        for name, other in {
            "id": str(uuid4()), "page": 5, "recorded_at": ROW["recorded_at"] + timedelta(microseconds=1),
            "hash": bytes(32),
        }.items():  # fmt: skip
            assert not is_signed({**row, name: other}, keys), name
        for name, said in row["receipt"]["promise"].items():
            changed = {**row["receipt"]["promise"], name: said[:-1] + ("A" if said[-1] != "A" else "B")}
            assert not is_signed({**row, "receipt": {"promise": changed}}, keys), name

    def test_is_of_a_key_of_this_system(self) -> None:
        stranger = ec.generate_private_key(ec.SECP256R1()).public_key()

        assert not is_signed(receipted(), [stranger])
        assert not is_signed(receipted(), [])


@contextmanager
def commits_failing() -> Iterator[None]:
    """Let every transaction that stamps fail as it commits, as on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no space''; END';"
            "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON checkpoints_stamp DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER fails ON checkpoints_stamp; DROP FUNCTION fail()")


@pytest.mark.django_db(transaction=True)
class TestHandedOver:
    def test_is_what_others_can_read_already_with_its_entry(self, world: World) -> None:
        carnet = world.issue()
        outcome = world.stamp(carnet, 1, START + HOUR)

        def seen() -> tuple[bool, bool]:
            ref = str(outcome.row["id"])
            return Stamp.objects.filter(pk=ref).exists(), Pending.objects.filter(
                kind="stamp", ref=ref
            ).exists()

        assert at_once(seen) == [(True, True)]
        assert is_signed(outcome.row, tokens.verification_keys())

    def test_is_none_where_the_commit_fails(self, world: World) -> None:
        carnet = world.issue()
        request = world.request(carnet, 1, START + HOUR)
        officer = world.officer("CNURC001")
        with commits_failing(), pytest.raises(DatabaseError, match="no space"):
            record_stamp(request=request, officer=officer, at=START + HOUR)

        assert not Stamp.objects.exists()
        assert not Pending.objects.filter(kind="stamp").exists()
        assert record_stamp(request=request, officer=officer, at=START + HOUR).kind == OutcomeKind.RECORDED

    def test_is_the_first_one_again_for_the_same_statement_alone(self, world: World) -> None:
        carnet = world.issue()
        request = world.request(carnet, 1, START + HOUR)
        officer = world.officer("CNURC001")
        first = record_stamp(request=request, officer=officer, at=START + HOUR)
        again = record_stamp(request=request, officer=officer, at=START + 2 * HOUR)

        assert again.kind == OutcomeKind.DUPLICATE
        assert receipt_text(again.row) == receipt_text(first.row)
        with pytest.raises(StampIdReused):
            record_stamp(request=replace(request, packages=7), officer=officer, at=START + HOUR)
