"""Keys and secrets: a key is known before it signs, what an older one signed stays good, a revoked one is refused."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from carnets import tokens
from tests.carnets.test_tokens import CLAIMS
from tests.contracts.test_settings import PRODUCTION, check
from tir import keys


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    keys.make_signing_key(tmp_path, signs_from=datetime.now(UTC) - timedelta(days=400))
    return tmp_path


def restart(settings: Settings, directory: Path) -> None:
    settings.TIR_SIGNING_KEYS = keys.read_signing_keys(str(directory), Path("/"))


def test_a_new_key_is_published_before_it_signs_and_the_old_vouchers_stay_good(
    directory: Path, settings: Settings
) -> None:
    restart(settings, directory)
    before = tokens.signing_key()
    voucher = tokens.sign(CLAIMS, before)

    coming = keys.make_signing_key(directory, signs_from=datetime.now(UTC) + timedelta(days=7))
    restart(settings, directory)
    assert tokens.key_id(tokens.signing_key().public_key()) == tokens.key_id(before.public_key())
    assert len(tokens.public_jwks(tokens.verification_keys())["keys"]) == 2

    its_time = coming.with_name(f"{datetime.now(UTC) - timedelta(seconds=1):{keys.NAMED}}.pem")
    coming.rename(its_time)  # seven days later
    restart(settings, directory)
    assert tokens.key_id(tokens.signing_key().public_key()) != tokens.key_id(before.public_key())
    assert tokens.verify(voucher, tokens.verification_keys()) == CLAIMS


def test_a_revoked_key_signs_and_verifies_nothing(directory: Path, settings: Settings) -> None:
    restart(settings, directory)
    voucher = tokens.sign(CLAIMS, tokens.signing_key())
    assert tokens.verify(voucher, tokens.verification_keys()) == CLAIMS
    (leaked,) = directory.glob("*.pem")

    with pytest.raises(ValueError, match="only key that signs"):
        keys.revoke_signing_key(directory, leaked.name)
    keys.make_signing_key(directory)
    keys.revoke_signing_key(directory, leaked.name)
    restart(settings, directory)

    with pytest.raises(tokens.TokenKeyUnknown, match="call your headquarters"):
        tokens.verify(voucher, tokens.verification_keys())
    assert len(tokens.public_jwks(tokens.verification_keys())["keys"]) == 1
    assert (directory / keys.REVOKED / leaked.name).stat().st_mode & 0o077 == 0


def test_a_secret_may_come_from_a_file(db: None, tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    file.write_text(PRODUCTION["SECRET_KEY"] + "\n")

    assert check(SECRET_KEY="", SECRET_KEY_FILE=str(file)).returncode == 0
    assert check(SECRET_KEY="").returncode != 0


SAID = """
import json
from django.conf import settings
print(json.dumps([
    settings.SECRET_KEY, settings.DATABASES["default"]["PASSWORD"], settings.CELERY_BROKER_URL,
    settings.TIR_SIGNING_KEYS, settings.TIR_DRAW_SECRET,
    settings.METRICS_TOKEN, settings.EMAIL_HOST_PASSWORD, str(settings.TIR_WITNESS_KEY),
]))
"""


def test_every_secret_may_come_from_a_file(directory: Path, tmp_path: Path) -> None:
    (pem,) = directory.glob("*.pem")
    secrets = {
        "SECRET_KEY": "a-secret-key-of-fifty-characters-that-signs-sessions",
        "DATABASE_URL": "postgres://tir_web:database-word@localhost/tir",
        "CELERY_BROKER_URL": "redis://:broker-word@localhost:6379/0",
        "TIR_SIGNING_KEYS": pem.read_text(),
        "TIR_DRAW_SECRET": "draw-word",
        "METRICS_TOKEN": "metrics-word",
        "EMAIL_URL": "smtp://user:mail-word@localhost:587",
        "TIR_WITNESS_KEY": "/run/witness.pem",
        "TIR_WITNESS_NAME": "kz.example/witness",
    }
    files = {f"{name}_FILE": tmp_path / name for name in secrets}
    for name, text in secrets.items():
        (tmp_path / name).write_text(text)

    by_name = read_by_settings(**secrets)
    by_file = read_by_settings(**{name: str(path) for name, path in files.items()})

    assert by_name == by_file
    assert all(
        word in str(by_file)
        for word in ("database-word", "broker-word", "draw-word", "metrics-word", "mail-word")
    )


def read_by_settings(**said: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", SAID], cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "tir.settings", "HOME": "/nowhere", **said},
    )  # fmt: skip
    read: list[Any] = json.loads(done.stdout)
    return read


def test_a_connection_to_the_database_is_over_tls_where_its_address_says_so() -> None:
    from django.conf import settings  # noqa: PLC0415 - the fixture of this name is not wanted here
    from environ import Env  # noqa: PLC0415

    told = Env.db_url_config(
        "postgres://tir_web:secret@db:5432/tir?sslmode=verify-full&sslrootcert=/run/ca.pem"
    )
    assert told["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/run/ca.pem"}
    assert "plan_cache_mode" in settings.DATABASES["default"]["OPTIONS"]["options"]
