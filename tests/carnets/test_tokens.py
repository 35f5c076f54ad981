"""Tokens: round trip, agreement with an independent COSE implementation, and refusal of everything else."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cwt import COSE, COSEAlgs, COSEHeaders, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st

from carnets import tokens
from carnets.tokens import (
    MAX_CHARACTERS,
    PREFIX,
    TokenClaims,
    TokenError,
    TokenKeyUnknown,
    TokenMalformed,
    TokenSignatureInvalid,
    TokenVersionUnsupported,
)

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def key_of(secret: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(secret, ec.SECP256R1())


KEY = key_of(0x7112)
PUBLIC = (KEY.public_key(),)
CLAIMS = TokenClaims(
    number="XZ99000001",
    page=5,
    holder_id="UZB/051/1234567",
    last_acceptance_date=date(2026, 11, 30),
    plates=("01 A 123 BC", "01 4567 AA"),
    territories=("CN", "EAEU", "UZ", "TJ"),
    issuer="051",
    guarantee="UZ-2026-000123",
    issued_at=datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
)
TOKEN = tokens.sign(CLAIMS, KEY)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
claims = st.builds(
    TokenClaims,
    number=texts,
    page=st.integers(1, 20),
    holder_id=texts,
    last_acceptance_date=st.dates(date(1970, 1, 1)),
    plates=st.lists(texts, max_size=4).map(tuple),
    territories=st.lists(texts, max_size=10).map(tuple),
    issuer=texts,
    guarantee=texts,
    issued_at=st.integers(0, 253402300799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


def raw_of(token: str) -> bytes:
    return base45.b45decode(token.removeprefix(PREFIX))


def token_of(raw: bytes) -> str:
    return PREFIX + base45.b45encode(raw).decode()


def signed(payload: bytes, key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """A genuine signature over any payload: what a faulty issuer of ours could produce."""
    protected = cbor2.dumps({1: -7, 4: tokens.key_id(key.public_key())})
    signature = tokens.raw_signature(
        key.sign(
            tokens._to_be_signed(protected, payload, tokens.Installed.REAL), ec.ECDSA(tokens.hashes.SHA256())
        )
    )
    return token_of(tokens._envelope(protected, payload, signature))


class TestSign:
    def test_reads_back_as_written(self) -> None:
        assert tokens.verify(TOKEN, PUBLIC) == CLAIMS

    @given(claims)
    def test_reads_back_whatever_is_written(self, claims: TokenClaims) -> None:
        assert tokens.verify(tokens.sign(claims, KEY), PUBLIC) == claims

    def test_gives_the_same_token_for_the_same_claims(self) -> None:
        assert tokens.sign(CLAIMS, KEY) == TOKEN

    def test_gives_every_page_its_own_token(self) -> None:
        pages = {tokens.sign(replace(CLAIMS, page=page), KEY) for page in range(1, 21)}

        assert len(pages) == 20

    @given(claims)
    def test_stays_in_the_alphabet_of_qr_alphanumeric_mode(self, claims: TokenClaims) -> None:
        assert set(tokens.sign(claims, KEY)) <= set(ALPHANUMERIC)

    @given(claims)
    def test_never_ends_in_a_space_that_a_form_would_strip(self, claims: TokenClaims) -> None:
        assert not tokens.sign(claims, KEY).endswith(" ")

    def test_carries_no_more_than_the_documented_keys(self) -> None:
        payload = cbor2.loads(raw_of(TOKEN)).value[2]
        documented = re.findall(r"^\| (-?\d+) ", tokens.__doc__ or "", re.MULTILINE)

        assert [str(key) for key in cbor2.loads(payload)] == documented

    def test_is_deterministic_cbor(self) -> None:
        payload = cbor2.loads(raw_of(TOKEN)).value[2]

        assert cbor2.dumps(cbor2.loads(payload), canonical=True) == payload

    def test_refuses_claims_too_long_for_a_symbol(self) -> None:
        with pytest.raises(ValueError, match="longer than"):
            tokens.sign(replace(CLAIMS, plates=("A" * MAX_CHARACTERS,)), KEY)


class TestSize:
    @pytest.mark.parametrize(
        ("plates", "territories", "guarantee", "limit"),
        [
            (("01 A 123 BC",), ("UZ", "TJ"), "UZ-2026-000123", 290),
            (("01 A 123 BC", "01 4567 AA"), ("CN", "EAEU", "UZ", "TJ"), "UZ-2026-000123", 320),
            (("01 A 123 BC", "01 4567 AA"), ("CN", "EAEU", "UZ", "TJ", "AF", "PK", "IR"), "G" * 35, 370),
            (
                ("ABC 123456 XY",) * 4,
                ("GEO", "AZE", "TKM", "UZB", "TJK", "KGZ", "CHN", "MNG", "EAEU", "EU"),
                "G" * 35,
                470,
            ),
        ],
        ids=["smallest", "usual", "long_route", "longest"],
    )
    def test_fits_a_symbol_that_prints_well_at_forty_millimetres(
        self, plates: tuple[str, ...], territories: tuple[str, ...], guarantee: str, limit: int
    ) -> None:
        claims = replace(CLAIMS, plates=plates, territories=territories, guarantee=guarantee)

        assert len(tokens.sign(claims, KEY)) <= limit


class TestIndependentImplementation:
    """`cwt` is a COSE library by other authors: what it reads and writes, we must write and read."""

    COSE_KEY = COSEKey.from_pem(
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), kid=tokens.key_id(PUBLIC[0])
    )

    def test_reads_what_we_sign(self) -> None:
        payload = COSE.new().decode(raw_of(TOKEN), keys=self.COSE_KEY)

        assert cbor2.loads(payload)[2] == CLAIMS.number

    def test_refuses_ours_when_altered(self) -> None:
        raw = raw_of(TOKEN)

        with pytest.raises(Exception, match="verify"):
            COSE.new().decode(raw[:-1] + bytes([raw[-1] ^ 1]), keys=self.COSE_KEY)

    def test_signs_what_we_read(self) -> None:
        protected = {COSEHeaders.ALG: COSEAlgs.ES256, COSEHeaders.KID: tokens.key_id(PUBLIC[0])}
        raw = COSE.new().encode(tokens._encode(CLAIMS), self.COSE_KEY, protected=protected)

        assert tokens.verify(token_of(raw), PUBLIC) == CLAIMS


class TestRefusal:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "TIR1:",
            "TIR1",
            "HC1:ABC",
            "XZ99000001",
            "tir1:ABC",
            TOKEN[:-1],
            TOKEN[:-3],
            TOKEN + "0",
            TOKEN + "\n",
        ]
        + [
            " " + TOKEN,
            TOKEN.lower(),
            TOKEN + TOKEN[5:],
            "TIR1:" + "Ω" * 40,
            "TIR1:\ud800",
            "TIR1:" + "0" * 3_000,
        ],
    )
    def test_token_malformed(self, text: str) -> None:
        with pytest.raises(TokenMalformed):
            tokens.verify(text, PUBLIC)

    def test_token_unknown_key(self) -> None:
        with pytest.raises(TokenKeyUnknown) as refusal:
            tokens.verify(TOKEN, (key_of(2).public_key(),))

        assert refusal.value.facts == {"kid": tokens.key_id(PUBLIC[0]).hex()}

    def test_token_signature_invalid(self) -> None:
        raw = raw_of(TOKEN)

        with pytest.raises(TokenSignatureInvalid):
            tokens.verify(token_of(raw.replace(b"XZ99000001", b"XC99000002")), PUBLIC)

    @pytest.mark.parametrize("text", ["TIR2:" + TOKEN[5:], "TIR99:ABC", "TIR0:"])
    def test_token_version_unsupported_by_its_prefix(self, text: str) -> None:
        with pytest.raises(TokenVersionUnsupported):
            tokens.verify(text, PUBLIC)

    def test_token_version_unsupported_by_its_signed_claim(self) -> None:
        with pytest.raises(TokenVersionUnsupported):
            tokens.verify(signed(cbor2.dumps({-7: 2, 99: "something new"})), PUBLIC)

    @pytest.mark.parametrize(
        "error",
        [TokenMalformed, TokenKeyUnknown, TokenSignatureInvalid, TokenVersionUnsupported],
        ids=lambda error: error.code,
    )
    def test_says_what_to_do_in_a_sentence(self, error: type[TokenError]) -> None:
        assert str(error().detail).endswith(".")

    @pytest.mark.parametrize("position", range(len(TOKEN)))
    def test_refuses_every_change_of_one_character(self, position: int) -> None:
        for other in set(ALPHANUMERIC) - {TOKEN[position]}:
            with pytest.raises(TokenError):
                tokens.verify(TOKEN[:position] + other + TOKEN[position + 1 :], PUBLIC)

    def test_refuses_every_change_of_one_byte(self) -> None:
        raw = raw_of(TOKEN)
        for position in range(len(raw)):
            for flip in (0x01, 0x20, 0x80, 0xFF):
                altered = raw[:position] + bytes([raw[position] ^ flip]) + raw[position + 1 :]
                with pytest.raises(TokenError):
                    tokens.verify(token_of(altered), PUBLIC)

    def test_refuses_the_same_content_in_another_spelling(self) -> None:
        raw = raw_of(TOKEN)
        untagged, with_header = raw[1:], raw.replace(b"\xa0\x58", b"\xa1\x04\x40\x58", 1)
        longer_length = raw.replace(b"\xa0\x58", b"\xa0\x59\x00", 1)

        for spelling in (untagged, with_header, longer_length, raw + b"\x00"):
            with pytest.raises(TokenMalformed):
                tokens.verify(token_of(spelling), PUBLIC)

    def test_refuses_another_key_that_shares_the_key_id(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tokens, "key_id", lambda key: b"\x00" * 8)
        token = tokens.sign(CLAIMS, KEY)

        with pytest.raises(TokenSignatureInvalid):
            tokens.verify(token, (key_of(2).public_key(),))
        assert tokens.verify(token, (key_of(2).public_key(), *PUBLIC)) == CLAIMS


class TestSignatureComesFirst:
    def test_never_decodes_an_unsigned_payload(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def decode(payload: bytes) -> TokenClaims:
            raise AssertionError("the payload was read before its signature was checked")

        monkeypatch.setattr(tokens, "_decode", decode)

        with pytest.raises(TokenSignatureInvalid):
            tokens.verify(token_of(raw_of(TOKEN)[:-1] + b"\x00"), PUBLIC)

    @pytest.mark.parametrize(
        "payload",
        [
            b"",
            b"\xff",
            b"\x81" * 1_000 + b"\x00",
            b"\xbf" * 500,
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
            b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\xa1\x80\x01",
            cbor2.dumps("a text"),
            cbor2.dumps({}),
            cbor2.dumps({-7: True}),
            cbor2.dumps({-7: 1}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {-1: "5"}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {-1: True}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {-3: 2**62}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {6: -1}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {6: 2**63}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {-4: [1]}),
            cbor2.dumps(cbor2.loads(tokens._encode(CLAIMS)) | {7: "more"}),
            tokens._encode(CLAIMS) + b"\x00",
        ],
    )
    def test_a_signed_but_unreadable_payload_is_malformed(self, payload: bytes) -> None:
        with pytest.raises(TokenMalformed):
            tokens.verify(signed(payload), PUBLIC)

    @settings(max_examples=300)
    @given(st.binary(max_size=400))
    def test_a_signed_payload_of_any_bytes_raises_only_token_errors(self, payload: bytes) -> None:
        with pytest.raises(TokenError):
            tokens.verify(signed(payload), PUBLIC)


class TestFuzz:
    """Ten thousand texts, grown from a real token and from nothing; only TokenError may come out."""

    @staticmethod
    def _noise(chance: random.Random) -> str:
        return PREFIX + "".join(chance.choices(ALPHANUMERIC, k=chance.randrange(600)))

    @staticmethod
    def _bytes(chance: random.Random) -> str:
        return token_of(chance.randbytes(chance.randrange(400)))

    @staticmethod
    def _unicode(chance: random.Random) -> str:
        return PREFIX + "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(60)))

    @staticmethod
    def _mutation(chance: random.Random) -> str:
        raw = bytearray(raw_of(TOKEN))
        for _ in range(chance.randrange(1, 6)):
            position = chance.randrange(len(raw))
            raw[position : position + chance.randrange(3)] = chance.randbytes(chance.randrange(1, 4))
        return token_of(bytes(raw))

    @staticmethod
    def _envelope(chance: random.Random) -> str:
        kid = tokens.key_id(PUBLIC[0])
        protected = cbor2.dumps({1: -7, 4: kid})
        return token_of(
            tokens._envelope(protected, chance.randbytes(chance.randrange(300)), chance.randbytes(64))
        )

    @staticmethod
    def _nesting(chance: random.Random) -> str:
        opener = chance.choice(
            [b"\x81", b"\x9f", b"\xa1\x00", b"\xd2\x84", b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff"]
        )
        return token_of(opener * chance.randrange(1, 700))

    def test_only_token_errors_come_out(self) -> None:
        chance = random.Random(7112)
        kinds: list[Callable[[random.Random], str]] = [
            self._noise, self._bytes, self._unicode, self._mutation, self._envelope, self._nesting,
        ]  # fmt: skip

        for _ in range(10_000):
            text = chance.choice(kinds)(chance)
            if text != TOKEN:
                with pytest.raises(TokenError):
                    tokens.verify(text, PUBLIC)
