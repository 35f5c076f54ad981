"""Least sight (invariant 7): every caller on every method of every address, as the table in `tests/api/matrix.py` says.

The addresses come from the URL configuration: one without rows in the table fails here.
"""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from django.db import transaction
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.api.conftest import Client
from tests.api.endpoints import METHODS, Address, addresses
from tests.api.matrix import ROWS, allowed
from tir.accounts.models import User

pytestmark = pytest.mark.usefixtures("without_a_scanner")
SIGNED_OUT = ("guest", "inactive")  # 401 wherever a signed-in role is asked for
CALLERS = (*next(iter(ROWS.values())), *SIGNED_OUT)


class TestTheTable:
    def test_has_a_row_for_every_method_of_every_address_and_no_other(self) -> None:
        served = {(address.name, method) for address in addresses() for method in address.methods}

        assert set(ROWS) == served


@pytest.fixture
def as_caller(people: dict[str, User], client_of: Client) -> Callable[[str], APIClient]:
    return lambda caller: APIClient() if caller == "guest" else client_of(people[caller])


def expected(address: Address, method: str, caller: str) -> set[int]:
    """Return the statuses that would do; an empty set stands for anything but a refusal of who calls."""
    mark = allowed(address, method, caller)
    is_public = "*" in ROWS[address.name, address.methods[0]].values()
    if caller == "inactive" and not is_public:
        return {401}
    if mark == "":
        return {405}
    if mark == "-":
        return {401} if caller == "guest" else {403}
    return set()


def test_a_caller_may_do_exactly_what_the_table_says(
    as_caller: Callable[[str], APIClient], arguments: dict[str, object]
) -> None:
    """All in one test: whatever a request did is undone, so one world is enough for every caller of every address."""
    surprises = []
    for caller in CALLERS:
        client = as_caller(caller)
        surprises += [f"{caller}: {surprise}" for surprise in surprises_of(caller, client, arguments)]

    assert surprises == []


def surprises_of(caller: str, client: APIClient, arguments: dict[str, object]) -> Iterator[str]:
    """Yield what the addresses answer otherwise than the table says."""
    for address, method in product(addresses(), (*METHODS, "HEAD", "OPTIONS")):
        status = status_of(client, method, address.at(arguments))
        wanted = expected(address, method, caller)
        if status not in wanted if wanted else status in (401, 403, 405) or status >= 500:
            yield f"{method} {address.name}: {status}, expected {wanted or 'to be let in'}"


@transaction.atomic
def status_of(client: APIClient, method: str, address: str) -> int:
    """Send an empty body and undo whatever it did (signing out would spoil the rest)."""
    body = {"data": {}, "format": "json"} if method not in ("GET", "HEAD") else {}
    status: int = getattr(client, method.lower())(address, **body).status_code
    transaction.set_rollback(True)
    return status


class TestTokens:
    def test_are_what_the_callers_carry(self, as_caller: Callable[[str], APIClient]) -> None:
        """The table is worth nothing if the callers were let in some other way."""
        client = as_caller("secretariat")
        AuthToken.objects.all().delete()

        assert client.get("/api/v1/carnets/").status_code == 401
