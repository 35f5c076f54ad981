"""The world of the book is made once; each transport is played in it and taken back."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from api.v1.post.presenting import present_offices
from api.wording import in_active_language
from checkpoints.posts.offices import register
from tests.scenarios import cases
from tests.scenarios.playing import Play
from tests.scenarios.staging import Clock
from tests.scenarios.telling import Event, Scenario
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


@pytest.fixture(scope="package")
def phone_cases(book_world: World) -> Iterator[list[dict[str, Any]] | None]:
    """Collect cases for the phone's judge where `SCENARIO_CASES` names a file, and write it when all were played."""
    path = os.environ.get("SCENARIO_CASES")
    if not path:
        yield None
        return
    collected: list[dict[str, Any]] = []
    yield collected
    offices = present_offices(list(register().by_code.values()), in_active_language)
    cases.write(Path(path), collected, offices)


@pytest.fixture
def stage(book_world: World, phone_cases: list[dict[str, Any]] | None, db: None) -> Iterator[Stage]:
    """Return what makes a play of a scenario; everything it does is taken back."""
    clock = Clock()
    clients, devices = dict(book_world.clients), dict(book_world.devices)

    def play(scenario: Scenario) -> Play:
        set_up(book_world, scenario.given)
        return Play(book_world, scenario, clock, before_stamps=collect)

    def collect(play: Play, event: Event) -> None:
        if phone_cases is not None:
            phone_cases.extend(cases.cases_before(play, event))

    with clock.standing():
        yield play
    book_world.clients, book_world.devices = clients, devices
    Kept.forget_all()
