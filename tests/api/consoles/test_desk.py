"""The page of the desk: who sits there, what it may load, and what it says where nothing was built."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User

DESK = "/console/post/desk/"


@pytest.fixture
def at_desk(world: World, reader: Reader, settings: Settings, tmp_path: Path) -> Client:
    """An officer of the departure office, where the scanner is built."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "desk.js").touch()
    settings.TIR_SCANNER = str(tmp_path)
    return reader(world.officers["CNURC001"])


def test_says_who_sits_there_and_loads_its_code(at_desk: Client) -> None:
    page = at_desk.get(DESK).content.decode()

    assert 'data-officer="officer-cnurc001" data-office="CNURC001"' in page
    assert '<script type="module" src="/post/desk/desk.js"></script>' in page


def test_says_so_where_nothing_was_built(at_desk: Client, settings: Settings) -> None:
    settings.TIR_SCANNER = "/nowhere"

    page = at_desk.get(DESK).content.decode()

    assert "The scanner is not built here" in page
    assert "desk.js" not in page


def test_alone_may_read_codes_and_nothing_inline(at_desk: Client) -> None:
    policy = at_desk.get(DESK)["Content-Security-Policy"]

    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "media-src 'self' blob: mediastream:" in policy
    assert "'unsafe-inline'" not in policy
    assert "wasm" not in at_desk.get("/console/post/")["Content-Security-Policy"]


def test_is_reached_from_the_post_by_who_may_hand_in(at_desk: Client, reader: Reader) -> None:
    headquarters = reader(User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="CN"))

    assert f'href="{DESK}"' in at_desk.get("/console/post/").content.decode()
    assert DESK not in headquarters.get("/console/post/").content.decode()
