"""Phones at offices of the small world, and lorries that stand before them now."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carnets.documents.sheet import PrintedOffice
from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.models import CustomsOffice
from tests.api.calls import ago
from tests.browser.scanner.phone import Phone, film_of, voucher_of
from tests.browser.scanner.serving import Server, free_port
from tests.world import World

Issue = Callable[..., Carnet]
PhoneAt = Callable[..., Phone]


@pytest.fixture
def issue(world: World) -> Issue:
    """Issue a carnet ten days ago, so that a whole journey fits between then and now."""

    def make(**changes: object) -> Carnet:
        at = ago(days=10)
        approved = DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", at.date() + timedelta(days=400))
        lasts = {"acceptance_until": at.date() + timedelta(days=30), "vehicles": [approved]}
        return world.issue(at=at, **{**lasts, **changes})

    return make


@pytest.fixture
def film(tmp_path: Path) -> Callable[[Carnet, int], Path]:
    """Hold a printed voucher before the camera."""

    def hold(carnet: Carnet, page: int) -> Path:
        offices = {
            office.code: PrintedOffice(
                office.code, office.name_en, office.name_en, office.name_ru, office.name_zh
            )
            for office in CustomsOffice.objects.all()
        }
        return film_of(voucher_of(carnet, page, offices), tmp_path / f"{carnet.number}-{page}.mjpeg")

    return hold


@pytest.fixture
def phones(browser_type: BrowserType, tmp_path: Path, live_server: LiveServer) -> Iterator[PhoneAt]:
    """Return a phone, switched on; all are switched off in the end, and none may have failed in its own code."""
    made: list[Phone] = []

    def make(*, film: Path | None = None, address: str = live_server.url, **options: object) -> Phone:
        phone = Phone(browser_type, tmp_path / f"phone-{len(made)}", address, film, options)
        made.append(phone)
        phone.switch_on()
        return phone

    yield make
    for phone in made:
        phone.switch_off()
    assert [error for phone in made for error in phone.errors] == []


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """A carnet on its way: it left China two days ago and stands before Horgos now."""
    carnet = issue()
    world.travel(carnet, upto=2, since=ago(days=2))
    return carnet


@pytest.fixture
def server(world: World, settings: Settings) -> Iterator[Server]:
    """A server that reads real password hashes, as it does outside tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    officer = world.officers["CNURC001"]
    officer.set_password("secret")
    officer.save()
    server = Server(free_port())
    server.start()
    yield server
    server.kill()
