"""Makes the file of judged cases, every case with what the judge says of it."""

from collections.abc import Iterable, Iterator
from itertools import chain

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import translation

from api.v1.post.presenting import present_offices
from carnets import tokens
from carnets.numbering import CarnetNumberInvalid, format_number, parse_number
from checkpoints.choices import IncidentKind
from checkpoints.models import Incident
from tests.judging.by_code import FOREIGN, OURS, by_code, by_number
from tests.judging.by_rule import by_rule
from tests.judging.deciding import decide
from tests.judging.drawing import FEW, SEED, drawn
from tests.judging.places import (
    REGISTER,
    Json,
    office,
    present_exclusions,
    present_stop_list,
    present_territories,
)
from tests.judging.presenting import present
from tests.judging.situations import Situation


def kept() -> Iterator[Json]:
    """The cases that are kept in the file, every one with what the judge says of it."""
    return decided(chain(by_rule(), drawn(SEED, FEW), by_code(), by_number()))


def decided(situations: Iterable[Situation]) -> Iterator[Json]:
    """Return each situation as JSON with what the server's judge says of it."""
    keys = [ec.derive_private_key(OURS, ec.SECP256R1()).public_key()]
    for situation in situations:
        yield present(situation) | {"expect": decide(situation, keys)}


def frame() -> Json:
    """Return what a phone holds besides the carnets."""
    key = ec.derive_private_key(OURS, ec.SECP256R1())
    with translation.override("en"):
        offices = present_offices([office(code) for code in REGISTER], lambda each: each.code)
    return {
        "format": "tir-judging-2",
        "keys": tokens.public_jwks([key.public_key()]),
        "test_keys": {"ours": _jwk(OURS), "foreign": _jwk(FOREIGN)},
        "offices": offices,
        "territories": present_territories(),
        "exclusions": present_exclusions(),
        "stop_list": present_stop_list(),
        "own_reports": _own_reports(),
        "numbers": _numbers(),
    }


def _own_reports() -> list[Json]:
    """Reports as an officer draws them up on the phone: does each explain what is found about the seals?"""
    named: tuple[tuple[list[str], list[str]], ...] = (([], []), (["A-1"], []), ([], ["N-1"]))
    rows = (
        {"kind": kind, "seals_broken": broken, "seals_affixed": affixed}
        for kind in IncidentKind.values
        for broken, affixed in named
    )
    return [{**row, "about_seals": Incident(**row).is_about_seals} for row in rows]


def _numbers() -> list[Json]:
    digits = (25_000_001, 99_000_001, 99_000_002, 12_345_678, 100_000_000, 999_999_999, 31_415_926)
    right = [format_number(each) for each in digits]
    slips = [number[:-1] + str((int(number[-1]) + 1) % 10) for number in right if number.startswith(("X",))]
    swapped = [number[1] + number[0] + number[2:] for number in right]
    spaced = [f" {number[:2].lower()} {number[2:]} " for number in right]
    other = [
        "",
        "X",
        "XZ",
        "99000001",
        "25000000",
        "0",
        "01",
        "XZ099000001",
        "XZ99000001X",
        "ЖZ99000001",
        "XZ1000000000",
    ]
    return [
        {"typed": typed, "number": _parsed(typed)} for typed in (*right, *slips, *swapped, *spaced, *other)
    ]


def _parsed(typed: str) -> str | None:
    try:
        return parse_number(typed)
    except CarnetNumberInvalid:
        return None


def _jwk(secret: int) -> Json:
    key = ec.derive_private_key(secret, ec.SECP256R1())
    public = tokens.public_jwks([key.public_key()])["keys"][0]
    return {**public, "d": tokens._base64url(secret.to_bytes(32))}
