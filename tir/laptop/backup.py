"""`python -m tir.laptop.backup [DIRECTORY] [--archive DIRECTORY]`: a verified base backup, and WAL kept from then on.

Behind `script/backup`. With BACKUP_DATABASE_URL that server is backed up, else the laptop's; its role must
be one that may replicate.
"""

import argparse
import json
import os
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import parse_dsn

from tir.laptop import archiving, processes
from tir.laptop.__main__ import Laptop
from tir.laptop.addresses import LOCAL
from tir.laptop.postgres import Postgres, wheel_binaries
from tir.laptop.processes import LaptopError, ServerAccount

KEPT_SECONDS = 60.0
ARCHIVE_EVERY = (
    "60s"  # an unfinished segment is handed over after this: what a lost machine takes with it at most
)
TOOL_READS = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip
UNFINISHED = ".unfinished"
MIB = 2**20


def take_backup(url: str, directory: Path) -> Path:
    """Copy the running cluster into a folder of this second, verify it by its checksums, and return the folder. One
    without `.unfinished` was verified. Raises LaptopError."""
    named = directory / instant()
    unfinished = named.with_name(named.name + UNFINISHED)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    # By the environment, not by arguments: everybody on the machine sees those.
    said = {TOOL_READS[name]: value for name, value in parse_dsn(url).items() if name in TOOL_READS}
    options = ["--checkpoint=fast", "--wal-method=stream", "--manifest-checksums=SHA256", "--no-password"]
    _run("pg_basebackup", f"--pgdata={unfinished}", *options, **said)
    verify_backup(unfinished)
    unfinished.rename(named)
    return named


def verify_backup(backup: Path) -> None:
    """Compare every file with its checksum of the time of the backup, and read the WAL between. Raises LaptopError."""
    if not (backup / "backup_manifest").is_file():
        raise LaptopError(f"{backup} is no base backup: there is no backup_manifest in it.")
    try:
        _run("pg_verifybackup", "--quiet", str(backup))
    except LaptopError as error:
        raise LaptopError(f"the backup {backup} is damaged and is not used. {error}") from error


def cluster_of_backup(backup: Path) -> str:
    """Return the system identifier of the cluster that was backed up."""
    return str(_manifest(backup)["System-Identifier"])


def begun_at(backup: Path) -> datetime:
    """Return the instant before which this backup cannot go back: the end of the second in which it was begun."""
    label = next(file for file in _manifest(backup)["Files"] if file.get("Path") == "backup_label")
    begun = datetime.strptime(label["Last-Modified"], "%Y-%m-%d %H:%M:%S GMT").replace(tzinfo=UTC)
    return begun + timedelta(seconds=1)


def name_archive(server: Postgres, archive: Path) -> None:
    """Keep this server's WAL there from now on, and see the first segment arrive. Raises LaptopError."""
    if (
        ask(server.administrator_url, "SHOW archive_mode") != "on"
    ):  # it was started before there were archives
        say("PostgreSQL is restarted once, for archive_mode.")
        server.stop()
        server.start()
    cluster = str(ask(server.administrator_url, "SELECT system_identifier FROM pg_control_system()"))
    archiving.name_archive(server.home, archive, cluster, server.account)
    ask(server.administrator_url, f"ALTER SYSTEM SET archive_timeout = '{ARCHIVE_EVERY}'")
    ask(server.administrator_url, "SELECT pg_reload_conf()")
    hand_over(server.administrator_url)


def hand_over(url: str) -> None:
    """Have everything committed until now in the archive, with one commit more behind it, so that a restore knows that
    it reached the present. Raises LaptopError when the archive does not take it."""
    ask(url, "SELECT pg_logical_emit_message(true, 'tir', 'handed over')")
    segment = ask(url, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    ask(url, "SELECT pg_switch_wal()")
    kept = "SELECT coalesce(left(last_archived_wal, 24) >= %s, false) FROM pg_stat_archiver"
    if not processes.wait_until(lambda: bool(ask(url, kept, segment)), seconds=KEPT_SECONDS, pause=0.1):
        raise LaptopError(
            f"segment {segment} was not archived in {KEPT_SECONDS:.0f} s; PostgreSQL's log says why."
        )


def ask(url: str, statement: str, *values: str) -> Any:
    """Return the first value that a statement of its own transaction finds, if it finds any."""
    with closing(psycopg2.connect(url, connect_timeout=5)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement, values or None)
        return cursor.fetchone()[0] if cursor.description else None


def instant() -> str:
    """Return the present second as part of a file's name."""
    return time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())


def _manifest(backup: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((backup / "backup_manifest").read_text())
    return manifest


def _run(tool: str, *arguments: str, **said: str) -> None:
    us = ServerAccount(os.geteuid(), os.getegid())
    processes.run_tool(
        [str(wheel_binaries() / tool), *arguments], account=us, cwd=Path.cwd(), env={**os.environ, **said}
    )


def main() -> None:
    """Do what the command line asks; a LaptopError is said in one line and ends with status 1."""
    parser = argparse.ArgumentParser(
        prog="script/backup", description="Back up the database, and keep its WAL."
    )
    parser.add_argument("directory", type=Path, nargs="?", help="where the backup's dated folder goes")
    parser.add_argument("--archive", type=Path, help="keep the WAL there from now on")
    parser.add_argument("--state", type=Path, default=LOCAL, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.directory is None and asked.archive is None:
        parser.error("name a directory for the backup, or --archive, or both.")
    try:
        _do(asked)
    except (LaptopError, psycopg2.Error) as error:
        sys.exit(f"script/backup: {error}")


def _do(asked: argparse.Namespace) -> None:
    laptop = Laptop(asked.state.resolve())
    own = os.environ.get("BACKUP_DATABASE_URL")
    if own and asked.archive:
        raise LaptopError(
            "the archive of a server of your own is named in its settings: docs/operations.md, 4."
        )
    if not own and laptop.postgres.pid is None:
        raise LaptopError(
            "the laptop's PostgreSQL does not run; a server of your own is BACKUP_DATABASE_URL's."
        )
    if asked.archive:
        with laptop.state.locked():
            name_archive(laptop.postgres, asked.archive.resolve())
        say(f"WAL is kept in {asked.archive} from now on.")
    if asked.directory:
        _back_up(own or laptop.postgres.administrator_url, asked.directory.resolve())
        say(_reach_of_own(own) if own else _reach_of_laptop(laptop.postgres))


def _back_up(url: str, directory: Path) -> None:
    began = time.monotonic()
    backup = take_backup(url, directory)
    size = sum(path.stat().st_size for path in backup.rglob("*") if path.is_file()) / MIB
    say(f"Backed up and verified: {backup}, {size:,.0f} MiB in {time.monotonic() - began:.1f} s.")


def _reach_of_laptop(server: Postgres) -> str:
    """Say until when a backup can be brought forward, having handed over what there is."""
    archive = archiving.archive_of(server.home)
    if archive is None:
        return "No archive is named (--archive): the backup can be restored as it is, and not until a later instant."
    hand_over(server.administrator_url)
    return f"WAL is kept in {archive}: with it the backup can be restored until any later instant."


def _reach_of_own(url: str) -> str:
    """Say the same of a server whose archive we do not know; a role that may replicate may not hand over."""
    since = ask(url, "SELECT to_char(last_archived_time, 'YYYY-MM-DD HH24:MI:SS TZ') FROM pg_stat_archiver")
    if since is None:
        return "This server has archived no WAL: the backup can be restored as it is, and not until a later instant."
    return f"This server last archived WAL at {since}."


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    main()
