"""Whether this installation is one for trying out, where carnets may be issued in the past and nothing is real.

The first migration writes it into the database, from the variable SANDBOX, and nothing changes it afterwards: a sandbox
never becomes a real installation, nor a real one a sandbox. Later commands need no variable.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.models import Model

from tir.kernel.clock import now
from tir.kernel.models import Installation

IS_REAL = (
    "SANDBOX is set, but this database was made for real work and never becomes a sandbox. Set DATABASE_URL to an "
    "empty database; on a laptop, start afresh as docs/operations.md says under 1."
)


@cache
def is_sandbox() -> bool:
    """Whether this database was made as a sandbox: read once in a process, because it never changes."""
    return Installation.objects.filter(is_sandbox=True).exists()


def refuse_a_real_one(*, using: str, apps: Any, **_signal: Any) -> None:
    """Before a migration: raise CommandError when a sandbox is asked for and the database is a real one."""
    kept = _kept(apps, using)
    if settings.SANDBOX and kept is not None and not kept.is_sandbox:
        raise CommandError(IS_REAL)


def declare(*, using: str, apps: Any, **_signal: Any) -> None:
    """After the first migration: write down what this database is for."""
    if _installations(apps) is not None and _kept(apps, using) is None:
        Installation.objects.using(using).create(is_sandbox=settings.SANDBOX, made_at=now())
        is_sandbox.cache_clear()


def check_not_a_sandbox(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """For `check --deploy`: a sandbox is no place for real carnets. Where no database answers, nothing is known."""
    try:
        found = settings.SANDBOX or Installation.objects.filter(is_sandbox=True).exists()
    except DatabaseError:
        return []
    hint = "Unset SANDBOX, and set DATABASE_URL to a database that was migrated without it."
    return [Error("This installation is a sandbox.", hint=hint, id="tir.E001")] if found else []


def _installations(apps: Any) -> type[Model] | None:
    """Return the model as far as the database has come; nothing before its table is made."""
    try:
        model: type[Model] = apps.get_model("kernel", "Installation")
    except LookupError:
        return None
    return model


def _kept(apps: Any, using: str) -> Any:
    installations = _installations(apps)
    return None if installations is None else installations._default_manager.using(using).first()
