"""The private keys that sign vouchers: where they are read from, and how a new one is made.

A directory of PEM files is the normal form: names are dates, the newest name signs, every key still verifies,
so a rotation is one new file and a restart. `python -m tir.keys new DIRECTORY` adds one.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

BEGIN = "-----BEGIN"


def read_signing_keys(value: str, base: Path) -> list[str]:
    """Return the PEM keys that `value` holds, or names as a path below `base`, the signing one first."""
    pems = _split(value.replace("\\n", "\n")) if BEGIN in value else _from_disk(base / value)
    if not pems:
        raise ImproperlyConfigured(
            "TIR_SIGNING_KEYS holds no PEM private key: python -m tir.keys new DIRECTORY."
        )
    return pems


def make_signing_key(directory: Path) -> Path:
    """Write a fresh EC P-256 key that sorts after every earlier one, readable by its owner only."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.pem"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_generate())
    return path


def _generate() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _from_disk(path: Path) -> list[str]:
    if path.is_dir():
        newest_first = sorted(path.glob("*.pem"), reverse=True)
        return [pem for file in newest_first for pem in _split(file.read_text())]
    return _split(path.read_text()) if path.is_file() else []


def _split(text: str) -> list[str]:
    return [BEGIN + part.rstrip() + "\n" for part in text.split(BEGIN)[1:]]


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "new":  # noqa: PLR2004
        sys.exit("usage: python -m tir.keys new DIRECTORY")
    sys.stdout.write(f"{make_signing_key(Path(sys.argv[2]))}\n")
