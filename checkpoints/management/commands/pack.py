"""`manage.py pack check|apply|export DIR`: a country's registers as a folder of files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from checkpoints.packs.applying import Report, apply_pack
from checkpoints.packs.files import PackTooNew, read_pack, write_pack
from tir.accounts import assigning
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.sandbox import OtherInstallation
from tir.registers.entering import Act

MAY = (Role.CUSTOMS_HQ, Role.SECRETARIAT, Role.ADMINISTRATOR)


class Command(BaseCommand):
    help = "Checks, applies or exports a country pack: a folder of registers, without people, secrets or history."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="say everything that is wrong, and what applying would do")
        apply = verbs.add_parser("apply", help="do it, all or nothing; what needs four eyes is proposed")
        export = verbs.add_parser("export", help="write the registers to a folder")
        for verb in (check, apply, export):
            verb.add_argument("folder", type=Path, metavar="DIR")
        for verb in (check, apply):
            verb.add_argument("--over", action="store_true", help="go over what people entered by hand")
        apply.add_argument("--by", required=True, metavar="NAME", help="whose act it is: a user's name")
        apply.add_argument("--reason", default="", help="why; the pack's own name when left out")
        export.add_argument("--name", default="", help="of the pack; that of the folder when left out")

    def handle(self, *args: Any, verb: str, folder: Path, **options: Any) -> None:
        """Do it; raise CommandError (status 1) where the pack has faults or meets edits by hand."""
        if verb == "export":
            rows = write_pack(folder, options["name"] or folder.resolve().name)
            self.stdout.write(f"{rows} rows written to {folder}.")
            return
        try:
            pack = read_pack(folder)
        except (PackTooNew, OtherInstallation) as refused:
            raise CommandError(str(refused.detail)) from None
        if verb == "check":
            self._check(pack, over=options["over"])
        else:
            act = Act(user_named(options["by"]), now(), options["reason"] or f"Pack {pack.name}")
            tell(self.stdout, apply_pack(pack, act, over=options["over"]), over=options["over"])

    def _check(self, pack: Any, *, over: bool) -> None:
        """Apply it and take it back; nobody is named, so somebody is made up and taken back with it."""
        with transaction.atomic():
            nobody = User.objects.create(username="pack check", is_active=False)
            report = apply_pack(pack, Act(nobody, now(), "Check"), over=over, is_trial=True)
            transaction.set_rollback(True)
        tell(self.stdout, report, over=over)


def tell(out: Any, report: Report, *, over: bool) -> None:
    """Write what was or would be done; raise CommandError where nothing was."""
    for fault in report.faults:
        out.write(str(fault))
    for verb in ("by_hand", "entered", "proposed", "waiting", "ended", "left"):
        for each in getattr(report, verb):
            out.write(f"{verb.replace('_', ' ')}: {each}")
    out.write(
        f"{len(report.entered)} entered, {len(report.proposed)} proposed, {len(report.waiting)} waiting for"
        f" approval, {len(report.ended)} ended, {report.unchanged} unchanged, {len(report.faults)} faults."
    )
    if report.faults:
        raise CommandError("Nothing was done: mend what is listed above.")
    if report.by_hand and not over:
        raise CommandError("Nothing was done: people entered otherwise by hand. --over goes over it.")


def user_named(name: str) -> User:
    """Return the user whose act it is. Raises CommandError for one who enters no registers."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or not assigning.up_to_today(user, at=now()).has_role(*MAY):
        raise CommandError(
            f"{name} is no active user of headquarters or the organization, and no administrator."
        )
    return user
