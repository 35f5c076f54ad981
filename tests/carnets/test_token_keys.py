"""The keys of tokens: their names, what is published of them, and which of those configured signs."""

import base64
import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pytest_django import Settings

from carnets import tokens
from tests.carnets.test_tokens import CLAIMS, KEY, PUBLIC, TOKEN, key_of


class TestPublicKeys:
    def test_names_a_key_by_its_public_key_info(self) -> None:
        der = PUBLIC[0].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

        assert tokens.key_id(PUBLIC[0]) == sha256(der).digest()[:8]

    def test_publishes_a_json_web_key_set(self) -> None:
        published = json.loads(json.dumps(tokens.public_jwks(PUBLIC)))["keys"][0]

        assert {name: published[name] for name in ("kty", "crv", "alg", "use")} == {
            "kty": "EC",
            "crv": "P-256",
            "alg": "ES256",
            "use": "sig",
        }
        assert base64.urlsafe_b64decode(published["kid"] + "=") == tokens.key_id(PUBLIC[0])

    def test_publishes_enough_to_rebuild_the_key(self) -> None:
        published = tokens.public_jwks(PUBLIC)["keys"][0]
        x, y = (int.from_bytes(base64.urlsafe_b64decode(published[axis] + "=")) for axis in ("x", "y"))
        rebuilt = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()

        assert tokens.verify(TOKEN, (rebuilt,)) == CLAIMS

    def test_never_publishes_a_private_part(self) -> None:
        assert all("d" not in key for key in tokens.public_jwks(PUBLIC)["keys"])


class TestConfiguredKeys:
    @staticmethod
    def _pem(key: ec.EllipticCurvePrivateKey) -> str:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def test_the_first_signs_and_all_verify(self, settings: Settings) -> None:
        settings.TIR_SIGNING_KEYS = [self._pem(key_of(5)), self._pem(KEY)]

        fresh = tokens.sign(CLAIMS, tokens.signing_key())

        assert tokens.verify(fresh, (key_of(5).public_key(),)) == CLAIMS
        assert tokens.verify(TOKEN, tokens.verification_keys()) == CLAIMS

    def test_refuses_a_key_of_another_curve(self, settings: Settings) -> None:
        settings.TIR_SIGNING_KEYS = [self._pem(ec.derive_private_key(5, ec.SECP384R1()))]

        with pytest.raises(ValueError, match="P-256"):
            tokens.signing_key()
