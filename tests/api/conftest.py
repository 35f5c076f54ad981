"""Callers of the API: one signed-in client a person."""

from collections.abc import Callable
from typing import Any

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.world import World
from tir.accounts.models import Role, User

Client = Callable[[User], APIClient]


@pytest.fixture
def client_of(db: None) -> Client:
    """Return a client that carries the user's own token, through the real authentication."""

    def sign_in(user: User) -> APIClient:
        _record, token = AuthToken.objects.create(user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return sign_in


@pytest.fixture
def association(world: World, client_of: Client) -> APIClient:
    return client_of(world.staff["CN"])


@pytest.fixture
def officer_at(world: World, client_of: Client) -> Callable[[str], APIClient]:
    return lambda office: client_of(world.officers[office])


@pytest.fixture
def person(world: World, client_of: Client) -> Callable[..., APIClient]:
    """Return a client for a new user with these roles."""

    def make(*roles: Role, **fields: Any) -> APIClient:
        name = f"{'-'.join(roles) or 'nobody'}-{fields.get('country', '')}"
        return client_of(User.objects.create_user(name, roles=list(roles), **fields))

    return make
