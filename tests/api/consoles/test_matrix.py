"""Least sight (invariant 7) on the pages: every role on every method of every page, as one table says.

`+` means the role may, `-` that it is shown a page that says no, `*` that nobody is asked who they are. A page without
rows here fails. Whoever is not signed in is sent to the sign-in page.
"""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.api.consoles.conftest import Reader
from tests.api.endpoints import METHODS, Address, pages
from tir.accounts.models import User

TABLE = """
                              officer association customs_hq secretariat auditor system nobody
console                  GET  +       +           +          +           +       +      -
console-sign-in          GET  *
console-sign-in          POST *
console-sign-out         POST +       +           +          +           +       +      -
console-language         POST *
console-post             GET  +       -           +          -           -       -      -
console-carnets          GET  +       +           +          +           +       +      -
"""


def rows() -> dict[tuple[str, str], dict[str, str]]:
    """Return the table: by address and method, what each caller may."""
    heading, *lines = TABLE.strip("\n").split("\n")
    callers = heading.split()
    found = {}
    for line in lines:
        name, method, *marks = line.split()
        said = marks * len(callers) if marks == ["*"] else marks
        found[name, method] = dict(zip(callers, said, strict=True))
    return found


ROWS = rows()
CALLERS = tuple(next(iter(ROWS.values())))


@pytest.fixture
def arguments() -> dict[str, object]:
    """Something of everything that a page's address can name."""
    return {}


class TestTheTable:
    def test_has_a_row_for_every_method_of_every_page_and_no_other(self) -> None:
        served = {(page.name, method) for page in pages() for method in methods(page)}

        assert set(ROWS) == served


def methods(page: Address) -> list[str]:
    """Return the methods a page takes: those it has, as far as it says for whom."""
    return [method for method in page.methods if method in page.view.allow]


@pytest.mark.parametrize("caller", CALLERS)
def test_a_reader_may_do_exactly_what_the_table_says(
    caller: str, reader: Reader, people: dict[str, User], arguments: dict[str, object]
) -> None:
    surprises = []
    for page in pages():
        for method in METHODS:
            answer = answer_of(reader(people[caller]), method, page.at(arguments))
            mark = ROWS.get((page.name, method), {}).get(caller, "")
            wanted = {"-": {403}, "": {405}}.get(mark)
            is_let_in = answer.status_code not in (403, 405) and answer.status_code < 500
            if answer.status_code not in wanted if wanted else not is_let_in or is_sent_away(page, answer):
                surprises.append(
                    f"{method} {page.name}: {answer.status_code}, expected {wanted or 'to be let in'}"
                )

    assert surprises == []


def is_sent_away(page: Address, answer: Any) -> bool:
    """Whether the answer asks somebody who is signed in to sign in."""
    return page.name != "console-sign-out" and "/sign-in/" in answer.get("Location", "")


def test_a_guest_is_sent_to_sign_in_and_back(db: None, client: Client, arguments: dict[str, object]) -> None:
    for page in pages():
        if "*" in ROWS.get((page.name, "GET"), {}).values() or "GET" not in methods(page):
            continue
        answer = client.get(page.at(arguments))

        assert answer.status_code == 302, page.name
        assert answer["Location"].startswith("/console/sign-in/?next=%2Fconsole%2F"), page.name


@transaction.atomic
def answer_of(client: Client, method: str, address: str) -> Any:
    """Send an empty form and undo whatever it did (signing out would spoil the rest)."""
    answer = getattr(client, method.lower())(address)
    transaction.set_rollback(True)
    return answer
