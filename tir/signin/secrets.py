"""Secrets that are made here: long random texts, of which a digest is kept, and what must be read again, sealed."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

BYTES = 32


def new_secret() -> str:
    """Return 256 random bits as text for an address or a header."""
    return secrets.token_urlsafe(BYTES)


def digest_of(secret: str) -> str:
    """Return what is kept of a random secret. Not for passwords: those people choose, so they take Argon2."""
    return sha256(secret.encode()).hexdigest()


def seal(text: str) -> str:
    """Return a text as it may stand in the database; SECRET_KEY opens it, or one of SECRET_KEY_FALLBACKS."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Return the text again, or None if none of our keys opens it."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([
        Fernet(urlsafe_b64encode(sha256(b"tir.signin.sealed:" + str(key).encode()).digest())) for key in keys
    ])  # fmt: skip
