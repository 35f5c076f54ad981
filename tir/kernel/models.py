"""What rows of every room share: PostgreSQL refuses a value that the code does not know, and any change of a ledger."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, Trigger


class AppendOnly(models.Model):
    """A row that, once written, stays as it is; a correction is another row.

    The triggers stand below the ORM on purpose: a shell, a migration or a careless bulk update meets them too. The
    migration that makes a table adds them: `triggers.add`.
    """

    triggers: ClassVar[tuple[Trigger, ...]] = (APPEND_ONLY, NO_TRUNCATE)
    logged_as: ClassVar[str] = ""  # what an entry of the log calls it; see `tir.log.ledgers`
    hashed_in: ClassVar[dict[str, str]] = {}  # a long column, and the column that is its SHA-256

    class Meta:
        abstract = True


class Installation(AppendOnly):
    """What this database is for, said once when it was made: one row, for ever. See `tir.kernel.sandbox`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_sandbox = models.BooleanField()
    is_training = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(name="installation_once", condition=Q(id=1)),
            models.CheckConstraint(
                name="installation_of_one_kind", condition=~Q(is_sandbox=True, is_training=True)
            ),
        ]

    def __str__(self) -> str:
        return "sandbox" if self.is_sandbox else "training" if self.is_training else "installation"


def choice_check(name: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """PostgreSQL refuses a value that the code does not know."""
    return models.CheckConstraint(name=name, condition=one_of(field, choices.values))


def one_of(field: str, words: Iterable[str]) -> models.Func:
    """Return the condition that a text is one of these words, written as one constant.

    PostgreSQL reads the checks of a table anew for every statement that writes it; it reads this in half the time of
    Django's `__in`, and a stamp writes three tables that have such checks.
    """
    listed = ",".join(word or '""' for word in words)
    return models.Func(
        field,
        template=f"%(expressions)s = ANY ('{{{listed}}}'::text[])",
        output_field=models.BooleanField(),
    )
