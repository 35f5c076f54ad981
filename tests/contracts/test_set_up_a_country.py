"""The worked example that sets a country up by the API alone: on an empty database, behind the web server as it is run.

Nothing here is made by the test but the first administrator's link, by the command that operators run.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from carnets.models import Carnet, NumberRange
from checkpoints.models import BorderCrossing, CustomsOffice, Posting, Stamp
from checkpoints.posts.missing import missing
from docs.examples import set_up_a_country as example
from guarantees.models import ClockRule, CustomsTerritory, GuaranteeCeiling, LiabilityMaximum
from tests.databases import address_of
from tests.laptop.conftest import state_in
from tir.accounts.models import Role, User
from tir.approvals.models import Approval, ApprovalWord
from tir.kernel.clock import now
from tir.laptop import processes
from tir.laptop.addresses import OF_OTHERS, variable
from tir.laptop.serving import Serving
from tir.registers.models import Change
from tir.signin import totp
from tir.signin.models import Authenticator, ServiceAccount

EXAMPLE = settings.BASE_DIR / "docs" / "examples" / "set_up_a_country.py"
NEEDING_AN_APP = {"amal", "dana.k", "omar.s"}
OFFICERS = {"aida.n": "XVVEL001", "timur.b": "XVBRG001", "lena.m": "XVBRG001"}


@pytest.fixture
def served(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of gunicorn, worker, log and proxy on the empty database, as script/serve starts them."""
    name = connection.settings_dict["NAME"]
    for role in OF_OTHERS:
        monkeypatch.setenv(variable(role), address_of(name, role))
    monkeypatch.setenv("DATABASE_URL", address_of(name))
    with state_in(tmp_path) as state:
        server = Serving(state, processes.free_port(None))
        server.start()
        yield server.url
        server.stop()


def link_for(name: str, address: str) -> str:
    """Return what `script/manage add_administrator NAME` prints."""
    said = StringIO()
    call_command("add_administrator", name, "--address", address, stdout=said, stderr=StringIO())
    return said.getvalue()


def run(*arguments: str, link: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(EXAMPLE), *arguments]
    return subprocess.run(command, input=link, capture_output=True, text=True, check=False)


@pytest.fixture
def made(served: str) -> dict[str, Any]:
    """What the example says that it made, run once with the link on its standard input."""
    assert not CustomsTerritory.objects.exists()
    done = run(served, link=link_for("amal", served))
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_goes_from_an_empty_database_to_a_stamped_carnet(made: dict[str, Any], served: str) -> None:
    every_step_is_on_record(made)
    money_was_approved_by_another_than_who_proposed_it()
    everybody_was_invited_and_can_sign_in_again(made, served)


def every_step_is_on_record(made: dict[str, Any]) -> None:
    assert [step.name for step in missing("XV") if not step.is_done] == []
    assert list(CustomsTerritory.objects.order_by("code").values_list("code", "reports")) == [
        ("XD", False),
        ("XV", True),
    ]
    assert set(CustomsOffice.objects.values_list("code", flat=True)) == {"XVVEL001", "XVBRG001", "XDFLD001"}
    assert BorderCrossing.objects.get().office_b.code == "XVBRG001"
    assert ClockRule.objects.get(territory__code="XV").days == 20
    assert LiabilityMaximum.objects.get().amount == Decimal(100_000)
    ceilings = GuaranteeCeiling.objects.order_by("valid_from").values_list("ceiling", flat=True)
    assert list(ceilings) == [Decimal(3_000_000), Decimal(4_000_000)]
    assert NumberRange.objects.get().association.code == "981"
    carnet = Carnet.objects.get()
    assert carnet.number == made["carnet"]
    assert ServiceAccount.objects.get().user.username == "carriers-union"
    stamps = Stamp.objects.order_by("page").values_list("page", "officer__username", "office__code")
    assert list(stamps) == [(1, "aida.n", "XVVEL001"), (2, "timur.b", "XVBRG001")]
    assert made["stamped_pages"] == [1, 2]


def money_was_approved_by_another_than_who_proposed_it() -> None:
    kinds = {"liability_maximum", "guarantee", "guarantee_ceiling"}
    assert {each.kind: each.proposed_by.username for each in Approval.objects.all()} == dict.fromkeys(
        kinds, "amal"
    )
    assert set(ApprovalWord.objects.values_list("approval__kind", "by__username")) == {
        (kind, "dana.k") for kind in kinds
    }


def everybody_was_invited_and_can_sign_in_again(made: dict[str, Any], served: str) -> None:
    """Roles that decide have an app, officers their posts; the secrets that it hands over are the true ones."""
    known = {each["username"]: each for each in made["people"]}
    assert set(known) == NEEDING_AN_APP | set(OFFICERS)
    assert set(Authenticator.objects.values_list("user__username", flat=True)) == NEEDING_AN_APP
    postings = dict(Posting.objects.values_list("user__username", "office__code"))
    assert postings == OFFICERS
    assert User.objects.get(username="dana.k").roles == [Role.CUSTOMS_HQ]
    assert len(known["dana.k"]["recovery_codes"]) == 10

    own = {name: known["dana.k"][name] for name in ("username", "password")}
    guest = example.Caller(served)
    with pytest.raises(example.Problem, match="second_factor_required"):
        guest.post("/auth/token/", **own)
    Authenticator.objects.update(last_step=0)  # half a minute later
    code = totp.code_of(known["dana.k"]["app_secret"], totp.step_at(now()))
    assert guest.post("/auth/token/", **own, otp=code)["user"]["country"] == "XV"


def test_the_registers_may_be_entered_again(live_server: LiveServer, settings: Any) -> None:
    """What is on record is answered, not doubled; and in the same hands nothing is approved."""
    people = example.People(live_server.url)
    link = link_for("amal", live_server.url)
    first = people.join(link.strip().rstrip("/").rsplit("/", 1)[-1])
    with pytest.raises(example.Problem, match="own_proposal"):
        example.set_up(first, first)
    second = people.join(example.invited(first, **example.HEADQUARTERS))
    for _time in range(2):
        example.set_up(first, second)
        changes = Change.objects.count()
    assert changes == 13, (
        "two territories, two members, a clock, an association, three offices, a crossing; money 3"
    )


def test_says_what_was_wrong_with_the_link(live_server: LiveServer) -> None:
    done = run(live_server.url, f"{live_server.url}/console/invitations/{'x' * 43}/")
    assert done.returncode == 1
    assert "link_not_good" in done.stderr
