"""Every example of the guides is run, block after block, against a seeded installation behind a real web server."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from checkpoints.simulation.seeding import seed
from tir.kernel.clock import now

GUIDES = ("docs/api.md",)
AT_HOME = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script_of(guide: str, base: str) -> str:
    """Return the blocks of a guide as one script that says which block it is in."""
    blocks = BLOCK.findall((settings.BASE_DIR / guide).read_text())
    assert blocks, f"{guide} has no example to run"
    return "\n".join(
        f"echo; echo '=== block {index}'\n{block}" for index, block in enumerate(blocks)
    ).replace(AT_HOME, base)


@pytest.mark.usefixtures("sandbox")  # as the demonstration is, in which a reader tries them
@pytest.mark.parametrize("guide", GUIDES)
def test_examples_can_be_run_from_top_to_bottom(guide: str, live_server: LiveServer, tmp_path: Path) -> None:
    (tmp_path / ".local").mkdir()
    seed(card_path=tmp_path / ".local" / "demo.json", at=now())

    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script_of(guide, live_server.url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    (tmp_path / "said").write_text(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    unexpected = re.findall(
        r'"code":"(server_fault|body_invalid|not_signed_in|method_not_allowed|no_such_address)"', run.stdout
    )
    assert unexpected == [], run.stdout
