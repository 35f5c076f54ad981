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


def test_cookies_of_production_are_this_hosts_alone(db: None) -> None:
    """A browser keeps a cookie named __Host- to one host, TLS and the whole of it."""
    names = ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE")
    said = "; ".join(f"print(s.{name}_NAME, s.{name}_SECURE, s.{name}_SAMESITE)" for name in names)
    inherited = environment_of(connection.settings_dict["NAME"])
    asked = [sys.executable, "-c", f"from django.conf import settings as s; {said}"]
    for behind_tls, prefix in (("1", "__Host-"), ("0", "")):
        environment = {**inherited, **PRODUCTION, "BEHIND_TLS": behind_tls}
        told = subprocess.run(
            asked, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=True, text=True
        )
        for line in told.stdout.splitlines():
            name, is_secure, same_site = line.split()
            assert (name.startswith("__Host-"), is_secure) == (bool(prefix), str(bool(prefix)))
            assert same_site == "Lax"
