"""What every test shares: a quick password hash, and hypothesis without a stop-watch."""

import os

import pytest
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from tests.world import World, build
from tir.kernel.kept import Kept

hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose, and no test is about its slowness."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_reference_data() -> None:
    """Registers kept in memory belong to the world of one test."""
    Kept.forget_all()


@pytest.fixture
def world(db: None) -> World:
    return build()
