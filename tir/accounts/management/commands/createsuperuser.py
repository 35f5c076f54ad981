"""Django's own command, refused: a superuser has no meaning here, and the database takes none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: what an account may do follows from its roles. Use add_administrator."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "There are no superusers here. Make the first administrator: add_administrator NAME"
        )
