"""Print a one-time link by which a person chooses a new password: for administrators without mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import links
from tir.signin.models import LinkPurpose


class Command(BaseCommand):
    help = "Print the address, below the site's own, where this person chooses a new password: once, within a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="whoever uses it may do without the second factor they had: for who has lost it with all codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(is_active=True, service_account=None)  # a program has no password
        user = people.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no open account {options['username']}.")
        made = links.make(
            user=user,
            purpose=LinkPurpose.PASSWORD,
            by=None,
            at=now(),
            forgets_factor=options["without_second_factor"],
        )
        self.stdout.write(f"/console/new-password/{made.secret}/")
