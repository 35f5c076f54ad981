"""A whole installation in a directory of its own, of this code or of a release, that its own scripts start and upgrade.

Libraries, fonts and what npm builds are this checkout's, by links and copies, and marked as set up: nothing is fetched.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
RELEASE_2_0 = "ab1172e40af7f6933f070b2925a8a436f772bec8"
OF_A_SERVER = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "TIR_",
    "PYTEST",
    "DJANGO_",
    "SANDBOX",
    "COV_",
)
BUILT = {"api/consoles/assets": "assets", "checkpoints/scanner": "scanner"}
STAMP = """
set -eu
installed="$(cat requirements-dev.lock requirements-fonts.lock tir/laptop/fonts.py | cksum) $(python3 -V) $PWD"
echo "$installed" > .venv/.installed.new
mv .venv/.installed.new .venv/.installed
for folder in api/consoles/assets checkpoints/scanner; do
  built="$(find "$folder" -name node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cksum | cksum)"
  echo "$built" > ".local/assets/.${folder//\\//-}"
done
"""


class Installation:
    """One directory; `put` lays code into it, as `git pull` would, and `run` runs what lies there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def put(self, commit: str | None) -> None:
        """Lay the code of a commit there in place of what was; None: this checkout's, as it stands."""
        for kept in self.directory.iterdir() if self.directory.exists() else ():
            if kept.name not in (".local", ".venv"):
                shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
        self.directory.mkdir(exist_ok=True)
        packed = (
            ["git", "archive", commit]
            if commit
            else ["bash", "-c", "git ls-files -co --exclude-standard -z | xargs -0 ls -d | tar c -T -"]
        )
        with subprocess.Popen(packed, cwd=PROJECT, stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "x"], cwd=self.directory, stdin=archive.stdout, check=True)
        assert archive.returncode == 0
        self._set_up()

    def run(self, *command: str, check: bool = True, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a command there with nothing of our own environment that names a server."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_SERVER)}
        return subprocess.run(
            command, cwd=self.directory, env={**own, "PYTHON": "python3", **changes}, check=check, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def end(self) -> None:
        """Stop everything, and remove what the servers kept elsewhere."""
        python = str(self.directory / ".venv" / "bin" / "python")
        self.run(python, "-m", "tir.laptop.serving", "--stop", check=False)
        self.run(python, "-m", "tir.laptop", "stop", check=False)
        known = self.directory / ".local" / "services.json"
        kept = Path(json.loads(known.read_text()).get("home", "/")) if known.exists() else Path("/")
        if kept.name.startswith("tir-"):  # as root they lie outside
            shutil.rmtree(kept)

    def _set_up(self) -> None:
        environment, local = self.directory / ".venv", self.directory / ".local"
        if not environment.exists():
            environment.mkdir()
            for part in Path(sys.prefix).iterdir():
                (environment / part.name).symlink_to(part)
            local.mkdir(mode=0o700)
            shutil.copytree(PROJECT / ".local" / "fonts", local / "fonts")
        for folder, name in BUILT.items():
            shutil.rmtree(local / name, ignore_errors=True)
            shutil.copytree(PROJECT / ".local" / name, local / name)
            (self.directory / folder / "node_modules").mkdir()
        self.run("bash", "-c", STAMP)


@contextmanager
def installed(directory: Path, commit: str | None) -> Iterator[Installation]:
    """An installation of a commit, or of this checkout, that is gone at the end."""
    installation = Installation(directory)
    installation.put(commit)
    try:
        yield installation
    finally:
        installation.end()
