"""The keys of the log: the one that signs its checkpoints, and the record of every key that others verify with."""

from base64 import b64encode
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from tir.kernel.sandbox import Kind
from tir.log.errors import LogStopped
from tir.log.models import VerifierKey
from tir.log.notes import Signer


def signer_of(origin: str) -> Signer:
    """Return what signs the checkpoints of that log. Raises LogStopped where TIR_LOG_KEY holds no Ed25519 key."""
    return Signer(origin, _private_key("TIR_LOG_KEY"))


def kind_of_origin(origin: str) -> Kind:
    """Return what the installation of a log is for, as the log's name says at its end."""
    return next((each for each in (Kind.TRAINING, Kind.DEMO) if origin.endswith(f"/{each}")), Kind.REAL)


def witness_signer() -> Signer | None:
    """Return what signs as a witness; nothing where this node is none. Raises LogStopped where TIR_WITNESS_KEY holds no
    Ed25519 key."""
    return (
        Signer(settings.TIR_WITNESS_NAME, _private_key("TIR_WITNESS_KEY"))
        if settings.TIR_WITNESS_KEY
        else None
    )


def _private_key(setting: str) -> Ed25519PrivateKey:
    path: Path = getattr(settings, setting)
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise LogStopped(f"{setting} cannot be read: {error}") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise LogStopped(f"{setting} names no Ed25519 key: python -m tir.keys new-log FILE makes one.")
    return found


def record_key(purpose: str, text: str, at: datetime) -> None:
    """Put on record that a key is used from now on, unless it is known. The log takes the row in like any other."""
    VerifierKey.objects.get_or_create(purpose=purpose, text=text, defaults={"at": at})


def voucher_keys() -> list[str]:
    """Return the public halves of what signs vouchers and receipts: SubjectPublicKeyInfo in DER, in base64."""
    return [_public_half(pem) for pem in settings.TIR_SIGNING_KEYS]


def _public_half(pem: str) -> str:
    public = serialization.load_pem_private_key(pem.encode(), password=None).public_key()
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return b64encode(public.public_bytes(encoding, form)).decode()
