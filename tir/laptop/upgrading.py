"""`python -m tir.laptop.upgrading [--port N] [--backup DIRECTORY]`: goes on serving with the code that lies here.

Behind `script/upgrade`, which has fetched and built all that is new while the old processes went on. Then the old web
server finishes what it has begun, the proxy answers 503 with Retry-After, the database is migrated, and the new
processes start: nothing that an earlier release writes meets a table that it does not know.
"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psycopg2

from tir.laptop import processes
from tir.laptop.addresses import LOCAL, address, without_others
from tir.laptop.backup import take_backup
from tir.laptop.places import State
from tir.laptop.processes import LaptopError
from tir.laptop.serving import Serving
from tir.laptop.welcome import record_address

FREE_SECONDS = 30.0
LONG = "5 seconds"  # no request of ours has a transaction open so long
HELD = """
SELECT pid, usename, application_name, extract(epoch FROM now() - xact_start)::int
  FROM pg_stat_activity
 WHERE datname = current_database() AND xact_start < now() - %s::interval AND pid <> pg_backend_pid()
   AND backend_type = 'client backend'
 ORDER BY xact_start LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Away:
    """For how many seconds the web server was away, and how much processor time the migration in them took."""

    seconds: float
    migrating: float


def upgrade(serving: Serving) -> Away | None:
    """Migrate the database and change the processes; return how long the web server was away, or None when nothing
    served before. Raises LaptopError with what stands and what to do."""
    refuse_beside_a_long_transaction()
    was = serving.by_name()
    if not was:
        migrate()
        return None
    for name in ("worker", "log"):  # what they leave undone stands in the database
        serving.end(name)
    if serving.proxy.is_there:
        serving.proxy.prepare()
    away = monotonic()
    if "web" in was:
        os.kill(was["web"], signal.SIGTERM)  # it takes nothing new, and finishes what it has begun
    _put_proxy(serving, was.get("proxy"))
    serving.end("web")
    before = os.times()
    migrate()
    after = os.times()
    for name in ("web", "worker", "log"):
        serving.spawn(name)
    serving.wait_until_ready()
    took = after.children_user + after.children_system - before.children_user - before.children_system
    return Away(monotonic() - away, took)


def refuse_beside_a_long_transaction() -> None:
    """Raise LaptopError, before anything is changed, while somebody holds what migrations will want whole."""
    with closing(psycopg2.connect(address("ADMIN"))) as administrator, administrator.cursor() as cursor:
        cursor.execute(HELD, [LONG])
        found = cursor.fetchone()
    if found:
        pid, role, program, seconds = found
        raise LaptopError(
            f"{role} has had a transaction open for {seconds} s (process {pid} of PostgreSQL, {program or 'no name'}): "
            "a backup or a report? Nothing was changed. Let it end, then run the same command again."
        )


def migrate() -> None:
    """Migrate as the owner. Raises LaptopError with what the migration said."""
    environment = {**without_others(os.environ), "DATABASE_URL": address("OWNER")}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LaptopError(
            f"the database was not migrated to the end, and nobody serves but the proxy, with 503.\n{done.stderr}\n"
            "What is done of the migrations stays done, each whole. Mend what it says and run script/upgrade again; "
            "or go back: restore the backup (docs/operations.md, 4) and serve it with the code of before."
        )


def _put_proxy(serving: Serving, old: int | None) -> None:
    """Have this release's proxy at the port: the old one takes its new configuration over without a gap; a release
    without one leaves the port a moment before."""
    if not serving.proxy.is_there:
        return
    if old:
        os.kill(old, signal.SIGHUP)
        return
    if not processes.wait_until(lambda: processes.is_free(serving.port), seconds=FREE_SECONDS, pause=0.01):
        raise LaptopError(f"port {serving.port} is still taken: by another program?")
    serving.spawn("proxy")


def port_of(state: State) -> int | None:
    """Return where what serves now is heard: written down, or, by a release that did not, in its environment."""
    recorded = state.recall("serving") or {}
    remembered = state.recall("serving_port")
    if remembered or not recorded.get("web"):
        return int(remembered) if remembered else None
    environment = Path(f"/proc/{recorded['web']}/environ")
    lines = environment.read_bytes().decode(errors="replace").split("\0") if environment.exists() else []
    return next((int(line.removeprefix("PORT=")) for line in lines if line.startswith("PORT=")), None)


def main() -> None:
    """Do what the command line asks; a LaptopError is said in one line and ends with status 1."""
    parser = argparse.ArgumentParser(
        prog="script/upgrade", description="Go on serving with the code that lies here."
    )
    parser.add_argument("--port", type=int, help="where it serves now, when that is not known")
    parser.add_argument("--backup", type=Path, help="first take a base backup into this directory")
    arguments = parser.parse_args()
    state = State(LOCAL)
    serving = Serving(state, arguments.port or port_of(state) or processes.first_free())
    try:
        if arguments.backup:
            sys.stdout.write(f"Backup: {take_backup(address('ADMIN'), arguments.backup)}\n")
        away = upgrade(serving)
    except LaptopError as error:
        sys.exit(f"script/upgrade: {error}")
    if away is None:
        sys.stdout.write("Migrated. Nothing served here; script/serve does.\n")
        return
    record_address(serving.url)
    sys.stdout.write(
        f"Serving at {serving.url}; the web server was away for {away.seconds:.1f} s, of which migrating took "
        f"{away.migrating:.1f} s of processor time.\n"
    )


if __name__ == "__main__":
    main()
