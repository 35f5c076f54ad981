"""Callers of the API: one signed-in client a person, each through the real authentication with a token of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from tests.api.calls import DEVICES, ago, ok
from tests.api.matrix import arguments, people, without_a_scanner  # noqa: F401  (fixtures)
from tests.api.people_calls import administrator, joined, root  # noqa: F401  (fixtures)
from tests.world import World
from tir.accounts.models import Role, User

Client = Callable[[User], APIClient]
OfficerAt = Callable[[str], APIClient]
Person = Callable[..., APIClient]
Issue = Callable[..., Carnet]
Enrol = Callable[..., tuple[dict[str, Any], APIClient]]


@pytest.fixture
def client_of(db: None) -> Client:
    """Return a client that carries the user's own token."""

    def sign_in(user: User) -> APIClient:
        _record, token = AuthToken.objects.create(user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return sign_in


@pytest.fixture
def guest() -> APIClient:
    """Nobody in particular."""
    return APIClient()


@pytest.fixture
def association(world: World, client_of: Client) -> APIClient:
    """The association of China, which issues every carnet of this world."""
    return client_of(world.staff["CN"])


@pytest.fixture
def guarantor(world: World, client_of: Client) -> APIClient:
    """The association of Kazakhstan, which guarantees foreign carnets on its territory."""
    return client_of(world.staff["KZ"])


@pytest.fixture
def officer_at(world: World, client_of: Client) -> OfficerAt:
    return lambda office: client_of(world.officers[office])


@pytest.fixture
def officer(officer_at: OfficerAt) -> APIClient:
    """The officer at the office of departure."""
    return officer_at("CNURC001")


@pytest.fixture
def person(world: World, client_of: Client) -> Person:
    """Return a client for a new user with these roles."""

    def make(*roles: Role, **fields: Any) -> APIClient:
        name = f"{'-'.join(roles) or 'nobody'}-{fields.get('country', '')}"
        return client_of(User.objects.create_user(name, roles=list(roles), **fields))

    return make


@pytest.fixture
def hq(person: Person) -> APIClient:
    """The customs headquarters of Kazakhstan."""
    return person(Role.CUSTOMS_HQ, country="KZ")


@pytest.fixture
def issue(world: World) -> Issue:
    """Issue a carnet ten days ago, so that a whole journey fits between then and now."""

    def make(days: float = 10, **changes: Any) -> Carnet:
        at = ago(days=days)
        changes.setdefault("acceptance_until", at.date() + timedelta(days=30))
        approved = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", at.date() + timedelta(days=400))
        changes.setdefault("vehicles", [approved])
        return world.issue(at=at, **changes)

    return make


@pytest.fixture
def carnet(issue: Issue) -> Carnet:
    """A carnet issued ten days ago and not yet accepted."""
    return issue()


@pytest.fixture
def enrol(officer_at: OfficerAt) -> Enrol:
    """Enrol a device at an office, and return it with a client that carries its token."""

    def at(office: str = "CNURC001", **said: Any) -> tuple[dict[str, Any], APIClient]:
        device = ok(officer_at(office).post(DEVICES, {"name": "Phone 3", **said}), 201)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {device['token']}")
        return device, client

    return at
