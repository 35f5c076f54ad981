"""Makes the file of judged cases, every case with what the judge says of it."""

from datetime import date

from cryptography.hazmat.primitives.asymmetric import ec

from api.errors import instant
from carnets import tokens
from carnets.numbering import CarnetNumberInvalid, format_number, parse_number
from checkpoints.choices import IncidentKind
from checkpoints.models import Incident
from tests.evidence import (
    office_facts,
    territory_of,
)
from tests.judging.building import (
    BARRED,
    BARRED_BEFORE,
    DAY,
    EXPIRED,
    INVALIDATED,
    LOST,
    TODAY,
    Json,
)
from tests.judging.by_code import FOREIGN, OURS, by_code, by_number
from tests.judging.by_rule import by_rule
from tests.judging.deciding import decide
from tests.judging.mixtures import mixtures
from tests.judging.reading import File
from tests.world import KYRGYZ_OFFICE, LONG_AGO, OFFICES, START

SUSPENSION_DAYS = {"CN": 30, "EAEU": 10, "UZ": 30, "TJ": None}  # None: no clock says, so there is no limit
NAMES = {
    "CN": ("China", "Китай", "中国"),
    "EAEU": ("Eurasian Economic Union", "Евразийский экономический союз", "欧亚经济联盟"),
    "UZ": ("Uzbekistan", "Узбекистан", "乌兹别克斯坦"),
    "TJ": ("Tajikistan", "Таджикистан", "塔吉克斯坦"),
}


def made() -> Json:
    """Return the whole file, every case with what the judge says of it."""
    frame = _frame()
    blank = {"verdict": "unknown", "codes": [], "expected_page": None, "seals": None}
    cases = [{**case, "expect": blank} for case in (*by_rule(), *mixtures(), *by_code(), *by_number())]
    file = File.model_validate({**frame, "cases": cases})
    for case, read in zip(cases, file.cases, strict=True):
        case["expect"] = decide(read, file).model_dump()
    return {**frame, "cases": cases}


def _frame() -> Json:
    key = ec.derive_private_key(OURS, ec.SECP256R1())
    return {
        "format": "tir-judging-1",
        "keys": tokens.public_jwks([key.public_key()]),
        "test_keys": {"ours": _jwk(OURS), "foreign": _jwk(FOREIGN)},
        "offices": [_office(code) for code, *_rest in (*OFFICES, KYRGYZ_OFFICE)],
        "territories": [_territory(code) for code in NAMES],
        "exclusions": [
            _exclusion(BARRED, "KZ", TODAY, None),
            _exclusion(BARRED_BEFORE, "KZ", LONG_AGO, TODAY + DAY),
        ],
        "stop_list": {"as_of": instant(START + 5 * DAY), "entries": _stop_list()},
        "suspension_days": SUSPENSION_DAYS["CN"],
        "own_reports": _own_reports(),
        "numbers": _numbers(),
    }


def _office(code: str) -> Json:
    facts = office_facts(code)
    return {
        "code": code, "country": facts.country, "territory": territory_of(code), "name": code,
        "roles": sorted(facts.roles), "partners": list(facts.partners), "lat": facts.latitude, "lon": facts.longitude,
    }  # fmt: skip


def _territory(code: str) -> Json:
    names = dict(zip(("en", "ru", "zh"), NAMES[code], strict=True))
    return {
        "code": code,
        "name": names,
        "default_transit_days": 10,
        "grace_hours": 24,
        "suspension_days": SUSPENSION_DAYS[code],
    }


def _exclusion(holder: str, country: str, start: date, end: date | None) -> Json:
    return {"holder": holder, "country": country, "valid_from": str(start), "valid_to": end and str(end)}


def _stop_list() -> list[Json]:
    listed = ((LOST, "lost"), (INVALIDATED, "invalidated"), (EXPIRED, "expired"))
    return [
        {"number": number, "control": control, "since": instant(START + DAY)} for number, control in listed
    ]


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
