"""The log from the command line: let it grow, end it, write it out."""

import os
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tir.kernel.clock import now
from tir.kernel.sandbox import OtherInstallation
from tir.log import exporting, growing, published, redacting, running, witnessing
from tir.log.errors import LogStopped
from tir.log.models import Checkpoint, Log, Witness
from tir.log.notes import NoteMalformed


class Command(BaseCommand):
    help = "The log of all that is put on record: run, catch-up, status, export, redact, witness, watch, end."

    def add_arguments(self, parser: CommandParser) -> None:
        """`run` is a process; the others end by themselves."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        run = verbs.add_parser("run", help="let the log grow, every second, until ended")
        run.add_argument("--pid", help="a file to write the process's id to")
        verbs.add_parser("catch-up", help="let the log grow until nothing is pending")
        status = verbs.add_parser("status", help="how large it is, and what is pending")
        status.add_argument(
            "--within", type=int, metavar="SECONDS", help="fail unless it was signed within so many"
        )
        export = verbs.add_parser("export", help="write it to a directory, for docs/verify.py")
        export.add_argument("directory")
        redact = verbs.add_parser("redact", help="forget what a row says; that it was logged stays")
        redact.add_argument("kind")
        redact.add_argument("ref")
        redact.add_argument("--reason", required=True)
        witness = verbs.add_parser(
            "witness", help="add: who signs our checkpoints, by the key that they told you"
        )
        witness.add_argument("act", choices=["add"])
        witness.add_argument("key", help="NAME+ID+KEY")
        witness.add_argument("--url", default="", help="where checkpoints are brought to be signed")
        watch = verbs.add_parser("watch", help="add: another node's log, that we are a witness of")
        watch.add_argument("act", choices=["add"])
        watch.add_argument("key", help="NAME+ID+KEY, as /api/v1/log/ of that node says it")
        end = verbs.add_parser("end", help="end this log for good; the next step begins another")
        end.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says. Raises CommandError where the log refuses."""
        try:
            getattr(self, "_" + options["verb"].replace("-", "_"))(options)
        except (LogStopped, NoteMalformed) as error:
            raise CommandError(str(error)) from error
        except OtherInstallation as error:
            raise CommandError(str(error.detail)) from error

    def _run(self, options: dict[str, Any]) -> None:
        if options["pid"]:
            Path(options["pid"]).write_text(f"{os.getpid()}\n", encoding="ascii")
        ended: list[int] = []
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda number, _frame: ended.append(number))
        running.run(is_to_end=lambda: bool(ended))

    def _catch_up(self, _options: dict[str, Any]) -> None:
        grown = running.catch_up()
        self.stdout.write(f"{grown.entries:,} entries got their place; the log has {grown.size:,}.")
        for fault in grown.faults:
            self.stderr.write(fault)
        if grown.faults:
            raise CommandError(f"{len(grown.faults):,} pending entries do not fit their rows.")

    def _status(self, options: dict[str, Any]) -> None:
        for log in Log.objects.order_by("pk"):
            ended = f", ended {log.ended_at:%Y-%m-%d %H:%M}: {log.end_reason}" if log.ended_at else ""
            self.stdout.write(f"{log.origin}: {log.size:,} entries{ended}")
            for fault in log.faults.order_by("pk"):
                self.stdout.write(f"  {fault.found_at:%Y-%m-%d %H:%M}: {fault}")
        self._status_of_witnesses()
        waiting, oldest = growing.pending()
        age = f", the oldest for {(now() - oldest).total_seconds():.1f} s" if oldest else ""
        self.stdout.write(f"{waiting:,} pending{age}")
        signed = Checkpoint.objects.order_by("-pk").values_list("made_at", flat=True).first()
        if options["within"] and (signed is None or (now() - signed).total_seconds() > options["within"]):
            raise CommandError(f"Nothing was signed within {options['within']} s.")

    def _status_of_witnesses(self) -> None:
        log = Log.objects.filter(ended_at=None).first()
        if log is None:
            return
        for count in range(1, Witness.objects.count() + 1):
            who = "signed by a witness" if count == 1 else f"signed by {count} witnesses"
            try:
                found = published.cosigned_checkpoint(log, count)
                self.stdout.write(f"  {who}: {found.size:,} entries, of {found.made_at:%Y-%m-%d %H:%M}")
            except (published.NoLog, published.NotCosigned):
                self.stdout.write(f"  {who}: nothing")

    def _export(self, options: dict[str, Any]) -> None:
        entries = exporting.export(options["directory"])
        self.stdout.write(
            f"{entries:,} entries written. To verify: python3 docs/verify.py {options['directory']}"
        )

    def _redact(self, options: dict[str, Any]) -> None:
        redacting.redact(kind=options["kind"], ref=options["ref"], reason=options["reason"], at=now())
        self.stdout.write("What it said is forgotten.")

    def _witness(self, options: dict[str, Any]) -> None:
        witness = witnessing.add_witness(options["key"], url=options["url"])
        self.stdout.write(f"{witness.name} is a witness of this log.")

    def _watch(self, options: dict[str, Any]) -> None:
        watched = witnessing.watch(options["key"])
        self.stdout.write(f"This node is a witness of {watched.origin}.")

    def _end(self, options: dict[str, Any]) -> None:
        log = Log.objects.filter(ended_at=None).first()
        if log is None:
            raise CommandError("No log grows here.")
        growing.end(log=log, head=running.head_of(log.origin), reason=options["reason"], at=now())
        self.stdout.write(f"{log.origin} is ended, with {log.size:,} entries.")
