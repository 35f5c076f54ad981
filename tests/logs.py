"""A log to test with: name, key and copy outside are of one test; and what both verifiers say of it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.world import START
from tir.log.keys import record_key
from tir.log.models import Checkpoint, Log

ORIGIN = "tir.example/log"
VERIFIER = "docs/verify.py"


def private_key(of: str) -> Ed25519PrivateKey:
    """Return the same key for the same words."""
    return Ed25519PrivateKey.from_private_bytes(sha256(of.encode()).digest())


@contextmanager
def log_in(directory: Path, origin: str = ORIGIN) -> Iterator[Path]:
    """Keep key and latest checkpoint of the log there."""
    key = directory / "log-key.pem"
    key.write_bytes(private_key("the log").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    heads = directory / "heads"
    with override_settings(TIR_LOG_KEY=key, TIR_LOG_HEADS=heads, TIR_LOG_ORIGIN=origin):
        yield heads


def put_rows(count: int, called: str = "row") -> None:
    """Put rows on record that say nothing: the smallest that any ledger has."""
    for number in range(count):
        record_key("tried", f"{called} {number}", START)


def newest(log: Log | None = None) -> Checkpoint:
    """Return the newest checkpoint, of the newest log."""
    found = Checkpoint.objects.filter(log=log) if log else Checkpoint.objects
    return found.latest("pk")


def faults(*kept: Path) -> list[str]:
    """Return what `manage.py verify` names, and see to it that its exit tells the same."""
    said: dict[str, Any] = {"stdout": StringIO(), "stderr": StringIO()}
    refused = False
    try:
        call_command("verify", checkpoint=[str(path) for path in kept], **said)
    except CommandError:
        refused = True
    found = said["stderr"].getvalue().splitlines()
    assert refused == bool(found)
    return found


def verified_alone(directory: Path, *kept: Path) -> tuple[int, list[str]]:
    """Return how `docs/verify.py` ends over an export, and what it names."""
    options = [part for path in kept for part in ("--checkpoint", str(path))]
    ended = subprocess.run(
        [sys.executable, "-I", str(Path(settings.BASE_DIR) / VERIFIER), str(directory), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stderr.splitlines()


def is_named(word: str, found: Sequence[str]) -> bool:
    """Whether one of the faults has the word."""
    return any(word in fault for fault in found)
