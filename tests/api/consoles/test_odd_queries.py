"""Whatever stands in the address bar, a page answers."""

import pytest
from django.test import Client

from tests.api.consoles.conftest import Reader
from tests.api.endpoints import Address, pages
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
    return {role: reader(user) for role, user in people.items() if role not in ("nobody", "inactive")}


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
