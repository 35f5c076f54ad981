"""The settings of production are safe ones, and they stop where something is missing rather than guess."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.databases import environment_of

PRODUCTION = {
    "SECRET_KEY": "long and random: 5f8a1cc2e94b4d0fa07be86c13d2f94e7720abf3",
    "ALLOWED_HOSTS": "tir.example.org",
    "BEHIND_TLS": "1",
    "DEBUG": "0",
}
REQUIRED = ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "TIR_SIGNING_KEYS")


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run Django's own checks for production in a process that knows only these settings."""
    ours = "DJANGO_ALLOW_ASYNC_UNSAFE"  # set by the browser tests for the process of the tests alone
    inherited = environment_of(connection.settings_dict["NAME"])  # the laptop's own may be a sandbox
    inherited.pop(ours, None)
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={**inherited, **PRODUCTION, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_of_production_pass_every_check_for_deployment(db: None) -> None:
    checked = check()

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", REQUIRED)
def test_without_a_secret_name_it_and_stop(name: str) -> None:
    checked = check(**{name: ""})

    assert checked.returncode != 0
    assert f"{name} is not set" in checked.stderr
