"""`manage.py add_administrator NAME`: makes the first administrator and prints a link that works once."""

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin.administrators import add_administrator

NAME = re.compile(r"[A-Za-z0-9._@+-]{1,150}")
LAPTOP = "http://127.0.0.1:8000"
MOST_OF_A_REASON = 1000  # characters


class Command(BaseCommand):
    help = "Makes an administrator who may invite everybody, and prints the link by which they set their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with: letters, digits and . _ @ + -")
        parser.add_argument(
            "--again",
            metavar="REASON",
            default="",
            help="although there is one: why, which is kept on record",
        )
        origins = settings.CSRF_TRUSTED_ORIGINS
        parser.add_argument(
            "--address",
            default=origins[0] if origins else LAPTOP,
            help="where this system is reached (default: %(default)s)",
        )

    def handle(self, *args: Any, name: str, again: str, address: str, **options: Any) -> None:
        """Print the link on a line of its own. Raises CommandError in the words of the refusal."""
        if not NAME.fullmatch(name):
            raise CommandError("A name has letters, digits and . _ @ + - and at most 150 of them.")
        if len(again) > MOST_OF_A_REASON:
            raise CommandError(f"A reason has at most {MOST_OF_A_REASON} characters.")
        try:
            made = add_administrator(username=name, reason=again.strip(), at=now())
        except DomainError as refusal:
            raise CommandError(str(refusal.detail)) from None
        until = made.link.expires_at
        self.stderr.write(f"For {name}, once, until {until:%Y-%m-%d %H:%M} UTC:")
        self.stdout.write(f"{address.rstrip('/')}/console/invitations/{made.secret}/")
