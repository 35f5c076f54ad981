"""Readers of the pages: one browser session a person."""

from base64 import b64decode
from collections.abc import Callable

import pytest
from django.test import Client

from tir.accounts.models import User

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
