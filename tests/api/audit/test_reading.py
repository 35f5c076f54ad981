"""Who sees which audit events, by the API and on the pages; looked for, read, and taken away as a file."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from api.consoles.audit.words import VERBS
from tests.api.calls import API, ok, problem, refused_fields
from tests.api.conftest import Enrol, Person
from tests.api.consoles.conftest import Reader
from tests.api.matrix import an_event
from tir.accounts.models import Role, User
from tir.audit.models import AuditEvent
from tir.kernel.clock import now

pytestmark = pytest.mark.django_db
AUDIT = f"{API}/audit/"


@pytest.fixture
def both() -> tuple[AuditEvent, AuditEvent]:
    """An event of China and one of Kazakhstan."""
    return an_event("CN"), an_event("KZ")


def seen(client: APIClient, query: str = "") -> list[int]:
    return [row["id"] for row in ok(client.get(f"{AUDIT}?noun=offices{query}"))["results"]]


class TestTheApi:
    def test_shows_headquarters_their_own_country_and_the_secretariat_all(
        self, person: Person, both: tuple[AuditEvent, AuditEvent]
    ) -> None:
        of_china, of_kazakhstan = both
        hq, nowhere, secretariat = (
            person(Role.CUSTOMS_HQ, country="KZ"),
            person(Role.CUSTOMS_HQ),
            person(Role.SECRETARIAT),
        )

        assert seen(hq) == [of_kazakhstan.pk]
        assert seen(nowhere) == []
        assert seen(secretariat) == [of_kazakhstan.pk, of_china.pk]
        assert ok(hq.get(f"{AUDIT}{of_kazakhstan.pk}/"))["ref"] == "Nowhere"
        problem(hq.get(f"{AUDIT}{of_china.pk}/"), 404, "not_found")

    def test_finds_by_person_thing_day_code_and_request(self, person: Person) -> None:
        secretariat = person(Role.SECRETARIAT)
        found = an_event("CN")
        problem(
            secretariat.post(f"{API}/claims/7/pay/", {}, headers={"X-Request-ID": "request-2"}),
            403,
            "forbidden",
        )
        refusal = AuditEvent.objects.get(code="forbidden")
        tomorrow = (now() + timedelta(days=1)).date()

        def of(query: str) -> list[int]:
            return [row["id"] for row in ok(secretariat.get(f"{AUDIT}?{query}"))["results"]]

        assert (
            of("code=forbidden")
            == of("person=secretariat-&noun=claim")
            == of("request_id=request-2")
            == [refusal.pk]
        )
        assert of("ref=Nowhere") == [found.pk]
        assert of(f"from={tomorrow}") == []
        assert {found.pk, refusal.pk} <= set(of(f"to={tomorrow}"))
        assert refused_fields(secretariat.get(f"{AUDIT}?from=yesterday"))

    def test_shows_what_the_database_wrote_down_of_the_same_request(
        self, enrol: Enrol, person: Person
    ) -> None:
        device, _phone = enrol()
        event = AuditEvent.objects.get(verb="enrol")

        acts = ok(person(Role.CUSTOMS_HQ, country="CN").get(f"{AUDIT}{event.pk}/"))["acts"]
        assert {(act["verb"], act["noun"], act["ref"]) for act in acts} >= {
            ("insert", "device", device["id"])
        }
        assert all("token_digest" not in act["content"] for act in acts)


class TestThePages:
    @pytest.fixture
    def hq(self, reader: Reader) -> Client:
        return reader(User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="KZ"))

    def test_show_the_readers_own_country(self, hq: Client, both: tuple[AuditEvent, AuditEvent]) -> None:
        of_china, of_kazakhstan = both
        listed = hq.get("/console/audit/").content.decode()

        assert f"/console/audit/{of_kazakhstan.pk}/" in listed
        assert f"/console/audit/{of_china.pk}/" not in listed
        assert hq.get(f"/console/audit/{of_kazakhstan.pk}/").status_code == 200
        assert hq.get(f"/console/audit/{of_china.pk}/").status_code == 404

    def test_find_by_what_the_filters_say(self, hq: Client) -> None:
        found = an_event("KZ")
        today, tomorrow = now().date(), (now() + timedelta(days=1)).date()
        for query, is_there in (
            ("ref=Nowhere", True), ("ref=Elsewhere", False), (f"day={today}", True), (f"day={tomorrow}", False),
            ("noun=offices", True), ("code=forbidden", False), ("request_id=request-1", True), ("person=hq", False),
        ):  # fmt: skip
            listed = hq.get(f"/console/audit/?{query}").content.decode()
            assert (f"/console/audit/{found.pk}/" in listed) is is_there, query

    @pytest.mark.parametrize("wanted", ["csv", "xlsx"])
    def test_export_what_is_shown_and_say_who_took_it(self, hq: Client, wanted: str) -> None:
        an_event("CN")
        an_event("KZ")
        answer = hq.get(f"/console/audit/?noun=offices&export={wanted}")
        content = b"".join(answer) if answer.streaming else answer.content

        assert answer.status_code == 200
        if wanted == "csv":
            assert content.decode().count("Nowhere") == 1
        taken = AuditEvent.objects.get(verb="export")
        assert (taken.person, taken.noun, taken.country) == ("hq", "audit", "KZ")
        assert taken.fields == {"of": {"noun": "offices", "export": wanted}}


class TestTheWords:
    def test_are_there_for_every_verb_of_every_address(self) -> None:
        documented = (settings.BASE_DIR / "docs" / "audit.md").read_text()
        verbs = set(re.findall(r"^\| `(\w+)` `\w+`", documented, re.MULTILINE)) | {"export", "search"}

        assert {"exclude", "sign_in", "apply"} <= verbs
        assert verbs - set(VERBS) == set()

    @pytest.mark.parametrize(("language", "word"), [("en", "searched"), ("ru", "искал"), ("zh-hans", "搜索")])
    def test_stand_on_the_pages_in_the_readers_language(
        self, reader: Reader, language: str, word: str
    ) -> None:
        event = an_event("CN")
        client = reader(User.objects.create_user("s", roles=[Role.SECRETARIAT]))
        client.cookies["django_language"] = language

        assert f">{word}</a>" in client.get("/console/audit/").content.decode()
        assert word in client.get(f"/console/audit/{event.pk}/").content.decode()
        file = client.get("/console/audit/?export=csv")
        assert ",search," in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
