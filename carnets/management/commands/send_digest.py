"""`manage.py send_digest`: the daily digest, once, here and now; the same code as Celery beat runs."""

from typing import Any

from django.core.management.base import BaseCommand

from carnets.digest import mail_digests
from tir.kernel.clock import now


class Command(BaseCommand):
    help = "Writes the notices that are due and mails each person what they were not mailed yet."

    def handle(self, *args: Any, **options: Any) -> None:
        done = mail_digests(at=now())
        self.stdout.write(f"{done.mails:,} mails with {done.notices:,} notices; {done.failed:,} not sent.")
