"""Starting, recognising and ending a server process, without ever touching one that is not ours."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST_PORT = 8000
PR_SET_PDEATHSIG = 1  # prctl(2)


class LaptopError(Exception):
    """A service could not be brought up or down; the sentence says what to look at."""


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """Who a server runs as: the servers refuse, or ought to refuse, to run as root."""

    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> "ServerAccount":
        """Return ourselves, or `nobody` when we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, object]:
        return {} if self.is_us else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a path, and all that is below it, to this account."""
        if not self.is_us:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.uid, self.gid, follow_symlinks=False)


def start_server(
    command: Sequence[str],
    *,
    account: ServerAccount,
    cwd: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    ends_with_us: bool = False,
) -> int:
    """Start a server in a session of its own, so that Ctrl-C in the terminal does not reach it. It has our environment
    where none is given. With `ends_with_us` Linux asks it to end when we are gone, however that came about."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if ends_with_us else None,  # noqa: PLW1509  (we have one thread)
            **account.popen_options(),  # type: ignore[call-overload]
        )
    # The kernel shows the command line a moment after the start; until then `is_ours` would say no.
    wait_until(lambda: process.poll() is not None or command_line(process.pid) != "", seconds=5)
    return int(process.pid)


def _end_with_parent() -> None:
    """In the child, once it is its account, which would undo this. Nothing where the kernel has no such call."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def run_tool(
    command: Sequence[str], *, account: ServerAccount, cwd: Path, env: Mapping[str, str] | None = None
) -> str:
    """Run a tool to its end and return what it printed. Raises LaptopError, with what it said, when it fails."""
    done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=env,
        **account.popen_options(),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise LaptopError(f"{Path(command[0]).name} failed ({done.returncode}): {done.stderr or done.stdout}")
    return done.stdout


def command_line(pid: int) -> str:
    """Return the command line of a live process, or nothing: a recorded id may by now be another program's."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.joinpath("self").exists():
        return _read_proc(proc)
    shown = subprocess.run(  # noqa: S603
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout


def is_ours(pid: int | None, mark: Path) -> bool:
    """Whether the process is alive and was started on `mark`, a path that only our command line names."""
    return pid is not None and pid > 1 and str(mark) in command_line(pid)


def end_process(pid: int, mark: Path, *, how: signal.Signals, seconds: float) -> bool:
    """Ask a process of ours to end, and wait until it has."""
    if is_ours(pid, mark):
        os.kill(pid, how)
    return wait_until(lambda: not is_ours(pid, mark), seconds=seconds)


def wait_until(true: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Ask again and again until it is true; False when it was not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def free_port(preferred: int | None) -> int:
    """Return the port used last time while nobody else has it, or any free one."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_free(start: int = FIRST_PORT) -> int:
    """Return the first port from `start` on that nobody listens at: another copy of the project may serve already."""
    return next(port for port in range(start, start + 1000) if is_free(port))


def is_free(port: int) -> bool:
    """Whether a server of ours could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _read_proc(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
