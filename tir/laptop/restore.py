"""`python -m tir.laptop.restore BACKUP …`: a copy of the database as it was, beside the running one, verified.

Behind `script/restore`. Nothing that is there is overwritten or deleted: `--replace` moves the old data aside.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tir.laptop import archiving, recovery, secrets
from tir.laptop.__main__ import Laptop
from tir.laptop.addresses import LOCAL, PROJECT
from tir.laptop.backup import ask, begun_at, cluster_of_backup, hand_over, instant, say, verify_backup
from tir.laptop.places import State
from tir.laptop.postgres import Postgres, wheel_binaries
from tir.laptop.processes import LaptopError, ServerAccount, run_tool
from tir.laptop.recovery import Recovered
from tir.laptop.serving import Serving

VERIFYING = ("verify_ledger", "verify_liability", "verify")  # those of them that this version has


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """What the operator asked for; no instant means all that there is."""

    backup: Path
    archive: Path | None
    until: datetime | None
    into: Path
    replace: bool


def restore(server: Postgres, asked: RestoreOrder) -> bool:
    """Restore beside this server, verify, and say in words what came of it. Return whether all that was asked for is
    there and verification holds. Raises LaptopError where nothing could be restored."""
    verify_backup(asked.backup)
    begun = begun_at(asked.backup)
    if asked.until and asked.until < begun:
        raise LaptopError(
            f"the backup holds what was recorded until {begun.isoformat()}: take an older backup."
        )
    archive, spare = _sources(server, asked)
    copy = _make_copy(server, asked)
    try:
        reached = recovery.recover(copy, archive=archive, spare=spare, until=asked.until)
        is_whole = _tell(copy, asked, archive, reached=reached)
    except BaseException:
        copy.stop()
        raise
    if asked.replace and is_whole:
        _put_in_place(server, copy)
        after_recovery(server)
        return True
    say(
        f"The copy runs as process {copy.pid}, its address is in {copy.state.directory / 'services.env'}, and "
        f"`.venv/bin/python -m tir.laptop stop --state {copy.state.directory}` stops it."
    )
    if asked.replace:
        say("The running cluster was not replaced.")
    after_recovery(copy)
    return is_whole


def _sources(server: Postgres, asked: RestoreOrder) -> tuple[Path | None, Path | None]:
    """Return the archive to take WAL from, with all of it that this server has, or else the server's own `pg_wal`."""
    backed_up, present = cluster_of_backup(asked.backup), cluster_of(server)
    if asked.replace:
        _check_replaceable(server, backed_up, present)
    named = archiving.archive_of(server.home)
    archive = asked.archive or (named if present in {backed_up, None} else None)
    if archive:
        archiving.check_owner(archive, backed_up)
        archiving.check_readable(archive, server.account)
        if asked.replace and named is None:  # a new machine goes on where the lost one stopped
            archiving.name_archive(server.home, archive, backed_up, server.account)
    if present != backed_up:
        return archive, None
    if server.pid is None:
        return archive, server.data / "pg_wal"
    if archive and archive == named:
        hand_over(server.administrator_url)
    return archive, None


def after_recovery(node: Postgres) -> None:
    """The place for what a node must do that goes on from a backup: its log may be behind what witnesses cosigned."""
    say(
        f"This is a restored copy: {node.data}. What other parties were told after its last transaction, it does "
        "not know."
    )


def cluster_of(server: Postgres) -> str | None:
    """Return the system identifier of a server's data, running or not, or None where there is none to read."""
    if not server.data.is_dir():
        return None
    us = ServerAccount(os.geteuid(), os.getegid())
    command = [str(wheel_binaries() / "pg_controldata"), str(server.data)]
    try:
        said = run_tool(command, account=us, cwd=Path("/"), env={**os.environ, "LC_ALL": "C"})
    except LaptopError:
        return None
    name = "Database system identifier:"
    return next(line.removeprefix(name).strip() for line in said.splitlines() if line.startswith(name))


def _check_replaceable(server: Postgres, backed_up: str, present: str | None) -> None:
    if Serving(server.state, 0).alive():
        raise LaptopError(
            "the API still serves, and what it records now would be lost: script/serve --stop first."
        )
    if present not in {backed_up, None}:
        raise LaptopError(
            f"--replace: {server.data} is another cluster than the one backed up. Stop it and move that directory "
            "away yourself, if it is the wrong one."
        )


def _make_copy(server: Postgres, asked: RestoreOrder) -> Postgres:
    """Lay the backup out as a server with a state directory of its own, which knows the old passwords."""
    if asked.into.is_dir() and any(asked.into.iterdir()):
        raise LaptopError(f"{asked.into} is not empty: name another directory with --into.")
    copy = Postgres(State(asked.into), server.account, server.passwords)
    known = secrets.read_variables(secrets.ensure_secrets(server.state.directory))
    secrets.write_variables(asked.into / "env", known)
    passwords = {secrets.PASSWORDS[role]: password for role, password in server.passwords.items()}
    secrets.write_variables(asked.into / "database.env", passwords)
    if asked.replace:
        archiving.hold(
            copy.home
        )  # from its first segment on its WAL belongs into the archive, once it is in place
    recovery.lay_out(asked.backup, copy)
    return copy


