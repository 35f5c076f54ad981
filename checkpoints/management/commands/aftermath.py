"""`manage.py aftermath`: carnets brought back, decisions about holders, enquiries and daily files, for the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from checkpoints.simulation.aftermath import happen
from tir.kernel.clock import now
from tir.kernel.sandbox import refuse_what_is_real


class Command(BaseCommand):
    help = "After `simulate` and `reconcile`: returns, requests, holders, enquiries, SafeTIR files; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_what_is_real()
        made = happen(at=now())
        self.stdout.write(
            f"{made.returned} carnets brought back, {made.requests} reconciliation requests, {made.holders} sample"
            f" holders, {made.enquiries} guarantee enquiries, {made.files} daily SafeTIR files."
        )
