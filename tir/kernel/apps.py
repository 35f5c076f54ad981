from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models import TextChoices
from django.db.models.signals import post_migrate, pre_migrate
from psycopg2.extensions import QuotedString, register_adapter


class KernelConfig(AppConfig):
    name = "tir.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Set up what every process needs: how words are written to PostgreSQL, what goes before and after a migration,
        and the check that no sandbox is deployed."""
        from tir.kernel import privileges, sandbox  # noqa: PLC0415  (models can be loaded now, and not before)

        for words in TextChoices.__subclasses__():
            register_adapter(
                words, QuotedString
            )  # psycopg2 would try one adapter after the other, for each value
        pre_migrate.connect(privileges.ensure_owner, sender=self)
        pre_migrate.connect(sandbox.refuse_another, sender=self)
        post_migrate.connect(sandbox.declare, sender=self)
        post_migrate.connect(privileges.apply, sender=self)
        register(sandbox.check_kind)
        register(sandbox.check_keys)
        register(sandbox.check_not_a_sandbox, Tags.security, deploy=True)
