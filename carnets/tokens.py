"""Signed tokens: the text inside the QR code of a voucher page, readable and checkable with no network.

    TIR1: + base45( COSE_Sign1( protected {1: -7, 4: kid}, unprotected {}, payload, signature ) )

COSE_Sign1 is RFC 9052 with ES256 (raw r || s, as WebCrypto verifies it), base45 is RFC 9285: upper case, so that a QR
symbol uses alphanumeric mode. `kid` is the first 8 bytes of SHA-256 over the public key's SubjectPublicKeyInfo in DER.
The payload is a deterministic CBOR map (RFC 8949, 4.2.1); keys 1, 2 and 6 mean what a CBOR Web Token means (RFC 8392).

| key | claim                | CBOR     | meaning                                                                     |
|-----|----------------------|----------|-----------------------------------------------------------------------------|
| 1   | issuer               | text     | code of the issuing association                                             |
| 2   | number               | text     | TIR carnet number with its check letters                                    |
| 6   | issued_at            | unsigned | instant of issue, seconds since 1970-01-01T00:00:00Z                        |
| -1  | page                 | unsigned | voucher page: odd is voucher No. 1, even is voucher No. 2                    |
| -2  | holder_id            | text     | AAA/BBB/X..X                                                                |
| -3  | last_acceptance_date | unsigned | cover box 1, days since 1970-01-01                                          |
| -4  | plates               | [text]   | registration numbers, tractor first                                         |
| -5  | territories          | [text]   | customs territory of each planned TIR operation, in order                   |
| -6  | guarantee            | text     | guarantee reference                                                         |
| -7  | version              | unsigned | 1; signed, because the prefix is not                                        |

Deliberately absent: goods (a code must not tell a thief what is inside), what changes after issue, and `exp`: the last
date for acceptance does not end a transport accepted in time (Convention art. 9(2)). What a signature cannot prove is
in docs/adr/0005-signed-qr.md. A token never ends in a space, so an interface may strip what surrounds it.

A paper of an installation for training or demonstration says so in its prefix, TIR-TRAINING1: or TIR-DEMO1:, and what
is signed has that word as its external data: cut off or put on, the prefix makes the signature a wrong one, even where
somebody let two installations have one key.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import ClassVar, Final, TypeVar

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Malformed
from tir.kernel.sandbox import Kind as Installed

PREFIX: Final = "TIR1:"
PREFIXES: Final = {Installed.REAL: PREFIX, Installed.TRAINING: "TIR-TRAINING1:", Installed.DEMO: "TIR-DEMO1:"}
VERSION: Final = 1
MAX_CHARACTERS: Final = 2_000
KID_BYTES: Final = 8
COORDINATE_BYTES: Final = 32  # P-256
EPOCH: Final = date(1970, 1, 1)
Kind = TypeVar("Kind")
_ANY_PREFIX: Final = re.compile(r"TIR[0-9]{1,3}:")
_SIGN1_TAG: Final = 18
# The envelope is fixed byte for byte, so it is matched, never parsed: no CBOR decoder meets bytes nobody vouched for.
_ENVELOPE: Final = re.compile(
    rb"\xd2\x84\x4d(?P<protected>\xa2\x01\x26\x04\x48(?P<kid>.{8}))\xa0"
    rb"(?:[\x40-\x57]|\x58.|\x59..)(?P<payload>.*)\x58\x40(?P<signature>.{64})",
    re.DOTALL,
)


class TokenError(Malformed):
    """The text is not a token of ours, and nothing it says may be believed."""

    sentence: ClassVar["str | Promise"] = ""

    def __init__(self, **facts: str) -> None:
        super().__init__(self.sentence, **facts)


class TokenMalformed(TokenError):
    """Not a token at all, cut short, or mistyped."""

    code = "token_malformed"
    sentence = _(
        "This is not a TIR voucher code, or a part of it is missing. Scan again, or type number and page."
    )


class TokenKeyUnknown(TokenError):
    """Signed with a key this reader does not hold: forged, or the reader needs newer keys."""

    code = "token_unknown_key"
    sentence = _(
        "This code was signed with a key that is not known here. Load the keys anew; if it is still unknown, keep "
        "the paper and call your headquarters."
    )


class TokenSignatureInvalid(TokenError):
    """Names a key of ours, and that key did not sign it."""

    code = "token_signature_invalid"
    sentence = _(
        "The signature of this code is not genuine. Keep the paper, start nothing, call your headquarters."
    )


class TokenOfAnotherKind(TokenError):
    """Printed by an installation for training or demonstration, or by a real one and shown to one of those."""

    code = "token_other_installation"
    sentence = _(
        "Real work and training are kept apart: this paper was printed for training or demonstration and is no TIR "
        "carnet, or it is a real one shown to a system for training. Nothing done with it here counts."
    )


class TokenVersionUnsupported(TokenError):
    """A newer edition of this format than the reader knows."""

    code = "token_version_unsupported"
    sentence = _("This code is of a newer kind; this reader must be updated to read it.")


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What the issuing association vouched for on the day of issue, for one voucher page."""

    number: str
    page: int
    holder_id: str
    last_acceptance_date: date
    plates: tuple[str, ...]
    territories: tuple[str, ...]
    issuer: str
    guarantee: str
    issued_at: datetime


