"""Least sight (invariant 7): every caller on every method of every address, as one table says.

The addresses come from the URL configuration: one without rows here fails. `+` means the role may (whatever else then
speaks against it: a missing field, a state), `-` that it may not, `*` that nobody is asked who they are.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from knox.models import AuthToken
from rest_framework.test import APIClient

from carnets.models import Carnet
from carnets.reconciliation import job
from checkpoints.models import CustomsOffice, Posting
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from guarantees.claims import documents
from guarantees.claims.opening import open_claim
from tests.api.calls import ago
from tests.api.conftest import Client, Issue
from tests.api.endpoints import METHODS, Address, addresses
from tests.api.samples import of_annex_10, offered_proof
from tests.guarantees.claiming import to_claim
from tests.world import LONG_AGO, World, reconcile
from tir.accounts.models import Role, User
from tir.kernel.clock import now

TABLE = """
                             officer association customs_hq secretariat auditor auditor_cn system nobody
live                  GET       *
ready                 GET       *
jwks                  GET       *
scanner               GET       *
schema                GET       *
docs                  GET       *
problems              GET       *
auth-token            POST      *
auth-logout           POST      +         +          +          +          +         +        +     -
carnets               GET       +         +          +          +          +         +        +     -
carnets               POST      -         +          -          -          -         -        -     -
carnet                GET       +         +          +          +          +         +        +     -
carnet-document       GET       +         +          +          +          +         +        +     -
carnet-qr-svg         GET       +         +          +          +          +         +        +     -
carnet-qr-png         GET       +         +          +          +          +         +        +     -
carnet-invalidate     POST      -         +          -          -          -         -        -     -
carnet-report-lost    POST      -         +          -          -          -         -        -     -
carnet-found          POST      -         +          -          -          -         -        -     -
carnet-return         POST      -         +          -          -          -         -        -     -
scans                 POST      +         -          -          -          -         -        +     -
stamps                GET       +         +          +          +          +         +        +     -
stamps                POST      +         -          -          -          -         -        +     -
stamps-batch          POST      +         -          -          -          -         -        +     -
stamps-import         POST      +         -          -          -          -         -        +     -
stamp                 GET       +         +          +          +          +         +        +     -
refusals              GET       +         +          +          +          +         +        +     -
refusal               GET       +         +          +          +          +         +        +     -
refusals              POST      +         -          -          -          -         -        +     -
incidents             GET       +         +          +          +          +         +        +     -
incident              GET       +         +          +          +          +         +        +     -
incidents             POST      +         -          -          -          -         -        +     -
controls              GET       +         +          +          +          +         +        +     -
controls              POST      +         -          -          -          -         -        +     -
proofs                GET       +         +          +          +          +         +        +     -
proofs                POST      +         +          +          -          -         -        +     -
proof-accept          POST      +         -          +          -          -         -        +     -
post-bundle           GET       +         -          -          -          -         -        +     -
post-carnets          GET       +         -          -          -          -         -        +     -
post-handover         GET       +         -          +          -          -         -        +     -
devices               GET       +         -          +          -          -         -        +     -
devices               POST      +         -          -          -          -         -        +     -
device-heartbeat      POST      +         -          -          -          -         -        +     -
device-revoke         POST      +         -          +          -          -         -        +     -
offices               GET       +         +          +          +          +         +        +     -
crossings             GET       +         +          +          +          +         +        +     -
holders               GET       +         +          +          +          +         +        +     -
holders               POST      -         +          -          -          -         -        -     -
holder                GET       +         +          +          +          +         +        +     -
holder-suspend        POST      -         +          +          -          -         -        -     -
holder-resume         POST      -         +          +          -          -         -        -     -
holder-withdraw       POST      -         +          +          -          -         -        -     -
holder-end            POST      -         +          +          -          -         -        -     -
holder-quota          POST      -         +          -          -          -         -        -     -
holder-exclusions     POST      -         -          +          -          -         -        -     -
exclusion-lift        POST      -         -          +          -          -         -        -     -
number-ranges         GET       -         +          -          +          +         +        -     -
number-ranges         POST      -         -          -          +          -         -        -     -
terminations          GET       -         +          +          +          +         +        -     -
terminations-csv      GET       -         +          +          +          +         +        -     -
safetir-day           GET       -         +          +          +          +         +        -     -
reconciliation-requests        GET  +     +          +          +          +         +        -     -
reconciliation-request         GET  +     +          +          +          +         +        -     -
reconciliation-request-answer  POST +     -          +          -          -         -        -     -
reconciliation-request-forward POST -     -          +          -          -         -        -     -
guarantee-confirm     POST      +         -          +          -          -         -        +     -
guarantee-queries     GET       +         +          +          +          +         +        +     -
guarantee-query-confirm        POST -     +          -          -          -         -        -     -
guarantee-enquiries   GET       +         +          +          +          +         +        +     -
guarantee-enquiry-confirm      POST -     +          -          -          -         -        -     -
guarantees            GET       -         +          -          +          +         +        -     -
guarantee             GET       -         +          -          +          +         +        -     -
association-liability GET       -         +          -          +          +         +        -     -
association-liability-operations GET -    +         -          +          +         +        -     -
irregularities        GET       -         +          +          +          +         +        +     -
irregularity          GET       -         +          +          +          +         +        +     -
irregularity          PATCH     -         -          +          -          -         -        -     -
reconciliation-runs   POST      -         -          +          -          -         -        -     -
reconciliation-run    GET       -         -          +          -          -         -        -     -
claims                GET       -         +          +          +          +         +        -     -
claims                POST      -         -          +          -          -         -        -     -
claim                 GET       -         +          +          +          +         +        -     -
claim-notify          POST      -         -          +          -          -         -        -     -
claim-demand          POST      -         -          +          -          -         -        -     -
claim-pay             POST      -         +          -          -          -         -        -     -
claim-contest         POST      -         +          -          -          -         -        -     -
claim-reimburse       POST      -         -          +          -          -         -        -     -
claim-withdraw        POST      -         -          +          -          -         -        -     -
claim-acknowledge     POST      -         +          -          -          -         -        -     -
claim-notify-holder   POST      -         -          +          -          -         -        -     -
claim-proceedings     POST      -         -          +          -          -         -        -     -
claim-letters         POST      -         +          -          -          -         -        -     -
claim-documents       POST      -         +          +          -          -         -        -     -
claim-document        GET       -         +          +          +          +         +        -     -
claim-dossier-pdf     GET       -         +          +          +          +         +        -     -
claim-dossier-json    GET       -         +          +          +          +         +        -     -
carnet-defence-pdf    GET       -         +          -          +          +         +        -     -
carnet-defence-json   GET       -         +          -          +          +         +        -     -
deadlines             GET       -         +          +          -          -         -        -     -
deadlines-calendar    GET       -         +          +          -          -         -        -     -
notices               GET       +         +          +          +          +         +        +     -
notice-read           POST      +         +          +          +          +         +        +     -
"""
TO_KAZAKHSTAN = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"))
SIGNED_OUT = ("guest", "inactive")  # 401 wherever a signed-in role is asked for


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
CALLERS = (*next(iter(ROWS.values())), *SIGNED_OUT)


class TestTheTable:
    def test_has_a_row_for_every_method_of_every_address_and_no_other(self) -> None:
        served = {(address.name, method) for address in addresses() for method in address.methods}

        assert set(ROWS) == served


@pytest.fixture
def arguments(world: World, issue: Issue) -> dict[str, object]:
    """Something of everything that an address can name, in the country of every caller."""
    carnet = issue(route=TO_KAZAKHSTAN)
    outcome = world.stamp(carnet, 1, ago(days=9), seals_intact=False, seals_affixed=("A-1",))
    reconcile(now())
    run = job.request_run(by=User.objects.get(username="customs_hq"), at=now())
    assert outcome.row is not None
    claim = claim_on(carnet, world)
    return {
        **of_annex_10(world, User.objects.get(username="customs_hq")),
        "number": carnet.number,
        "stamp_id": outcome.row["id"],
        "incident_id": world.report(carnet, "CNURC001", ago(days=8)).pk,
        "proof_id": offered_proof(world, carnet).pk,
        "refusal_id": world.refuse(carnet, 3, ago(days=7)).pk,
        "reference": world.guarantee.reference,
        "code": world.associations["CN"].code,
        "irregularity_id": carnet.irregularities.get(code="seal_broken_no_pv").pk,
        "run_id": run.pk,
        "claim_id": claim.pk,
        "document_id": letter_of(claim, world).pk,
        "notice_id": 1,
        "device_id": devices.enrol(
            name="Phone 3",
            lane="2",
            token_digest="0",
            by=officer_of(world.officers["CNURC001"].pk),
            at=now(),
        ).pk,
    }


def claim_on(carnet: Carnet, world: World) -> Any:
    return open_claim(
        operation=to_claim(carnet, 1),
        reason="No termination anywhere.",
        is_fraud=False,
        by=world.officers["CNURC001"],
        at=now(),
    )


def letter_of(claim: Any, world: World) -> Any:
    return documents.attach(
        claim=claim,
        kind="notice",
        name="letter.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.7",
        by=world.officers["CNURC001"],
        at=now(),
    )


@pytest.fixture(autouse=True)
def people(world: World) -> dict[str, User]:
    """One user a column, all of China, so that only the role decides."""

    def user(name: str, *roles: Role, **fields: Any) -> User:
        return User.objects.create_user(name, roles=list(roles), **fields)

    system = user("system", Role.SYSTEM, country="CN")
    office = CustomsOffice.objects.get(code="CNHRS001")
    Posting.objects.create(user=system, office=office, valid_from=LONG_AGO)
    return {
        "officer": world.officers["CNURC001"],
        "association": world.staff["CN"],
        "customs_hq": user("customs_hq", Role.CUSTOMS_HQ, country="CN"),
        "secretariat": user("secretariat", Role.SECRETARIAT),
        "auditor": user("auditor", Role.AUDITOR),
        "auditor_cn": user("auditor_cn", Role.AUDITOR, country="CN"),
        "system": system,
        "nobody": user("nobody"),
        "inactive": user("inactive", *Role, is_active=False),
    }


@pytest.fixture
def as_caller(people: dict[str, User], client_of: Client) -> Callable[[str], APIClient]:
    return lambda caller: APIClient() if caller == "guest" else client_of(people[caller])


def allowed(address: Address, method: str, caller: str) -> str:
    """Return what the table says: `+`, `-`, `*`, or blank where there is no such method."""
    if method == "OPTIONS":
        marks = {allowed(address, one, caller) for one in address.methods}
        return next(mark for mark in "*+-" if mark in marks)
    row = ROWS.get((address.name, "GET" if method == "HEAD" else method))
    if row is None:
        return ""
    return row.get(caller, "*" if "*" in row.values() else "-")


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


STRANGERS = (
    "officer",
    "association",
    "customs_hq",
    "auditor",
    "system",
)  # who sees everything is no stranger
A_BODY = {  # where an empty body would be refused before anybody looks whose thing it is
    "irregularity": {"status": "resolved", "reason": "looks fine"},
    "carnet-invalidate": {"reason": "not mine"},
    "carnet-report-lost": {"reason": "not mine"},
    "carnet-found": {"reason": "not mine"},
    "carnet-return": {"reason": "not mine", "counterfoils": []},
    "device-heartbeat": {"unsent": 0},
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
    "safetir-day",
)  # a day has its file for everybody; tests/api/test_annex10.py says what others find in it


def is_register(role: str, address: Address) -> bool:
    return role != "association" and address.name.startswith(REGISTER)


def is_open_to(role: str, address: Address) -> bool:
    """Whether the thing itself exists for a stranger too, and only what it says is bounded."""
    return address.name in OF_NOBODY or is_register(role, address)


@pytest.fixture(autouse=True)
def without_a_scanner(settings: Any, tmp_path: Any) -> None:
    """Where the scanner is built, its files answer in place of the view that the table is about."""
    settings.TIR_SCANNER = str(tmp_path / "none")


ABSENT = {
    "holder_ref": "ABS-000-1",
    "number": "RX99000004",
    "reference": "CN-2026-9999",
    "code": "999",
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


@pytest.mark.parametrize("role", [role for role in STRANGERS if role != "association"])
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


class TestTokens:
    def test_are_what_the_callers_carry(self, as_caller: Callable[[str], APIClient]) -> None:
        """The table is worth nothing if the callers were let in some other way."""
        client = as_caller("secretariat")
        AuthToken.objects.all().delete()

        assert client.get("/api/v1/carnets/").status_code == 401


def content_of(answer: Any) -> bytes:
    """Return an answer's body, also of one that is sent piece by piece."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
