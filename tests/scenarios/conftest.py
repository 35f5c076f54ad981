"""The world of the book is made once; each transport is played in it and taken back."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.scenarios.playing import Clock, Play
from tests.scenarios.telling import Scenario
from tests.scenarios.world import World, build, set_up
from tir.kernel.kept import Kept

Stage = Callable[[Scenario], Play]


@pytest.fixture(scope="package")
def book_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Build the world in a transaction that is never committed, so no other test meets it."""
    with django_db_blocker.unblock(), transaction.atomic():
        Kept.forget_all()
        yield build()
        transaction.set_rollback(True)
    Kept.forget_all()


@pytest.fixture
def stage(book_world: World, db: None) -> Iterator[Stage]:
    """Return what makes a play of a scenario; everything it does is taken back."""
    clock = Clock()
    clients, devices = dict(book_world.clients), dict(book_world.devices)

    def play(scenario: Scenario) -> Play:
        set_up(book_world, scenario.given)
        return Play(book_world, scenario, clock)

    with clock.standing():
        yield play
    book_world.clients, book_world.devices = clients, devices
    Kept.forget_all()
