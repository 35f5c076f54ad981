"""`manage.py signing_key new|revoke DIRECTORY`: asks for a change of the signing keys, and called again carries it out
once another person has agreed to it on a page."""

import sys
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tir import keys
from tir.accounts.models import User
from tir.approvals import signing_keys
from tir.approvals.models import Approval
from tir.approvals.signing_keys import NEW, REVOKE, KeyChange
from tir.audit.asking import Asking
from tir.audit.recording import Deed, record
from tir.kernel.clock import now
from tir.kernel.errors import DomainError

MOST_OF_A_REASON = 500


class Command(BaseCommand):
    help = "Changes the keys that sign vouchers and receipts. Two people: one calls it, another agrees under Approvals."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        new = verbs.add_parser(NEW, help="another key; the newest signs, all verify")
        new.add_argument(
            "--from", dest="signs_from", default="", metavar="INSTANT", help="2026-12-05T00:00:00Z"
        )
        revoke = verbs.add_parser(REVOKE, help="take a key out for good: nothing that it signed is believed")
        for verb in (new, revoke):
            verb.add_argument("directory", type=Path, metavar="DIRECTORY")
        revoke.add_argument("key", metavar="NAME")
        for verb in (new, revoke):
            verb.add_argument(
                "--by", required=True, metavar="NAME", help="who calls it; their password is asked for"
            )
            verb.add_argument("--reason", required=True, help="why")

    def handle(self, *args: Any, verb: str, directory: Path, by: str, reason: str, **options: Any) -> None:
        """Propose the change, or make the change that was agreed to. Raises CommandError in the words of a refusal."""
        change = _change(verb, options)
        if not 0 < len(reason.strip()) <= MOST_OF_A_REASON:
            raise CommandError(f"Give a reason of at most {MOST_OF_A_REASON} characters.")
        there = keys.names(directory)
        if not there:
            raise CommandError(
                f"{directory} holds no key. The first is made by: python -m tir.keys new {directory}"
            )
        try:
            if verb == REVOKE:
                keys.to_revoke(directory, change.key)
            found = signing_keys.agreed(change, there, at=now())
            if found is None:
                self._propose(change, there, by, reason.strip())
            else:
                self.stdout.write(_carry_out(change, directory, found))
        except DomainError as refused:
            raise CommandError(str(refused.detail)) from None
        except ValueError as refused:
            raise CommandError(str(refused)) from None

    def _propose(self, change: KeyChange, there: list[str], by: str, reason: str) -> None:
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"There is no account {by}.")
        approval = signing_keys.propose(
            change, there, by=person, password=_password(by), at=now(), reason=reason
        )
        self.stdout.write(
            f"Proposed as number {approval.pk}. Nothing is changed yet: {approval.needed} other must agree, at"
            f" /console/setup/approvals/{approval.pk}/approve/. Then give this command again, within a day."
        )


def _change(verb: str, options: Any) -> KeyChange:
    if verb == REVOKE:
        return KeyChange(REVOKE, key=options["key"].removesuffix(".pem"))
    if not options["signs_from"]:
        return KeyChange(NEW)
    try:
        instant = datetime.fromisoformat(options["signs_from"])
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise CommandError("Give the instant with its offset: 2026-12-05T00:00:00+00:00.")
    return KeyChange(NEW, signs_from=instant.astimezone(UTC).isoformat())


def _password(name: str) -> str:
    """Ask for a password; where nobody sits at a terminal, it is the next line that is piped in."""
    if sys.stdin.isatty():
        return getpass(f"Password of {name}: ")
    return sys.stdin.readline().rstrip("\n")


def _carry_out(change: KeyChange, directory: Path, approval: Approval) -> str:
    """Write down what is about to be done, do it, and return what to say of it."""
    deed = Deed(
        change.verb, "signing_key", change.key, {"approval": approval.pk, "signs_from": change.signs_from}
    )
    record(deed, asking=Asking("command"), at=now())
    if change.verb == REVOKE:
        done = keys.revoke_signing_key(directory, change.key)
    else:
        instant = datetime.fromisoformat(change.signs_from) if change.signs_from else None
        done = keys.make_signing_key(directory, signs_from=instant)
    return f"{done}: agreed by {_who(approval)}. Restart the web server and the worker now."


def _who(approval: Approval) -> str:
    return ", ".join([str(approval.proposed_by), *(str(word.by) for word in approval.words.all())])
