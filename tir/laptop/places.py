"""Where the services keep their things.

`State` is the project's own ignored directory. `Home` is where the servers live: inside it normally, but when we
are root the servers run as `nobody`, who may be unable to reach the checkout; then it is a fresh directory of
theirs, remembered under the state directory. No directory that was there before is opened to anyone.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tir.laptop.processes import LaptopError, ServerAccount

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 104 to 108 bytes
OWNER = "belongs-to"


class State:
    """What is remembered between two commands: paths and ports, never secrets."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def recall(self, key: str) -> Any:
        return self._read().get(key)

    def remember(self, key: str, value: Any) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({**self._read(), key: value}, indent=2) + "\n")
        fresh.replace(self._path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time start or stop services; a second one waits and then finds them as they are."""
        with (self.directory / "services.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @property
    def _path(self) -> Path:
        return self.directory / "services.json"

    def _read(self) -> dict[str, Any]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}


def home(state: State, account: ServerAccount) -> Path:
    """Return the directory of the servers, made on first use and the same ever after."""
    recalled = state.recall("home")
    if recalled and _belongs_to(state, Path(recalled)):
        return Path(recalled)
    path = _outside(account) if _must_be_outside(state) else state.directory / "services"
    path.mkdir(mode=0o700, exist_ok=True)
    (path / OWNER).write_text(str(state.directory))
    state.remember("home", str(path))
    return path


def _belongs_to(state: State, path: Path) -> bool:
    """A copied checkout must not share the servers of the original; a moved one keeps its own."""
    if not (path / OWNER).is_file():
        return False
    owner = Path((path / OWNER).read_text())
    if owner != state.directory and not owner.exists():
        (path / OWNER).write_text(str(state.directory))
        return True
    return owner == state.directory


def _must_be_outside(state: State) -> bool:
    too_long = len(os.fsencode(state.directory / "services" / "valkey.sock")) > LONGEST_SOCKET_PATH
    return os.geteuid() == 0 or too_long


def _outside(account: ServerAccount) -> Path:
    """Make a private directory with an unguessable name, so that nobody can have prepared it for us."""
    base = Path("/var/tmp")  # noqa: S108  (survives a restart of the machine, unlike /tmp)
    if not base.is_dir():
        raise LaptopError(f"{base} is missing: the embedded services need it, or set DATABASE_URL instead.")
    path = Path(tempfile.mkdtemp(prefix="tir-", dir=base))
    account.own(path)
    return path
