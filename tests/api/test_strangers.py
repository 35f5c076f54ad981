"""Least sight (invariant 7): a role from a country without a part in a thing finds it absent, at every address.

Which roles may call what stands in `tests/api/matrix.py`; the addresses come from the URL configuration.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from tests.api.conftest import Client
from tests.api.endpoints import Address, addresses
from tests.api.matrix import allowed
from tests.world import World
from tir.accounts.models import Role, User

pytestmark = pytest.mark.usefixtures("without_a_scanner")
STRANGERS = (
    "officer",
    "association",
    "customs_hq",
    "auditor",
    "system",
    "administrator",
)  # who sees everything is no stranger
A_BODY = {  # where an empty body would be refused before anybody looks whose thing it is
    "irregularity": {"status": "resolved", "reason": "looks fine"},
    "carnet-invalidate": {"reason": "not mine"},
    "carnet-report-lost": {"reason": "not mine"},
    "carnet-found": {"reason": "not mine"},
    "carnet-return": {"reason": "not mine", "counterfoils": []},
    "device-heartbeat": {"unsent": 0},
    "device-settle": {"reason": "not mine"},
    "claim-demand": {"amount": "1000", "currency": "EUR", "debtor": "CHN/071/1001"},
    "claim-contest": {"remark": "It was terminated at Almaty."},
    "claim-documents": {
        "kind": "other",
        "name": "letter.pdf",
        "content_type": "application/pdf",
        "content": "JVBERi0xLjQK",
    },
    "claim-letters": {"kind": "notification"},
    "claim-proceedings": {"began_on": "2026-01-05"},
    "exclusion-lift": {"reason": "not mine"},
    "service-account-networks": {"networks": []},
    "approval-refuse": {"reason": "not mine"},
    "guarantee-ceilings": {"reason": "not mine", "ceiling": "9", "valid_from": "2027-01-01"},
    "user-password-link": {"reason": "not mine"},
    "service-account-end": {"reason": "not mine"},
    "user": {"reason": "not mine"},
    "user-deactivate": {"reason": "not mine"},
    "user-reactivate": {"reason": "not mine"},
    "user-invitation": {"reason": "not mine"},
    "user-invitation-revoke": {"reason": "not mine"},
    "user-postings": {"office": "UZYAL001", "reason": "not mine"},
    "user-posting-end": {"reason": "not mine"},
    "user-hand-over": {"to": 1, "reason": "not mine"},
    "holder-end": {"reason": "not mine"},
    "holder-exclusions": {"reason": "not mine"},
    "holder-quota": {"quota": 3, "reason": "not mine"},
    "holder-resume": {"reason": "not mine"},
    "holder-suspend": {"reason": "not mine"},
    "holder-withdraw": {"reason": "not mine"},
    "reconciliation-request-answer": {"answer": "confirmed"},
    "reconciliation-request-forward": {"office": "KZHOR001"},
    "guarantee-query-confirm": {"answer": "good", "text": "not mine"},
    "guarantee-enquiry-confirm": {"answer": "good", "text": "not mine"},
}
# Customs look every holder up in the international register, so there they exist; TestTheRegister says what is shown.
REGISTER = ("holder", "exclusion-lift")
OF_NOBODY = (
    "safetir-day",  # a day has its file for everybody; tests/api/test_annex10.py says what others find in it
    # What a country is set up with is read by everybody, and entered by its own: tests/api/test_registers.py.
    "members", "maxima", "territory", "member", "association", "office", "crossing", "clock",
)  # fmt: skip


def is_register(role: str, address: Address) -> bool:
    return role != "association" and address.name.startswith(REGISTER)


def is_open_to(role: str, address: Address) -> bool:
    """Whether the thing itself exists for a stranger too, and only what it says is bounded."""
    return address.name in OF_NOBODY or is_register(role, address)


ABSENT = {
    "holder_ref": "ABS-000-1",
    "number": "RX99000004",
    "reference": "CN-2026-9999",
    "code": "999",
    "territory": "QQ",
    "country": "QQ",
    "client_id": "nobodys",
    "office": "UZABSENT",
}  # well formed, and of nobody


def absent(name: str, value: object) -> object:
    """Return what could stand in an address in that place, and does not exist."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, date):
        return value.replace(year=value.year - 20)
    return value + 1_000_000 if isinstance(value, int) else ABSENT.get(name, "ZZ-ABSENT")


