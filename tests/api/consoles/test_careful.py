"""What no field of a form takes: what the API refuses, pages refuse too."""

from collections.abc import Callable
from typing import Any

import pytest

from guarantees.models import Holder
from tests.api.consoles.conftest import Reader
from tests.world import World


class TestAFormsField:
    """One form stands for all: they share what they refuse."""

    GOOD = {
        "number": "77", "name": "Silk Road", "name_local": "", "address": "1 Beijing Rd", "quota": "5",
        "authorised_from": "2026-03-02", "reason": "Conditions met.\r\nSee file.",
    }  # fmt: skip

    @pytest.fixture
    def post(self, world: World, reader: Reader) -> Callable[..., Any]:
        browser = reader(world.staff["CN"])
        return lambda **changes: browser.post("/console/holders/new/", {**self.GOOD, **changes})

    def test_takes_what_is_in_order_and_lines_as_one_line_feed(self, post: Callable[..., Any]) -> None:
        assert post().status_code == 302
        assert Holder.objects.get(name="Silk Road").events.get().reason == "Conditions met.\nSee file."

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", "Silk\x1bRoad"), ("name", "Silk\nRoad"), ("name", "\u200b\u200d"), ("reason", "a\x08b"),
         ("quota", "1_000"), ("quota", "１２"), ("quota", "1e1"), ("authorised_from", "9999-12-31"),
         ("authorised_from", "03/02/2026"), ("authorised_from", "1764547200"), ("name", "x" * 201), ("name", "\x00")],
    )  # fmt: skip
    def test_refuses_what_the_api_refuses(self, post: Callable[..., Any], field: str, value: str) -> None:
        answer = post(**{field: value})

        assert answer.status_code == 400
        assert field in answer.context["form"].errors
        assert not Holder.objects.filter(name="Silk Road").exists()