def sign(claims: TokenClaims, key: ec.EllipticCurvePrivateKey, installed: Installed = Installed.REAL) -> str:
    """Write the token of one voucher page; the same claims and key always give the same text (RFC 6979), so a document
    printed anew is the same document. Raises ValueError for claims that no printable QR symbol could hold.
    """
    protected = cbor2.dumps({1: -7, 4: key_id(key.public_key())})
    payload = _encode(claims)
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    signature = raw_signature(key.sign(_to_be_signed(protected, payload, installed), algorithm))
    text: str = PREFIXES[installed] + base45.b45encode(_envelope(protected, payload, signature)).decode()
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a token of {len(text)} characters is longer than {MAX_CHARACTERS}")
    return text


def verify(
    text: str, keys: Sequence[ec.EllipticCurvePublicKey], installed: Installed = Installed.REAL
) -> TokenClaims:
    """Read a token of an installation of this kind; the payload is not looked at before its signature is found good.

    Raises one of the five kinds of TokenError, and nothing else, whatever the text.
    """
    protected, kid, payload, signature = _open(text, installed)
    candidates = [key for key in keys if key_id(key) == kid]
    if not candidates:
        raise TokenKeyUnknown(kid=kid.hex())
    message = _to_be_signed(protected, payload, installed)
    if not any(_is_signed_by(key, message, signature) for key in candidates):
        raise TokenSignatureInvalid(kid=kid.hex())
    return _decode(payload)


