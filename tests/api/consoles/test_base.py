"""What every page shares: who may open it, and what may run in it."""

import re

from api.consoles.base import ConsolePage
from tests.api.consoles.conftest import Reader
from tests.api.endpoints import pages
from tests.world import World


class TestPages:
    def test_are_all_made_of_the_same(self) -> None:
        """A page that is not a `ConsolePage` would be open to everybody."""
        others = [
            page.name
            for page in pages()
            if not (isinstance(page.view, type) and issubclass(page.view, ConsolePage) and page.view.allow)
        ]

        assert others == []

    def test_let_nothing_inline_run_and_nobody_keep_them(self, world: World, reader: Reader) -> None:
        answer = reader(world.staff["CN"]).get("/console/carnets/")

        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        said = answer.content.decode()
        assert not re.search(r"<script(?![^>]*(src=|application/json))", said)
        assert not re.search(r"\s(style|on[a-z]+)=", said)
