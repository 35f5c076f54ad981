"""The laptop's own secrets: made once, random, readable by their owner, never in the repository."""

import os
import secrets
from pathlib import Path

from tir import keys, roles

ADMINISTRATOR = "tir"  # the superuser of the cluster, by the name it has had from the first release on
PASSWORDS = {
    ADMINISTRATOR: "TIR_LAPTOP_DATABASE_PASSWORD",
    **{role: roles.password_variable(role) for role in roles.ROLES},
}
LOG_KEY = "log-key.pem"


def ensure_secrets(directory: Path) -> Path:
    """Write `env` in the state directory on first use; later runs keep what is there."""
    path = directory / "env"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys.make_signing_key(directory / "keys")
        _write_private(path, _variables())
    if not (directory / LOG_KEY).exists():  # also beside what an earlier release made
        keys.make_log_key(directory / LOG_KEY)
    return path


def ensure_passwords(directory: Path) -> dict[str, str]:
    """Return the database passwords by role, made on first use. They stand in `database.env`, apart from what the
    scripts export; there also goes the one that `env` had before there were roles."""
    path, exported = directory / "database.env", directory / "env"
    known, others = read_variables(path), read_variables(exported)
    moved = {name: others.pop(name) for name in PASSWORDS.values() if name in others}
    made = {name: secrets.token_urlsafe(24) for name in PASSWORDS.values()}
    if made.keys() != known.keys():
        known = {**made, **moved, **known}
        write_variables(path, known)
    if moved:
        write_variables(exported, others)
    return {role: known[name] for role, name in PASSWORDS.items()}


def read_variables(path: Path) -> dict[str, str]:
    """Return the variables of a file of NAME=value lines, values taken as they stand."""
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write_variables(path: Path, variables: dict[str, str]) -> None:
    """Replace such a file in one step, so that no reader ever meets half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    _write_private(fresh, variables)
    fresh.replace(path)


def _variables() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TIR_SIGNING_KEYS": ".local/keys",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],testserver",
        "BEHIND_TLS": "0",
        "LOG_FORMAT": "console",
    }


def _write_private(path: Path, variables: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in variables.items())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
