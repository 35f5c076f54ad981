"""Signed codes and typed numbers, of carnets held and not held."""

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from carnets import tokens
from tests.evidence import PLATE, when
from tests.judging.places import (
    BARRED,
    CLOSED,
    DAY,
    EXPIRED,
    HOLDER,
    INVALIDATED,
    LOST,
    NUMBER,
    TODAY,
    Json,
    office,
)
from tests.judging.situations import Situation, clean, docket, planned_office, seen
from tests.world import START

OURS, FOREIGN = 0x7112, 0x0BAD


def _claims(page: int, **changes: Any) -> tokens.TokenClaims:
    said: Json = {
        "number": NUMBER, "page": page, "holder_id": HOLDER, "last_acceptance_date": TODAY + 30 * DAY,
        "plates": (PLATE,), "territories": ("CN", "EAEU", "UZ", "TJ"), "issuer": "071",
        "guarantee": "CN-2026-0001", "issued_at": START,
    }  # fmt: skip
    return tokens.TokenClaims(**said | changes)


def _token(page: int, secret: int = OURS, **changes: Any) -> str:
    return tokens.sign(_claims(page, **changes), ec.derive_private_key(secret, ec.SECP256R1()))


def scanned(name: str, qr: str | None, reached: int, by: str | None = None, **rest: Any) -> Situation:
    """Return a signed code held before the camera, with nothing held about the carnet unless `docket` says so."""
    at = rest.pop("at", when(reached))
    return Situation(name, office(by or planned_office(reached)), at, rest.pop("now", at), qr=qr, **rest)


def by_code() -> Iterator[Situation]:
    """Signed codes: genuine, altered, foreign, of carnets held and not held."""
    for page in (1, 3, 8):
        before = docket(stamps=clean(page - 1))
        yield scanned(f"a genuine code, carnet held, page {page}", _token(page), page, docket=before)
        yield scanned(f"a genuine code, nothing held, page {page}", _token(page), page)
        yield scanned(f"a foreign key, page {page}", _token(page, FOREIGN), page)
        yield scanned(f"a foreign key, carnet held, page {page}", _token(page, FOREIGN), page, docket=before)
    yield from _altered()
    yield scanned(
        "a code and a stamp to be made", _token(3), 3, page=3, said=seen(3), docket=docket(stamps=clean(2))
    )
    yield scanned("a code of page 3 where page 4 is typed", _token(3), 3, "KZQZQ001", page=4)
    yield scanned("too late for acceptance", _token(1), 1, at=START + 31 * DAY)
    yield scanned("too late for acceptance, accepted before", _token(3), 3, at=START + 31 * DAY)
    yield scanned("the last day for acceptance", _token(1), 1, at=START + 30 * DAY)
    yield scanned("before it was issued", _token(1), 1, at=START - DAY)
    yield scanned("lost, by the list", _token(3, number=LOST), 3)
    yield scanned("lost, by the list, to leave", _token(4, number=LOST), 4)
    yield scanned("lost, by the list, carnet held", _token(3, number=LOST), 3,
                  docket=docket(stamps=clean(2), number=LOST))  # fmt: skip
    yield scanned("invalidated, by the list", _token(1, number=INVALIDATED), 1)
    yield scanned("expired unused, by the list", _token(3, number=EXPIRED), 3)
    yield scanned("a holder excluded here", _token(3, holder_id=BARRED), 3)
    yield scanned("a holder excluded here, leaving", _token(4, holder_id=BARRED), 4)
    yield scanned("nobody guarantees here", _token(3), 3, has_guarantor=False)
    yield scanned("an office no longer approved", _token(5), 5, CLOSED)
    yield scanned("another territory's page", _token(3), 3, "UZYAL001")
    yield scanned(
        "a code whose route does not touch the office", _token(1, territories=("CN", "EAEU")), 1, "TJDYU001"
    )
    yield scanned("a page beyond the route", _token(11), 3)
    yield scanned("a page no carnet has", _token(3), 3, page=21)
    yield scanned("a code with the number typed", _token(3), 3, number=NUMBER)
    yield scanned("a code with another number typed", _token(3), 3, number=LOST)


def _altered() -> Iterator[Situation]:
    token = _token(3)
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    yield scanned("one character changed", token[:middle] + other + token[middle + 1 :], 3)
    yield scanned("the last character changed", token[:-1] + ("A" if token[-1] != "A" else "B"), 3)
    yield scanned("cut short", token[:-3], 3)
    yield scanned("empty after the prefix", "TIR1:", 3)
    yield scanned("something else", "https://example.org/tir", 3)
    yield scanned("in lower case", token.lower(), 3)
    yield scanned("with something behind it", token + "A", 3)
    yield scanned("of a newer kind", "TIR2:" + token.removeprefix("TIR1:"), 3)
    yield scanned("no text that base45 knows", "TIR1:ÄÖÜ", 3)
    yield scanned("longer than any code", "TIR1:" + "A" * 2000, 3)
    body, end = token[:-60], _token(5)[-60:]
    yield scanned("another page's signature", body + end, 3)


def by_number() -> Iterator[Situation]:
    """Typed numbers: held, listed, and about which nothing is known."""
    before = docket(stamps=clean(2))
    yield scanned("typed, nothing held", None, 3, number=NUMBER)
    yield scanned("typed with a page, nothing held", None, 3, number=NUMBER, page=3)
    yield scanned("typed, carnet held", None, 3, number=NUMBER, page=3, docket=before)
    yield scanned("typed in small letters, carnet held", None, 3, number="xz 99000001", page=3, docket=before)
    yield scanned("typed, held, at an office of no land on its way", None, 3, "UZYAL001", number=NUMBER, page=3,
                  docket=docket((("CNURC001", "CNHRS001"),), clean(1)))  # fmt: skip
    yield scanned("typed, lost by the list", None, 3, number=LOST)
    yield scanned("typed, invalidated by the list", None, 1, number=INVALIDATED, page=1)
    yield scanned("typed, expired by the list, for acceptance", None, 1, number=EXPIRED, page=1)
    yield scanned("typed, expired by the list, under way", None, 3, number=EXPIRED, page=3)
