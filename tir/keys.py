"""The private keys that sign vouchers, receipts and the log: where they are read from, and how a new one is made.

A directory of PEM files is the normal form: names are dates, the newest name signs, every key still verifies,
so a rotation is one new file and a restart. `python -m tir.keys new DIRECTORY` makes the first. Each later one, and one
taken out for good, needs two people: `manage.py signing_key` (`tir.approvals.signing_keys`). A key of a day to come is
published and verifies at once, and signs after the first restart from then on. `new-log FILE` makes the key of the log,
which only the process that lets it grow may read.

A key that is made where INSTALLATION is `training` or `demo` says so in a line before its PEM text (RFC 7468 allows for
such lines), and a real installation does not start with it.
"""

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from django.core.exceptions import ImproperlyConfigured

BEGIN = "-----BEGIN"
NAMED = "%Y-%m-%dT%H%M%SZ"  # by the instant from which a key signs
NOT_REAL = ("training", "demo")
_MADE_FOR = re.compile(rf"^Made for ({'|'.join(NOT_REAL)})\.$", re.MULTILINE)
REVOKED = "revoked"  # a directory beside the keys, which nobody reads


def read_signing_keys(value: str, base: Path) -> list[str]:
    """Return the PEM keys that `value` holds, or names as a path below `base`, the signing one first."""
    pems = _split(value.replace("\\n", "\n")) if BEGIN in value else _from_disk(base / value)
    if not pems:
        raise ImproperlyConfigured(
            "TIR_SIGNING_KEYS holds no PEM private key: python -m tir.keys new DIRECTORY."
        )
    return pems


def made_for(value: str, base: Path) -> frozenset[str]:
    """Return the kinds of installation, `training` or `demo`, that the keys say they were made for."""
    path = base / value if BEGIN not in value else None
    files = [] if path is None else _newest_first(path) if path.is_dir() else [path] if path.is_file() else []
    texts = [value.replace("\\n", "\n")] if path is None else [file.read_text() for file in files]
    return frozenset(found for text in texts for found in _MADE_FOR.findall(text))


def make_signing_key(directory: Path, *, signs_from: datetime | None = None) -> Path:
    """Write a fresh EC P-256 key that signs from an instant on, now or to come, readable by its owner only."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{(signs_from or datetime.now(UTC)).astimezone(UTC):{NAMED}}.pem"
    return _write(path, ec.generate_private_key(ec.SECP256R1()))


def revoke_signing_key(directory: Path, name: str) -> Path:
    """Put a key where nobody reads it. Raises ValueError for one that is not there, and for the last that signs: make
    another one first."""
    path = to_revoke(directory, name)
    (directory / REVOKED).mkdir(mode=0o700, exist_ok=True)
    return path.rename(directory / REVOKED / path.name)


def to_revoke(directory: Path, name: str) -> Path:
    """Return the file of a key that could be revoked. Raises ValueError as `revoke_signing_key` does."""
    path = directory / f"{Path(name).name.removesuffix('.pem')}.pem"
    signing = [file for file in _newest_first(directory) if _signs_by(file, datetime.now(UTC))]
    if not path.is_file():
        raise ValueError(f"There is no key {path}.")
    if signing == [path]:
        raise ValueError("This is the only key that signs today: make another one first.")
    return path


def names(directory: Path) -> list[str]:
    """Return the names of the keys in a directory, the newest first."""
    return [file.stem for file in _newest_first(directory)]


def make_log_key(path: Path) -> Path:
    """Write a fresh Ed25519 key, readable by its owner only. Raises FileExistsError: a log's key is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _write(path, ed25519.Ed25519PrivateKey.generate())


def _write(path: Path, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> Path:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    installation = os.environ.get("INSTALLATION", "")
    said = f"Made for {installation}.\n" if installation in NOT_REAL else ""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(said.encode() + pem)
    return path


def _from_disk(path: Path) -> list[str]:
    if path.is_dir():
        now = datetime.now(UTC)
        in_order = sorted(_newest_first(path), key=lambda file: not _signs_by(file, now))
        return [pem for file in in_order for pem in _split(file.read_text())]
    return _split(path.read_text()) if path.is_file() else []


def _newest_first(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.pem"), reverse=True)


def _signs_by(file: Path, at: datetime) -> bool:
    """Whether a key's time to sign has come; a name that is no instant says nothing against it."""
    try:
        return datetime.strptime(file.stem, NAMED).replace(tzinfo=UTC) <= at
    except ValueError:
        return True


def _split(text: str) -> list[str]:
    return [BEGIN + part.rstrip() + "\n" for part in text.split(BEGIN)[1:]]


def main(arguments: list[str]) -> str:
    """Do what the command line asks and return what to say of it. Raises ValueError with a sentence."""
    match arguments:
        case ["new", directory, *_rest] if names(Path(directory)):
            raise ValueError(
                f"{directory} has a key. Another one needs two people: manage.py signing_key new {directory}."
            )
        case ["new", directory]:
            return str(make_signing_key(Path(directory)))
        case ["new", directory, "--from", instant]:
            signs_from = datetime.fromisoformat(instant)
            if signs_from.tzinfo is None:
                raise ValueError("Give the instant with its offset: 2026-12-05T00:00:00+00:00.")
            return str(make_signing_key(Path(directory), signs_from=signs_from))
        case ["revoke", directory, name]:
            raise ValueError(f"This needs two people: manage.py signing_key revoke {directory} {name}.")
        case ["new-log", file]:
            return str(make_log_key(Path(file)))
    raise ValueError("usage: python -m tir.keys new DIRECTORY [--from INSTANT], or new-log FILE")


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]) + "\n")
    except ValueError as error:
        sys.exit(f"tir.keys: {error}")
