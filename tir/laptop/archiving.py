"""Where a cluster keeps its WAL, so that a backup can be brought forward to a later instant.

PostgreSQL hands every finished segment to `script/wal`, which puts it where the link `archive` in the servers' home
leads; without the link nothing is kept. So an archive can be named at any time: nothing starts anew.
"""

import os
import shlex
from pathlib import Path

from tir.laptop.processes import LaptopError, ServerAccount, run_tool

COMMAND = Path(__file__).resolve().parents[2] / "script" / "wal"
MARK = "cluster"  # the file of an archive that says whose it is, by the system identifier


def settings(home: Path, account: ServerAccount) -> dict[str, str]:
    """Put the command where the servers can run it, and return the settings that name it."""
    command, link = home / "wal", quoted(_link(home))
    fresh = command.with_suffix(".new")
    fresh.write_bytes(COMMAND.read_bytes())
    account.own(fresh)
    fresh.replace(command)
    keep = f"test ! -L {link} || sh {quoted(command)} keep %p %f {link}"
    return {"archive_mode": "on", "archive_command": keep}


def quoted(path: Path) -> str:
    """Return a path as it stands in a command of PostgreSQL's settings, which takes % for a placeholder."""
    return shlex.quote(str(path)).replace("%", "%%")


def archive_of(home: Path) -> Path | None:
    """Return the archive that was named for the servers in this home, if any."""
    return _link(home).readlink() if _link(home).is_symlink() else None


def name_archive(home: Path, archive: Path, cluster: str, account: ServerAccount) -> None:
    """Keep the WAL of this cluster there from now on; the directory is made if there is none. Raises LaptopError where
    it is in other use, or the server's account cannot write there."""
    if not archive.is_dir():
        archive.mkdir(mode=0o700, parents=True)
        account.own(archive)
    mark = archive / MARK
    if not mark.exists() and any(archive.iterdir()):
        raise LaptopError(f"{archive} is neither empty nor an archive of WAL: name another directory.")
    if mark.exists():
        check_owner(archive, cluster)
    _check_access(archive, "-w", account)
    mark.write_text(f"{cluster}\n")
    account.own(mark)
    _point(home, archive)


def hold(home: Path) -> None:
    """Let the WAL of these servers wait in `pg_wal` until an archive is named."""
    _point(home, home / "not-yet")


def check_owner(archive: Path, cluster: str) -> None:
    """Raise LaptopError unless this directory keeps the WAL of this cluster, given by its system identifier."""
    try:
        owner = (archive / MARK).read_text().strip()
    except OSError as error:
        raise LaptopError(f"{archive} is no archive of WAL: the file {MARK} is not in it.") from error
    if owner != cluster:
        raise LaptopError(f"{archive} keeps the WAL of another cluster: {owner}, not {cluster}.")


def check_readable(archive: Path, account: ServerAccount) -> None:
    """Raise LaptopError unless the server's account can read what is kept there."""
    _check_access(archive / MARK, "-r", account)


def segments(archive: Path) -> list[str]:
    """Return the names of the segments kept there, in order; histories and partial segments left out."""
    named = (path.name.removesuffix(".gz") for path in archive.glob("*.gz"))
    return sorted(name for name in named if len(name) == 24 and "." not in name)  # noqa: PLR2004


def _check_access(path: Path, how: str, account: ServerAccount) -> None:
    try:
        run_tool(["test", how, str(path)], account=account, cwd=Path("/"))
    except LaptopError as error:
        wanted = "written" if how == "-w" else "read"
        raise LaptopError(
            f"{path} cannot be {wanted} by the account of the servers (number {account.uid}): give it to that "
            "account, and let it pass through the directories above."
        ) from error


def _point(home: Path, archive: Path) -> None:
    fresh = home / "archive.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(archive)
    os.replace(fresh, _link(home))


def _link(home: Path) -> Path:
    return home / "archive"
