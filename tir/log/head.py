"""The latest checkpoint, kept outside the database: a small file on another volume, replaced only from what it was.

A database that was restored from a backup is behind it, and nothing else tells.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tir.kernel.values import value
from tir.log.errors import Forked


@value
class Head:
    """Where the file is; its text is the signed checkpoint as it was published."""

    path: Path

    def read(self) -> str | None:
        """Return the checkpoint; nothing where there is no file. Bytes that are no UTF-8 are kept as they are: whoever
        reads them says why they are no checkpoint."""
        return self.path.read_text("utf-8", "surrogateescape") if self.path.exists() else None

    def replace(self, known: str | None, new: str) -> None:
        """Write the new checkpoint if the file still says what is known, and have it on disk when this returns.
        Raises Forked where it says something else: then two are at work."""
        with self._locked():
            if self.read() != known:
                raise Forked(
                    f"{self.path} changed meanwhile: another sequencer writes there. End one of the two."
                )
            fresh = self.path.with_name(self.path.name + ".new")
            with fresh.open("w") as file:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            _sync(self.path.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_name(self.path.name + ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
