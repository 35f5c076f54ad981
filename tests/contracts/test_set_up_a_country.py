"""The worked example that sets a country up by the API alone, on an empty database and behind a real web server."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from checkpoints.models import BorderCrossing
from checkpoints.posts.missing import is_empty, missing
from guarantees.models import Guarantee
from tir.accounts.models import Role, User
from tir.registers.models import Change

EXAMPLE = settings.BASE_DIR / "docs" / "examples" / "set_up_a_country.py"
OF_PEOPLE = {"headquarters", "people"}


@pytest.mark.django_db(transaction=True)
def test_leaves_nothing_missing_but_people_and_may_run_again(live_server: LiveServer) -> None:
    for name in ("amal", "bela"):
        User.objects.create_user(name, password="a long word 7392", roles=[Role.SECRETARIAT])
    environment = {**os.environ, "TIR_FIRST": "amal:a long word 7392", "TIR_SECOND": "bela:a long word 7392"}
    assert is_empty()

    for _time in range(2):
        run = subprocess.run(
            [sys.executable, str(EXAMPLE), live_server.url],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (run.returncode, run.stderr) == (0, "")
        changes = Change.objects.count()

    assert {step.name for step in missing("XV") if not step.is_done} == OF_PEOPLE
    assert Guarantee.objects.get().association.code == "981"
    assert BorderCrossing.objects.get().office_b.code == "XVBRG001"
    assert changes == 12  # the second run changed nothing
