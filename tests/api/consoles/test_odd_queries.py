"""Whatever stands in the address bar or in a form, a page answers: what the API refuses, pages refuse too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guarantees.models import Holder
from tests.api.consoles.conftest import Reader
from tests.api.endpoints import Address, pages
from tests.world import World
from tir.accounts.models import User

ODD = {
    "NUL": "a%00b",
    "escape": "%1B[31m",
    "nothing visible": "%E2%80%8B",
    "not UTF-8": "%FF%FE",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "the last month": "9999-12",
    "the last instant": "9999-12-31T23:59:59Z",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "a vast number": "9" * 30,
    "a long text": "x" * 5_000,
}
BY_HAND = {  # what a page reads of its address besides its filters
    "console-sign-in": ("next",),
    "console-post": ("day", "office"),
    "console-search": ("q",),
    "console-deadlines": ("month", "about", "days"),
    "console-claim-open": ("carnet", "operation"),
    "console-terminations": ("exits",),
    "console-liability": ("as_of", "currency", "tab", "association"),
    "console-liability-rows": ("as_of", "currency", "association", "side", "stage", "age"),
    "console-liability-parts": ("as_of", "currency", "association", "side", "by"),
    "console-liability-claims": ("as_of", "currency", "association", "side", "stage"),
}
LISTS = [page for page in pages() if "GET" in getattr(page.view, "allow", {}) and not page.arguments]


def queries(page: Address, value: str) -> list[str]:
    """Return what to ask a page: its filters at once, for a form tells of each; what it reads by hand, by itself."""
    filters = getattr(page.view, "filterset", None)
    together = ["page", "sort", *(filters.base_filters if filters else ())]
    return [
        "&".join(f"{name}={value}" for name in together),
        *(f"{name}={value}" for name in BY_HAND.get(page.name, ())),
    ]


@pytest.fixture
def browsers(reader: Reader, people: dict[str, User]) -> dict[str, Client]:
    return {role: reader(user) for role, user in people.items() if role != "nobody"}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD.keys())
def test_every_page_answers_every_parameter(value: str, browsers: dict[str, Client]) -> None:
    broken = []
    for page in LISTS:
        mine = next(
            client
            for role, client in browsers.items()
            if "everyone" in page.view.allow["GET"] or role in page.view.allow["GET"]
        )
        for query in queries(page, value):
            answer = mine.get(f"{page.at({})}?{query}")
            if answer.status_code >= 500:
                broken.append(f"{page.name}?{query}: {answer.status_code}")

    assert broken == []


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


class TestSigningIn:
    @pytest.mark.parametrize("name", ["q" * 256, "q" * 100_000, "a\x00b", "\u200b", " "])
    def test_with_a_name_that_no_account_has_is_refused(self, db: None, name: str) -> None:
        answer = Client().post("/console/sign-in/", {"username": name, "password": "secret"})

        assert answer.status_code == 401
