"""What tests about people share: bodies, and administrators made the way they are made."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import API
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import inviting
from tir.signin.administrators import add_administrator

USERS = f"{API}/users/"
PASSWORD = "camel ladder quiet orchard"
Client = Callable[[User], APIClient]
Joined = Callable[..., User]


def invite_body(username: str = "aigerim.n", **changes: Any) -> dict[str, Any]:
    """Return an officer of Almaty, to whom nothing speaks against."""
    return {
        "username": username,
        "name": "Aigerim Nurlanova",
        "language": "ru",
        "roles": [{"role": "officer"}],
        "postings": [{"office": "KZALA001"}],
        "reason": "Order 12.",
        **changes,
    }


def accepted(secret: str) -> User:
    return inviting.accept(secret=secret, password=PASSWORD, at=now())


@pytest.fixture
def root(world: World, client_of: Client) -> APIClient:
    """The first administrator, made by the command's own function."""
    return client_of(accepted(add_administrator(username="root", reason="", at=now()).secret))


@pytest.fixture
def administrator(root: APIClient, client_of: Client) -> APIClient:
    """Who looks after the officers of Kazakhstan, and nobody else."""
    body = invite_body(
        "chief.kz",
        name="Chief",
        country="KZ",
        roles=[{"role": "administrator", "gives": ["officer"]}],
        postings=[],
    )
    answer = root.post(USERS, body)
    assert answer.status_code == 201, answer.json()
    return client_of(accepted(answer.json()["invitation"]["secret"]))


@pytest.fixture
def joined(root: APIClient) -> Callable[..., User]:
    """Invite somebody who accepts at once."""

    def made(username: str, **changes: Any) -> User:
        answer = root.post(USERS, invite_body(username, **{"country": "KZ", **changes}))
        assert answer.status_code == 201, answer.json()
        return accepted(answer.json()["invitation"]["secret"])

    return made


def code_of(answer: Any, status: int) -> str:
    """Return the code of a refusal of that status."""
    assert answer.status_code == status, answer.json()
    return str(answer.json()["code"])
