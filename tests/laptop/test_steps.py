"""What the scripts say while a step runs and when it fails: which, why, and what to do."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)


def run(*lines: str, cwd: Path = BASE, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run lines of a script that has the steps at hand."""
    script = "\n".join(["set -euo pipefail", f"source {BASE}/script/_steps", *lines])
    return subprocess.run(
        ["bash", "-c", script, "script/try"], cwd=cwd, env={**os.environ, **environment}, text=True,
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip


class TestAQuietStep:
    def test_says_what_it_does_and_nothing_of_what_the_command_says(self) -> None:
        ran = run('quietly "Fetching" "Do this." echo noise', "echo after")

        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Fetching ...\nafter\n", "")

    def test_that_fails_names_itself_shows_why_and_says_what_to_do(self) -> None:
        ran = run('quietly "Fetching" "Do this." bash -c "echo the reason; exit 7"', "echo after")

        assert ran.returncode == 7
        assert ran.stdout == "Fetching ...\n"
        assert ran.stderr == 'the reason\n\nscript/try: failed at "Fetching" (exit status 7).\nDo this.\n'

    def test_that_takes_long_says_that_it_is_still_at_it(self) -> None:
        ran = run('quietly "Fetching" "Do this." sleep 5', STILL_EVERY="1")

        told = ran.stdout.splitlines()
        assert told[:2] == [
            "Fetching ...",
            "  still at it after 1 s: Fetching",
        ]


class TestAStepThatSpeaks:
    @pytest.mark.parametrize("kind", ["openly", "patiently"])
    def test_is_heard_and_names_itself_when_it_fails(self, kind: str) -> None:
        ran = run(f'{kind} "Seeding" "Do this." bash -c "echo heard; exit 3"', "echo after")

        assert (ran.returncode, ran.stdout) == (3, "heard\n")
        assert ran.stderr == '\nscript/try: failed at "Seeding" (exit status 3).\nDo this.\n'

    def test_may_be_patient(self) -> None:
        ran = run('patiently "Seeding" "Do this." sleep 4', STILL_EVERY="1")

        assert ran.stdout.splitlines()[:1] == ["  still at it after 1 s: Seeding"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as `script/assets` needs, with an npm that fails as on a machine without a network."""
    npm = tmp_path / ".venv/bin/npm"
    npm.parent.mkdir(parents=True)
    npm.write_text('#!/bin/sh\necho "npm error code SELF_SIGNED_CERT_IN_CHAIN" >&2\nexit 1\n')
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "script").mkdir()
    for name in ("assets", "_steps"):
        (tmp_path / "script" / name).write_bytes((BASE / "script" / name).read_bytes())
    for folder in ("api/consoles/assets", "checkpoints/scanner"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "package.json").write_text("{}")
    return tmp_path


def test_npm_that_fails_is_heard(checkout: Path) -> None:
    ran = subprocess.run(
        ["bash", "script/assets"], cwd=checkout, text=True, capture_output=True, check=False, timeout=60
    )

    assert ran.returncode == 1
    assert "npm error code SELF_SIGNED_CERT_IN_CHAIN" in ran.stderr
    assert 'script/assets: failed at "Fetching the libraries of api/consoles/assets"' in ran.stderr
    assert "NODE_EXTRA_CA_CERTS" in ran.stderr
