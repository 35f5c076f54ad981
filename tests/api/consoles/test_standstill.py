"""The line above every page while the log stands still, for those who can do something about it."""

import pytest

from tests.api.consoles.conftest import Reader
from tests.growing import Grow
from tests.log.test_standing import signed_ago
from tir.accounts.models import User

WORDS = "has stood still for more than four hours"


@pytest.mark.parametrize("role", ["officer", "association", "customs_hq", "secretariat", "auditor"])
def test_is_shown_to_who_should_act(role: str, people: dict[str, User], reader: Reader, grow: Grow) -> None:
    client = reader(people[role])
    grow()
    signed_ago(5)
    assert (WORDS in client.get("/console/notices/").content.decode()) is (role != "auditor")
    signed_ago(1)
    assert WORDS not in client.get("/console/notices/").content.decode()
