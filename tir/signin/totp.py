"""Time-based one-time passwords (RFC 6238 over RFC 4226): six digits, half a minute, SHA-1, as every app has them."""

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
SECRET_BYTES = 20  # the length of the hash, as RFC 4226 section 4 recommends
LENIENCE = 1  # steps either way: clocks differ, and people type slowly


def new_secret() -> str:
    """Return a secret in base 32, as apps read it."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def code_of(secret: str, step: int) -> str:
    """Return the digits of a step (RFC 4226 section 5.3)."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Return the step that a code is of, if it is near `at` and later than `after`, the last one taken."""
    digits = code.replace(" ", "")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    here = step_at(at)
    near = range(max(here - LENIENCE, after + 1), here + LENIENCE + 1)
    found = [step for step in near if hmac.compare_digest(code_of(secret, step), digits)]
    return found[0] if found else None


def address_for_apps(secret: str, *, name: str, issuer: str) -> str:
    """Return the address that an app reads as a code (the key URI format)."""
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{query}"
