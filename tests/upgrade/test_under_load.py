"""The code of 2.0 serves, posts and an association work, and `script/upgrade` changes it under their hands.

Made of the repository's own history, so it wants the commit, and the library that 2.0 had beside today's: for
script/night.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from tests.upgrade.clients import AWAY, REFUSED, SENT_AGAIN, Site, application, receipt_of, sign_in, working
from tests.upgrade.installation import PROJECT, RELEASE_2_0, Installation, installed
from tir.laptop.processes import free_port

MAKE = """
export SANDBOX=1
source script/_env
python manage.py migrate --verbosity 0
python manage.py seed
python manage.py simulate --carnets 100 --seed 1 --truth .local/truth.json --once
python manage.py reconcile
"""
OFFICES = 4  # the first stamps of the demo's corridor


def is_possible() -> bool:
    known = subprocess.run(
        ["git", "cat-file", "-e", RELEASE_2_0], cwd=PROJECT, check=False, capture_output=True
    )
    return known.returncode == 0 and importlib.util.find_spec("pgtrigger") is not None


@pytest.mark.skipif(os.environ.get("NIGHT") != "1", reason="takes minutes: script/night")
def test_posts_work_on_while_the_code_of_2_0_is_changed_for_this(tmp_path: Path) -> None:
    if not is_possible():
        pytest.skip(f"needs commit {RELEASE_2_0} and django-pgtrigger")
    with installed(tmp_path / "tir", RELEASE_2_0) as installation:
        installation.run("bash", "-c", MAKE)
        port = free_port(None)
        installation.run("script/serve", "--background", "--port", str(port))
        site = site_of(installation, port)
        with working(site) as heard:
            sleep(5)
            before = len(heard.receipts)
            installation.put(None)  # as `git pull` does
            said = installation.run("script/upgrade", check=False)
            assert said.returncode == 0, said.stdout
            sleep(5)

        assert before > 0
        assert len(heard.receipts) > before
        assert heard.wrong == []
        assert set(heard.statuses) <= {200, 201, *SENT_AGAIN}
        for id, receipt in heard.receipts.items():
            read = receipt_of(site, receipt["carnet"], id, site.officers[receipt["page"] - 1])
            same = ("hash", "previous_hash", "sequence", "recorded_at")
            assert {name: read.get(name) for name in same} == {name: receipt.get(name) for name in same}
        verified = installation.run("script/manage", "verify", check=False)
        assert "It holds." in verified.stdout, verified.stdout
        sys.stdout.write(
            f"{len(heard.receipts)} stamps acknowledged, {before} of them by 2.0; longest without one "
            f"{heard.longest_without_a_stamp():.1f} s; {heard.statuses[AWAY]} times 503, {heard.statuses[REFUSED]} "
            f"refused connections; {said.stdout.strip().splitlines()[-1]}\n"
        )


def site_of(installation: Installation, port: int) -> Site:
    """Sign in the people of the demo's corridor by their passwords on its card."""
    card = json.loads((installation.directory / ".local" / "demo.json").read_text())
    corridor, password = card["corridor"], {each["username"]: each["password"] for each in card["accounts"]}
    offices = [office for leg in corridor["itinerary"] for office in (leg["start"], leg["end"])][:OFFICES]

    def token(name: str) -> str:
        return sign_in(port, name, password[name])

    officers = tuple(token(corridor["officers"][office]) for office in offices)
    return Site(port, token(corridor["association_user"]), officers, application(corridor))