def key_id(key: ec.EllipticCurvePublicKey) -> bytes:
    """Name a key by what it is, so that issuer, server and scanner agree without a register of names."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:KID_BYTES]


def public_jwks(keys: Sequence[ec.EllipticCurvePublicKey]) -> dict[str, list[dict[str, str]]]:
    """Publish keys as a JSON Web Key Set (RFC 7517) for /.well-known/jwks.json; `kid` is base64url of the 8 bytes."""
    return {"keys": [_jwk(key) for key in keys]}


def signing_key() -> ec.EllipticCurvePrivateKey:
    """The key that signs today: the first of `settings.TIR_SIGNING_KEYS`."""
    return _private_keys(tuple(settings.TIR_SIGNING_KEYS))[0]


def verification_keys() -> tuple[ec.EllipticCurvePublicKey, ...]:
    """Every key whose tokens are still honoured: the public halves of `settings.TIR_SIGNING_KEYS`."""
    return tuple(key.public_key() for key in _private_keys(tuple(settings.TIR_SIGNING_KEYS)))


@lru_cache(maxsize=4)
def _private_keys(pems: tuple[str, ...]) -> tuple[ec.EllipticCurvePrivateKey, ...]:
    return tuple(_private_key(pem) for pem in pems)


def _private_key(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("TIR_SIGNING_KEYS holds a key that is not an EC P-256 private key")
    return key


def _to_be_signed(protected: bytes, payload: bytes, installed: Installed) -> bytes:
    """The Sig_structure of RFC 9052, 4.4; its external data is empty for real papers."""
    external = b"" if installed == Installed.REAL else installed.encode()
    return cbor2.dumps(["Signature1", protected, external, payload])


def _envelope(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(_SIGN1_TAG, [protected, {}, payload, signature]))


def _open(text: str, installed: Installed) -> tuple[bytes, bytes, bytes, bytes]:
    """Take protected header, kid, payload and signature out of the text, without believing any of them yet.

    The parts are put together again and compared, so exactly one text opens to them: nothing can be added or respelt.
    """
    if len(text) > MAX_CHARACTERS:
        raise TokenMalformed
    prefix = PREFIXES[installed]
    if not text.startswith(prefix):
        if text.startswith(tuple(PREFIXES.values())):
            raise TokenOfAnotherKind
        raise TokenVersionUnsupported if _ANY_PREFIX.match(text) else TokenMalformed
    try:
        raw = base45.b45decode(text.removeprefix(prefix))
    except ValueError:
        raise TokenMalformed from None
    parts = _ENVELOPE.fullmatch(raw)
    if parts is None:
        raise TokenMalformed
    protected, kid, payload, signature = parts.group("protected", "kid", "payload", "signature")
    if prefix + base45.b45encode(_envelope(protected, payload, signature)).decode() != text:
        raise TokenMalformed
    return protected, kid, payload, signature


def _is_signed_by(key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(der_signature(signature), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def raw_signature(der: bytes) -> bytes:
    """Return a signature of the library, which speaks DER, as r || s: COSE and WebCrypto want that (RFC 9053, 2.1)."""
    return b"".join(number.to_bytes(COORDINATE_BYTES) for number in decode_dss_signature(der))


def der_signature(raw: bytes) -> bytes:
    """Return r || s as the library reads it."""
    r, s = int.from_bytes(raw[:COORDINATE_BYTES]), int.from_bytes(raw[COORDINATE_BYTES:])
    return encode_dss_signature(r, s)


def _encode(claims: TokenClaims) -> bytes:
    return cbor2.dumps(
        {
            1: claims.issuer,
            2: claims.number,
            6: int(claims.issued_at.timestamp()),
            -1: claims.page,
            -2: claims.holder_id,
            -3: (claims.last_acceptance_date - EPOCH).days,
            -4: list(claims.plates),
            -5: list(claims.territories),
            -6: claims.guarantee,
            -7: VERSION,
        }
    )


def _decode(payload: bytes) -> TokenClaims:
    """Read a payload already known to be signed by one of our keys."""
    try:
        found = cbor2.loads(payload)
        version = _count(found[-7])
        claims = _claims(found) if version == VERSION else None
    except (
        Exception
    ):  # whatever a decoder can trip over in a signed but unreadable payload, the answer is the same
        raise TokenMalformed from None
    if claims is None:
        raise TokenVersionUnsupported
    if _encode(claims) != payload:
        raise TokenMalformed
    return claims


def _claims(found: dict[int, object]) -> TokenClaims:
    return TokenClaims(
        number=_exactly(str, found[2]),
        page=_count(found[-1]),
        holder_id=_exactly(str, found[-2]),
        last_acceptance_date=EPOCH + timedelta(days=_count(found[-3])),
        plates=_texts(found[-4]),
        territories=_texts(found[-5]),
        issuer=_exactly(str, found[1]),
        guarantee=_exactly(str, found[-6]),
        issued_at=datetime.fromtimestamp(_count(found[6]), UTC),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_exactly(str, item) for item in _exactly(list, value))


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _exactly(kind: type[Kind], value: object) -> Kind:
    if type(value) is not kind:  # CBOR's true is not the number 1
        raise TypeError
    return value


def _jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = key.public_numbers()
    x, y = (_base64url(axis.to_bytes(COORDINATE_BYTES)) for axis in (point.x, point.y))
    kind = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig"}
    return kind | {"kid": _base64url(key_id(key)), "x": x, "y": y}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
