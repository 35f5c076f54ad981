"""Ten thousand codes that nobody signed: read by the verifier, some of them scanned. Never a crash, never believed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets import tokens
from carnets.tokens import MAX_CHARACTERS, PREFIX, TokenClaims, TokenError
from checkpoints.models import Scan
from tests.api.calls import API, ok, qr_of
from tests.world import START, World

CODES, SCANNED, SEED = 10_000, 300, 1959  # the year of the first Convention
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
KEY = ec.derive_private_key(0x7112, ec.SECP256R1())
FOREIGN = ec.derive_private_key(0x0BAD, ec.SECP256R1())
CLAIMS = TokenClaims(
    number="XZ99000001",
    page=3,
    holder_id="CHN/071/1001",
    last_acceptance_date=date(2026, 4, 1),
    plates=("01KZ123ABC",),
    territories=("CN", "EAEU", "UZ", "TJ"),
    issuer="071",
    guarantee="CN-2026-0001",
    issued_at=START,
)
Forge = Callable[[Random, str], str]


def one_character_changed(draw: Random, code: str) -> str:
    at = draw.randrange(len(code))
    return code[:at] + draw.choice(BASE45.replace(code[at], "")) + code[at + 1 :]


def some_characters_left_out(draw: Random, code: str) -> str:
    at = draw.randrange(len(code))
    return code[:at] + code[at + draw.randint(1, 40) :]


def some_characters_added(draw: Random, code: str) -> str:
    at = draw.randrange(len(code) + 1)
    return code[:at] + "".join(draw.choices(BASE45, k=draw.randint(1, 40))) + code[at:]


def neighbours_swapped(draw: Random, code: str) -> str:
    at = draw.choice([at for at in range(len(code) - 1) if code[at] != code[at + 1]])
    return code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def one_bit_turned(draw: Random, code: str) -> str:
    raw = bytearray(base45.b45decode(code.removeprefix(PREFIX)))
    raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    return PREFIX + base45.b45encode(bytes(raw)).decode()


def any_bytes(draw: Random, _code: str) -> str:
    return PREFIX + base45.b45encode(draw.randbytes(draw.randint(0, 400))).decode()


def any_text(draw: Random, _code: str) -> str:
    characters = (chr(draw.randrange(0xD800)) for _each in range(draw.randint(1, 300)))
    return draw.choice(("", PREFIX, "TIR2:", "tir1:")) + "".join(characters)


def another_payload(draw: Random, code: str) -> str:
    """The right key's name and a signature of its own, over claims it never signed."""
    tag = cbor2.loads(base45.b45decode(code.removeprefix(PREFIX)))
    protected, _header, payload, signature = tag.value
    claims = cbor2.loads(payload) | {
        draw.choice((1, 2, -1, -2, -6)): draw.choice((7, "XZ99000009", None, [], {}))
    }
    forged = cbor2.CBORTag(18, [protected, {}, cbor2.dumps(claims), signature])
    return PREFIX + base45.b45encode(cbor2.dumps(forged)).decode()


def a_foreign_key(draw: Random, _code: str) -> str:
    return tokens.sign(replace(CLAIMS, page=draw.randint(1, 20)), FOREIGN)


def longer_than_any(draw: Random, _code: str) -> str:
    return PREFIX + "A" * draw.randint(MAX_CHARACTERS - 4, 5 * MAX_CHARACTERS)


FORGERS: tuple[Forge, ...] = (
    one_character_changed, some_characters_left_out, some_characters_added, neighbours_swapped, one_bit_turned,
    any_bytes, any_text, another_payload, a_foreign_key, longer_than_any,
)  # fmt: skip


def forged(code: str, count: int) -> Iterator[str]:
    """Return as many codes that are not the one given, the same on every run."""
    draw = Random(SEED)
    for index in range(count):
        yield FORGERS[index % len(FORGERS)](draw, code)


def test_the_verifier_believes_none_of_ten_thousand() -> None:
    code, keys = tokens.sign(CLAIMS, KEY), [KEY.public_key()]

    refused: dict[str, int] = {}
    for text in forged(code, CODES):
        with pytest.raises(TokenError) as refusal:
            tokens.verify(text, keys)
        refused[refusal.value.error_code] = refused.get(refusal.value.error_code, 0) + 1

    assert sum(refused.values()) == CODES
    assert set(refused) == {
        "token_malformed", "token_unknown_key", "token_signature_invalid", "token_version_unsupported"
    }  # fmt: skip


def test_a_scan_of_any_of_them_is_stop(world: World) -> None:
    carnet = world.issue()
    client = APIClient()
    _record, token = AuthToken.objects.create(world.officers["CNURC001"])
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    for text in forged(qr_of(carnet, 1), SCANNED):
        answer: Any = client.post(f"{API}/scans/", {"qr": text}, format="json")
        if answer.status_code == 400:  # too long, or blank once stripped: no code at all
            assert {item["field"] for item in answer.json()["errors"]} == {"qr"}
        else:
            assert ok(answer)["verdict"] == "stop", text
            assert ok(answer)["carnet"] is None

    assert Scan.objects.exclude(verdict="stop").count() == 0
