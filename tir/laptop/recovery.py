"""One recovery: a base backup laid out as a cluster of its own, WAL replayed until an instant, the copy opened."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tir.laptop import archiving, processes
from tir.laptop.backup import ask
from tir.laptop.postgres import Postgres
from tir.laptop.processes import LaptopError

OPEN = "database system is ready to accept connections"
ENDED = "recovery ended before configured recovery target was reached"
TOO_EARLY = "requested recovery stop point is before consistent recovery point"
# What the cluster's own settings may say otherwise, and what this program must be able to read in the log.
READABLE = {
    "logging_collector": "off", "log_destination": "stderr", "log_min_messages": "info", "lc_messages": "C",
    "recovery_target_time": "",  # one that an earlier recovery left in the cluster's own
    "hot_standby": "off",  # nobody reads before it is promoted, and the old server's limits need not be met
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recovered:
    """How far a recovery came: the last transaction replayed, and the WAL segment for want of which it stopped."""

    newest: datetime | None
    missing: str | None
    later: int  # segments that are there behind the missing one


def lay_out(backup: Path, copy: Postgres) -> None:
    """Copy the backup to where this server's data will be, to be recovered at the first start."""
    shutil.copytree(backup, copy.data, symlinks=True)
    (copy.data / "recovery.signal").touch()
    copy.data.chmod(0o700)
    copy.account.own(copy.data)


def recover(copy: Postgres, *, archive: Path | None, spare: Path | None, until: datetime | None) -> bool:
    """Replay WAL from the archive, then from the `pg_wal` of another server that no longer runs, until the instant or
    the end, and open the copy. Return whether a transaction later than the instant was met. Raises LaptopError."""
    how = {**READABLE, "restore_command": _fetching(copy, archive, spare)}
    if until is None:
        return _opened(copy, how, _open(copy, how))
    target = {"recovery_target_time": until.astimezone(UTC).isoformat(), "recovery_target_action": "promote"}
    said = _open(copy, {**how, **target})
    if ENDED in said:
        _opened(copy, how, _open(copy, how))
        return False
    return _opened(copy, how, said)


def how_far(copy: Postgres, url: str, archive: Path | None) -> Recovered:
    """Read how far the recovery of an open copy came, by its new timeline's history."""
    newest: datetime | None = ask(url, "SELECT pg_last_xact_replay_timestamp()")
    size = int(ask(url, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"))
    history = max((copy.data / "pg_wal").glob("*.history")).read_text().splitlines()
    timeline, position = next(line for line in reversed(history) if line.strip()).split("\t")[:2]
    wanted = segment_at(int(timeline), position, size)
    later = [
        name
        for name in (archiving.segments(archive) if archive else [])
        if name[:8] == wanted[:8] and name > wanted
    ]
    return Recovered(newest, wanted if later else None, len(later))


def segment_at(timeline: int, position: str, size: int) -> str:
    """Return the name of the WAL segment in which a position like `1/5A000028` lies, given the bytes of a segment."""
    high, low = (int(part, 16) for part in position.split("/"))
    number, in_one = ((high << 32) + low) // size, (1 << 32) // size
    return f"{timeline:08X}{number // in_one:08X}{number % in_one:08X}"


def _fetching(copy: Postgres, archive: Path | None, spare: Path | None) -> str:
    """Return the restore_command. Without an archive a directory that is not there stands in its place."""
    sources = [archive or copy.home / "no-archive", *([spare] if spare else [])]
    quoted = " ".join(archiving.quoted(source) for source in sources)
    return f"sh {archiving.quoted(copy.home / 'wal')} fetch %f %p {quoted}"


def _open(copy: Postgres, how: dict[str, str]) -> str:
    """Start the copy, however long it takes to replay; return what it said until it was open or had given up."""
    before = copy.log.stat().st_size if copy.log.exists() else 0
    process = copy.launch(**how)

    def said() -> str:
        return copy.log.read_bytes()[before:].decode(errors="replace")

    while OPEN not in said() and processes.is_ours(process, copy.data):
        processes.wait_until(lambda: False, seconds=0.2)
    return said()


def _opened(copy: Postgres, how: dict[str, str], said: str) -> bool:
    if OPEN in said:
        return True
    if TOO_EARLY in said:
        raise LaptopError("the backup was not finished yet at the instant of --until: take an older backup.")
    damaged = [line for line in said.splitlines() if line.startswith("wal: ")]
    raise LaptopError(" ".join([*damaged, f"the copy could not be recovered: {copy.log} says why."]))
