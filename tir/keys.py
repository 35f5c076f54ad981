"""The private keys that sign vouchers, receipts and the log: where they are read from, and how a new one is made.

A directory of PEM files is the normal form: names are dates, the newest name signs, every key still verifies,
so a rotation is one new file and a restart. `python -m tir.keys new DIRECTORY` adds one; `new-log FILE` makes the key
of the log, which only the process that lets it grow may read.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
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
    return _write(path, ec.generate_private_key(ec.SECP256R1()))


def make_log_key(path: Path) -> Path:
    """Write a fresh Ed25519 key, readable by its owner only. Raises FileExistsError: a log's key is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _write(path, ed25519.Ed25519PrivateKey.generate())


def _write(path: Path, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> Path:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    return path


def _from_disk(path: Path) -> list[str]:
    if path.is_dir():
        newest_first = sorted(path.glob("*.pem"), reverse=True)
        return [pem for file in newest_first for pem in _split(file.read_text())]
    return _split(path.read_text()) if path.is_file() else []


def _split(text: str) -> list[str]:
    return [BEGIN + part.rstrip() + "\n" for part in text.split(BEGIN)[1:]]


if __name__ == "__main__":
    making = {"new": make_signing_key, "new-log": make_log_key}
    if len(sys.argv) != 3 or sys.argv[1] not in making:  # noqa: PLR2004
        sys.exit("usage: python -m tir.keys new DIRECTORY, or new-log FILE")
    sys.stdout.write(f"{making[sys.argv[1]](Path(sys.argv[2]))}\n")