def _tell(copy: Postgres, asked: RestoreOrder, archive: Path | None, *, reached: bool) -> bool:
    """Say what the open copy holds and what is wanting, and verify it. Return whether nothing is and it holds."""
    url = _url(copy)
    secrets.write_variables(copy.state.directory / "services.env", {"DATABASE_URL": url})
    try:
        recovered = recovery.how_far(copy, url, archive)
    except psycopg2.OperationalError as error:
        raise LaptopError(
            "the copy has the passwords of the day of the backup: put the .local/database.env of that day in place, "
            f"or set DATABASE_URL. PostgreSQL said: {error}"
        ) from error
    for sentence in _found(url, asked, recovered):
        say(sentence)
    if archive is None:
        say("No archive of WAL was used: what was recorded after the backup is not in the copy.")
    wanting = list(_wanting(asked, recovered, archive, reached=reached))
    for sentence in wanting:
        say(sentence)
    holds = _holds(copy, url)
    say("Verification holds." if holds else "VERIFICATION FAILED: what differs stands above.")
    return holds and not wanting


def _found(url: str, asked: RestoreOrder, recovered: Recovered) -> Iterator[str]:
    newest = recovered.newest.isoformat() if recovered.newest else "that of the backup itself"
    yield f"Restored {asked.backup}. The last transaction in the copy: {newest}."
    if ask(url, "SELECT to_regclass('checkpoints_stamp')") is None:
        yield "There is no ledger of stamps in it: the database was not migrated yet."
        return
    stamps = ask(url, "SELECT count(*) FROM checkpoints_stamp")
    latest = ask(url, "SELECT max(recorded_at) FROM checkpoints_stamp")
    yield f"Stamps in the copy: {stamps:,}" + (
        f", the newest recorded at {latest.isoformat()}." if latest else "."
    )


def _wanting(
    asked: RestoreOrder, recovered: Recovered, archive: Path | None, *, reached: bool
) -> Iterator[str]:
    """Say what the operator asked for and the copy has not."""
    if asked.until and (reached or asked.until == recovered.newest):
        return
    if recovered.missing:
        yield (
            f"MISSING: WAL segment {recovered.missing} is not in {archive}, or damaged. Later ones are there "
            f"({recovered.later}) but are of no use without it: what they record is not in the copy."
        )
    if asked.until:
        yield (
            f"NOT REACHED: you asked for {asked.until.isoformat()}, and no transaction as late as that was found. "
            "Whether anything was recorded between, this copy cannot say. Without --until all that there is counts."
        )


def _holds(copy: Postgres, url: str) -> bool:
    """Run the verifications that this version has on the copy."""
    known = secrets.read_variables(copy.state.directory / "env")
    given = {
        "CELERY_BROKER_URL": "memory://",
        "DJANGO_SETTINGS_MODULE": "tir.settings",
        **known,
        **os.environ,
    }
    env = {**given, "DATABASE_URL": url}
    manage = [sys.executable, "manage.py"]
    listed = subprocess.run(  # noqa: S603
        [*manage, "help", "--commands"], cwd=PROJECT, env=env, check=True, text=True, stdout=subprocess.PIPE
    )
    commands = [name for name in VERIFYING if name in listed.stdout.split()]
    sys.stdout.flush()
    done = [
        subprocess.run([*manage, name], cwd=PROJECT, env=env, check=False).returncode  # noqa: S603
        for name in commands
    ]
    return not any(done)


def _put_in_place(server: Postgres, copy: Postgres) -> None:
    """Make the copy the laptop's cluster; the data that was there is kept beside it."""
    copy.stop()
    server.stop()
    if server.data.is_dir():
        aside = server.data.with_name(f"{server.data.name}-replaced-{instant()}")
        server.data.rename(aside)
        say(f"The old data is kept in {aside}.")
    copy.data.rename(server.data)
    shutil.rmtree(copy.home)
    server.start()
    say("The copy is now this laptop's cluster. Take a backup of it now.")
    if archiving.archive_of(server.home) is None:
        say("Its WAL is kept nowhere: script/backup --archive DIRECTORY names a place.")


def _url(copy: Postgres) -> str:
    """Return the copy's address, for whom DATABASE_URL names if it is given: a copy has the old passwords."""
    given = os.environ.get("DATABASE_URL")
    if given is None:
        return copy.administrator_url
    account = urlsplit(given).netloc.rpartition("@")[0]
    return (
        urlsplit(given)
        ._replace(netloc=f"{account}@127.0.0.1:{urlsplit(copy.administrator_url).port}", query="")
        .geturl()
    )


def main() -> None:
    """Do what the command line asks; end with status 0 only when all that was asked for is there and verified."""
    parser = argparse.ArgumentParser(prog="script/restore", description="Restore a backup beside what runs.")
    parser.add_argument("backup", type=Path, help="a dated folder that script/backup made")
    parser.add_argument("--archive", type=Path, help="where WAL was kept (default: this laptop's archive)")
    parser.add_argument(
        "--until", type=_instant, help="the last instant wanted, such as 2026-11-28T10:00:00Z"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--into", type=Path, help="a directory that is empty or not there yet")
    where.add_argument(
        "--replace", action="store_true", help="go on with the copy; the old data is moved aside"
    )
    parser.add_argument("--state", type=Path, default=LOCAL, help=argparse.SUPPRESS)
    given = parser.parse_args()
    laptop = Laptop(given.state.resolve())
    into = given.into or laptop.state.directory / "restored" / instant()
    archive = given.archive.resolve() if given.archive else None
    asked = RestoreOrder(given.backup.resolve(), archive, given.until, into.resolve(), given.replace)
    try:
        with laptop.state.locked():
            is_whole = restore(laptop.postgres, asked)
    except (LaptopError, psycopg2.Error) as error:
        sys.exit(f"script/restore: {error}")
    sys.exit(0 if is_whole else 1)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text} has no time zone: end it with Z, or with an offset such as +05:00."
        )
    return instant


if __name__ == "__main__":
    main()
