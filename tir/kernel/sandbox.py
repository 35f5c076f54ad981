"""What this installation is for: real work, training, or a demonstration, also called a sandbox.

The first migration writes it into the database, from the variable INSTALLATION, and nothing changes it afterwards: none
of the three ever becomes another. Later commands need no variable; one that says another word is refused. In a sandbox
carnets may be issued in the past; training is like real work in everything but that its pages and papers say so.
"""

from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tir.kernel.clock import now
from tir.kernel.errors import Refused
from tir.kernel.models import Installation


class Kind(StrEnum):
    """The three."""

    REAL = "real"
    TRAINING = "training"
    DEMO = "demo"


IS_ANOTHER = (
    "INSTALLATION asks for {asked}, but this database was made for {kept} and never becomes another. Set DATABASE_URL "
    "to an empty database; on a laptop, start afresh as docs/operations.md says under 1."
)
WORK = {Kind.REAL: "real work", Kind.TRAINING: "training", Kind.DEMO: "a demonstration (a sandbox)"}
KEYS_OF_ANOTHER = (
    "TIR_SIGNING_KEYS holds a key that was made for {made}, and this database was made for {kept}: what one signs "
    "would pass for the other's. Make a key of its own with python -m tir.keys new DIRECTORY, and take that one out."
)
IS_REAL = (
    "This command makes things up, and this database was made for real work: nothing was written. It runs where the "
    "first migration was told INSTALLATION=demo or INSTALLATION=training."
)


class OtherInstallation(Refused):
    """What is brought here comes from an installation of another kind: real work and training are kept apart."""

    code = "other_installation"


FROM_ANOTHER = {
    Kind.REAL: _(
        "This comes from real work, and this installation is for training or demonstration: nothing of it was taken "
        "in. Bring it to the real one."
    ),
    Kind.TRAINING: _(
        "This comes from an installation for training, and real work and training are kept apart: nothing of it was "
        "taken in."
    ),
    Kind.DEMO: _(
        "This comes from a demonstration, and that is kept apart from real work and training: nothing of it was taken "
        "in."
    ),
}


@cache
def kind() -> Kind:
    """What this database was made for: read once in a process, because it never changes."""
    kept = Installation.objects.first()
    return Kind.REAL if kept is None else _kind_of(kept)


def is_sandbox() -> bool:
    """Whether this database was made as a sandbox."""
    return kind() == Kind.DEMO


def ensure_from_here(theirs: Kind) -> None:
    """Raise OtherInstallation for what an installation of another kind brought forth."""
    if theirs != kind():
        raise OtherInstallation(FROM_ANOTHER[theirs], theirs=theirs.value, ours=kind().value)


def refuse_what_is_real() -> None:
    """Raise CommandError in a real installation, before a command that makes things up."""
    if kind() == Kind.REAL:
        raise CommandError(IS_REAL)


def refuse_another(*, using: str, apps: Any, **_signal: Any) -> None:
    """Before a migration: raise CommandError when one kind is asked for and the database is of another."""
    kept = _kept(apps, using)
    if kept is not None and (said := _difference(_kind_of(kept))):
        raise CommandError(said)


def ensure_kind() -> None:
    """At the start of a web server: raise ImproperlyConfigured when the database is of another kind than is asked for,
    or than its keys. Where no database answers, nothing is known, and requests say so."""
    for found in (*check_kind(None), *check_keys(None)):
        raise ImproperlyConfigured(found.msg)


def declare(*, using: str, apps: Any, **_signal: Any) -> None:
    """After the first migration: write down what this database is for."""
    installations = _installations(apps)
    if installations is None or _kept(apps, using) is not None:
        return
    asked = Kind(settings.INSTALLATION or Kind.REAL)
    said = {"is_sandbox": asked == Kind.DEMO, "is_training": asked == Kind.TRAINING}
    known = {field.name for field in installations._meta.get_fields()}
    if asked == Kind.TRAINING and "is_training" not in known:
        return  # migrated half way by hand: said once it can be
    columns = {name: value for name, value in said.items() if name in known}
    installations._default_manager.using(using).create(**columns, made_at=now())
    kind.cache_clear()


def check_kind(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Whether the database is of the kind that INSTALLATION says, if it says any."""
    if not settings.INSTALLATION:
        return []
    try:
        kept = Installation.objects.first()
    except DatabaseError:
        return []
    said = "" if kept is None else _difference(_kind_of(kept))
    return [Error(said, id="tir.E002")] if said else []


def check_keys(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Whether each signing key that says what it was made for was made for this kind of installation."""
    if not settings.TIR_SIGNING_KEYS_MADE_FOR:
        return []
    try:
        kept = Installation.objects.first()
    except DatabaseError:
        return []
    others = [] if kept is None else sorted(settings.TIR_SIGNING_KEYS_MADE_FOR - {_kind_of(kept).value})
    return [
        Error(KEYS_OF_ANOTHER.format(made=WORK[Kind(made)], kept=WORK[_kind_of(kept)]), id="tir.E003")
        for made in others
    ]


def check_not_a_sandbox(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """For `check --deploy`: a sandbox is no place for real carnets. Where no database answers, nothing is known."""
    try:
        found = settings.SANDBOX or Installation.objects.filter(is_sandbox=True).exists()
    except DatabaseError:
        return []
    hint = "Unset SANDBOX, and set DATABASE_URL to a database that was migrated without it."
    return [Error("This installation is a sandbox.", hint=hint, id="tir.E001")] if found else []


def _difference(kept: Kind) -> str:
    asked = Kind(settings.INSTALLATION or kept)
    return "" if asked == kept else IS_ANOTHER.format(asked=asked, kept=WORK[kept])


def _kind_of(kept: Any) -> Kind:
    return _kind(kept.is_sandbox, getattr(kept, "is_training", False))


def _kind(is_sandbox: bool, is_training: bool) -> Kind:
    return Kind.DEMO if is_sandbox else Kind.TRAINING if is_training else Kind.REAL


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
