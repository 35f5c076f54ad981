"""What people answer for is on record, with who, where from and in which request; and no flood fills the table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from api.deeds import IN_LEDGERS, act_of
from checkpoints.models import CustomsOffice
from tests.api.calls import API, ok
from tests.api.conftest import Enrol, Person
from tests.api.consoles.test_matrix import ROWS as PAGE_ROWS
from tests.api.endpoints import addresses, pages
from tests.api.matrix import ROWS
from tests.world import World
from tir.accounts.models import Role, User
from tir.audit.acting import named_in_acts
from tir.audit.asking import Asking
from tir.audit.models import AuditEvent
from tir.audit.recording import MOST_A_MINUTE, Deed, network_of, record_refusal
from tir.kernel.clock import now
from tir.log.models import AdministrativeAct, Pending
from tir.signin import factors, links, totp
from tir.signin.models import LinkPurpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_a_scanner")]
HEADER = "X-Request-ID"
PASSWORD = "right and long enough"


def events() -> list[tuple[str, str, str, str]]:
    """Return what was done, by whom, and the code it was refused with."""
    return list(AuditEvent.objects.order_by("pk").values_list("person", "verb", "noun", "code"))


class TestSigningIn:
    @pytest.fixture(autouse=True)
    def someone(self) -> User:
        return User.objects.create_user("someone", password=PASSWORD, roles=[Role.OFFICER])

    def test_by_the_api_is_on_record_and_so_is_what_failed(self) -> None:
        client = APIClient()
        client.post(f"{API}/auth/token/", {"username": "someone", "password": "wrong"})
        client.post(f"{API}/auth/token/", {"username": "nobody known", "password": "wrong"})
        token = ok(client.post(f"{API}/auth/token/", {"username": "someone", "password": PASSWORD}))["token"]
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        client.post(f"{API}/auth/logout/")

        assert events() == [
            ("someone", "sign_in", "account", "not_signed_in"),
            ("", "sign_in", "account", "not_signed_in"),
            ("someone", "sign_in", "account", ""),
            ("someone", "sign_out", "account", ""),
        ]

    def test_on_a_page_is_on_record_and_so_is_what_failed(self) -> None:
        browser = Client()
        for said in ("wrong", PASSWORD):
            browser.post("/console/sign-in/", {"username": "someone", "password": said})
        browser.post("/console/sign-out/")

        assert [(who, verb, bool(code)) for who, verb, _noun, code in events()] == [
            ("someone", "sign_in", True),
            ("someone", "sign_in", False),
            ("someone", "sign_out", False),
        ]
        assert PASSWORD not in str(list(AuditEvent.objects.values()))

    def test_with_a_second_factor_each_step_names_the_person(self, someone: User) -> None:
        secret, browser = totp.new_secret(), Client()
        at = now() - timedelta(minutes=5)
        code = totp.code_of(secret, totp.step_at(at))
        factors.set_up_app(someone, secret=secret, code=code, at=at, field="code")
        browser.post("/console/sign-in/", {"username": "someone", "password": PASSWORD})
        for said in ("000000", totp.code_of(secret, totp.step_at(now()))):
            browser.post("/console/sign-in/code/", {"code": said})

        assert [(who, verb, noun, bool(code)) for who, verb, noun, code in events()] == [
            ("someone", "sign_in", "account", False),
            ("someone", "sign_in", "account", True),
            ("someone", "sign_in", "account", False),
        ]
        assert secret not in str(list(AuditEvent.objects.values()))

    def test_a_link_that_is_followed_names_whose_it_was(self, someone: User) -> None:
        made = links.make(user=someone, purpose=LinkPurpose.PASSWORD, by=None, at=now())

        Client().post(f"/console/new-password/{made.secret}/", {"new": "seven quiet lorries north"})

        assert events() == [("someone", "reset", "password", "")]
        assert made.secret not in str(list(AuditEvent.objects.values()))


class TestAnAct:
    def test_says_who_where_from_in_which_request_and_names_the_fields(self, person: Person) -> None:
        secretariat = person(Role.SECRETARIAT)
        body = {"association": "nowhere", "first": 1, "last": 9}
        refused = secretariat.post(f"{API}/number-ranges/", body, headers={HEADER: "request-1"})
        assert refused.status_code >= 400
        assert events() == [], "what a rule refuses is a line of the log, and no deed"

    def test_that_is_done_is_on_record(self, enrol: Enrol) -> None:
        enrol()

        found = AuditEvent.objects.get()
        assert (found.verb, found.noun, found.status, found.country) == ("enrol", "device", 201, "CN")
        assert found.fields == {"fields": ["name"]}
        assert found.address == "127.0.0.1"

    def test_of_a_device_names_the_device(self, enrol: Enrol) -> None:
        device, phone = enrol()
        assert phone.post(f"{API}/auth/logout/").status_code == 204

        found = AuditEvent.objects.latest("pk")
        assert (found.verb, str(found.device)) == ("sign_out", device["id"])

    def test_is_in_the_log(self, enrol: Enrol) -> None:
        enrol()

        assert Pending.objects.filter(kind="audit_event", ref=str(AuditEvent.objects.get().pk)).exists()

    def test_that_the_database_writes_down_itself_names_the_person_and_the_request(
        self, world: World, client_of: Callable[[User], APIClient]
    ) -> None:
        officer = world.officers["CNURC001"]
        ok(client_of(officer).post(f"{API}/devices/", {"name": "Phone"}, headers={HEADER: "request-1"}), 201)

        act = AdministrativeAct.objects.get(noun="device")
        assert (act.actor, act.actor_id, act.request_id) == (officer.username, officer.pk, "request-1")

    def test_by_a_command_names_nobody(self, world: World) -> None:
        AdministrativeAct.objects.count()
        CustomsOffice.objects.filter(code="CNURC001").update(name_en="Another name")

        act = AdministrativeAct.objects.filter(noun="office", verb="update").get()
        assert (act.actor, act.request_id) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_who_acts_is_said_for_one_transaction_alone(world: World) -> None:
    who = Asking("request-1")
    who.person = world.officers["CNURC001"]
    office = CustomsOffice.objects.filter(code="CNURC001")

    with named_in_acts(who):
        for name in ("First", "Second"):
            with transaction.atomic():
                office.count()
                office.update(name_en=name)
        with transaction.atomic():
            office.update(name_en="Undone")
            transaction.set_rollback(True)
        with transaction.atomic(), transaction.atomic():
            office.update(name_en="Third")
    office.update(name_en="Afterwards")

    acts = AdministrativeAct.objects.filter(noun="office", verb="update").order_by("pk")
    assert [(act.content["name_en"], act.actor) for act in acts] == [
        ("First", who.person.username),
        ("Second", who.person.username),
        ("Third", who.person.username),
        ("Afterwards", None),
    ]


class TestEveryAddress:
    def test_that_changes_something_has_an_event_or_says_where_else_it_is_on_record(self) -> None:
        changing = {
            (method, page.name)
            for rows, found in ((ROWS, addresses()), (PAGE_ROWS, pages()))
            for page in found
            for method in page.methods
            if method != "GET" and (page.name, method) in rows
        }

        without = {name for method, name in changing if act_of(method, name) is None}
        assert without == set(IN_LEDGERS), (
            "an exception that no address has, or an address that hides behind one"
        )
        assert all(reason for reason in IN_LEDGERS.values())

    def test_by_which_a_file_leaves_is_on_record(
        self, person: Person, arguments: dict[str, object], people: dict[str, User]
    ) -> None:
        """Whatever answers with a file to take away, by its own kind: PDF, CSV, XLSX, calendar, dossiers."""
        clients = {name: _client(user) for name, user in people.items() if name not in ("nobody", "inactive")}
        missing, found = [], 0
        for page in [*addresses(), *pages()]:
            rows = ROWS.get((page.name, "GET")) or PAGE_ROWS.get((page.name, "GET")) or {}
            mine = next(
                (clients[name] for name, mark in rows.items() if mark == "+" and name in clients), None
            )
            if mine is None or not page.arguments <= set(arguments):
                continue
            for query in ("", "?export=csv", "?export=xlsx"):
                before = AuditEvent.objects.filter(verb="export").count()
                answer = mine.get(page.at(arguments) + (query if page.name.startswith("console") else ""))
                kind = answer.get("Content-Type", "")
                is_file = answer.status_code == 200 and not kind.startswith(
                    ("text/html", "application/json", "image/", "text/javascript", "application/octet")
                )
                found += is_file
                if is_file and AuditEvent.objects.filter(verb="export").count() != before + 1:
                    missing.append(page.name + query)

        assert missing == []
        assert found > 20


def _client(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


class TestASearch:
    def test_by_name_or_plate_says_what_was_looked_for(self, person: Person, world: World) -> None:
        hq = person(Role.CUSTOMS_HQ, country="KZ")
        ok(hq.get(f"{API}/holders/"))
        assert events() == [], "a list is no search"
        ok(hq.get(f"{API}/holders/?name=Silk"))

        found = AuditEvent.objects.get()
        assert (found.verb, found.noun, found.ref, found.country) == ("search", "holders", "Silk", "KZ")

    def test_on_a_page_too(self, db: None) -> None:
        browser = _client(User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="KZ"))
        browser.get("/console/search/?q=01")
        assert events() == [], "two letters find nothing"
        browser.get("/console/search/?q=01KZ123")

        assert events() == [("hq", "search", "search", "")]


class TestRefusals:
    def test_of_a_role_are_on_record_with_their_code(self, person: Person) -> None:
        person(Role.CUSTOMS_HQ, country="KZ").post(
            f"{API}/claims/{7}/pay/", {}, headers={HEADER: "request-1"}
        )

        found = AuditEvent.objects.get()
        assert (found.person, found.verb, found.noun, found.ref) == ("customs_hq-KZ", "pay", "claim", "7")
        assert (found.status, found.code, found.request_id, found.country) == (
            403,
            "forbidden",
            "request-1",
            "KZ",
        )

    def test_of_one_address_fill_no_table(self) -> None:
        at = now().replace(second=30)
        for number in range(MOST_A_MINUTE + 5):
            self.refuse(f"2001:db8::{number:x}", at)
        self.refuse("203.0.113.9", at)
        self.refuse("2001:db8::1", at + timedelta(minutes=1))

        assert AuditEvent.objects.count() == MOST_A_MINUTE + 2

    def refuse(self, address: str, at: Any) -> None:
        asking = Asking("request-1", address)
        record_refusal(Deed("read", "carnets"), asking=asking, at=at, status=403, code="forbidden")

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("", ""),
            ("a socket", ""),
        ],
    )
    def test_are_counted_by_what_one_caller_can_send_from(self, address: str, network: str) -> None:
        assert network_of(address) == network