@pytest.fixture
def as_stranger(world: World, client_of: Client, arguments: dict[str, object]) -> Callable[[str], APIClient]:
    """Return a caller of that role from Uzbekistan, which the carnet of `arguments` never comes near."""

    def user(role: str) -> User:
        if role in ("officer", "association"):
            return world.officers["UZYAL001"] if role == "officer" else world.staff["UZ"]
        return User.objects.create_user(f"{role}_uz", roles=[Role(role)], country="UZ")

    return lambda role: client_of(user(role))


def column_of(role: str) -> str:
    """Return the column of the table that a stranger's role stands in: an auditor here is one of a country."""
    return "auditor_cn" if role == "auditor" else role


@transaction.atomic
def answer(client: APIClient, address: Address, method: str, names: dict[str, object]) -> tuple[int, bytes]:
    """Send a body in order, and undo whatever it did."""
    body = {"data": A_BODY.get(address.name, {}), "format": "json"} if method != "GET" else {}
    answer = getattr(client, method.lower())(address.at(names), **body)
    transaction.set_rollback(True)
    return answer.status_code, content_of(answer)


@pytest.mark.parametrize("role", STRANGERS)
class TestAStranger:
    """The same roles from a country that has no part in a thing: what exists there looks absent."""

    def test_finds_nothing_by_its_name(
        self, role: str, as_stranger: Callable[[str], APIClient], arguments: dict[str, object]
    ) -> None:
        client, nothing = as_stranger(role), {name: absent(name, value) for name, value in arguments.items()}

        surprises = []
        for address in addresses():
            for method in address.methods if address.arguments else ():
                if allowed(address, method, column_of(role)) == "+" and not is_open_to(role, address):
                    there, not_there = (
                        answer(client, address, method, names) for names in (arguments, nothing)
                    )
                    if there != not_there or there[0] != 404:
                        surprises.append(f"{method} {address.name}: {there}, of nothing: {not_there}")

        assert surprises == [], "\n".join(surprises)

    def test_finds_nothing_in_a_list(
        self, role: str, as_stranger: Callable[[str], APIClient], arguments: dict[str, object]
    ) -> None:
        client = as_stranger(role)
        theirs = [str(arguments["number"]), str(arguments["stamp_id"]), str(arguments["reference"])]

        for address in addresses():
            if not address.arguments and allowed(address, "GET", column_of(role)) == "+":
                shown = content_of(client.get(address.at({}))).decode(errors="replace")  # a PDF is no text
                assert [name for name in theirs if name in shown] == [], address.name


@pytest.mark.parametrize("role", [role for role in STRANGERS if role not in ("association", "administrator")])
class TestTheRegister:
    """What customs without a part in a holder find in the international register."""

    def test_shows_no_business_and_takes_no_decision(
        self, role: str, as_stranger: Callable[[str], APIClient], arguments: dict[str, object]
    ) -> None:
        client = as_stranger(role)
        surprises = []
        for address in addresses():
            for method in address.methods if is_register(role, address) and address.arguments else ():
                if allowed(address, method, column_of(role)) == "+" and address.name != "holder-exclusions":
                    status, said = answer(client, address, method, arguments)
                    shown = json.loads(said)
                    is_bare = status == 200 and shown["quota"] is None and shown["events"] is None
                    if not is_bare if method == "GET" else status != 403:
                        surprises.append(f"{method} {address.name}: {status} {said[:300]!r}")

        assert surprises == []


def content_of(answer: Any) -> bytes:
    """Return an answer's body, also of one that is sent piece by piece."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
