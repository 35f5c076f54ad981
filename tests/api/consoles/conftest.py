"""Readers of the pages: one browser session a person, and something of everything that a page's address can name."""

from base64 import b64decode
from collections.abc import Callable

import pytest
from django.test import Client

from checkpoints.models import CustomsOffice, Posting
from tests.world import LONG_AGO, World
from tir.accounts.models import Role, User

# A picture of one dot.
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
Reader = Callable[[User], Client]


@pytest.fixture
def reader() -> Reader:
    """Return a browser in which the user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """One user a column of the table, all of China, so that only the role decides."""

    def user(name: str, *roles: Role, **fields: str) -> User:
        return User.objects.create_user(name, roles=list(roles), **fields)

    system = user("system", Role.SYSTEM, country="CN")
    office = CustomsOffice.objects.get(code="CNHRS001")
    Posting.objects.create(user=system, office=office, valid_from=LONG_AGO)
    return {
        "officer": world.officers["CNURC001"],
        "association": world.staff["CN"],
        "customs_hq": user("customs_hq", Role.CUSTOMS_HQ, country="CN"),
        "secretariat": user("secretariat", Role.SECRETARIAT),
        "auditor": user("auditor", Role.AUDITOR),
        "system": system,
        "nobody": user("nobody"),
    }
