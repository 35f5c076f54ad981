"""Every request has an id; what was refused is a line with who, where from and why, and never what was sent."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.test import Client
from rest_framework.test import APIClient

from carnets import tasks
from tests.api.calls import API, goods, issue_body, problem
from tests.api.conftest import Enrol, Person
from tests.world import World
from tir import celery
from tir.accounts.models import Role, User
from tir.audit import asking, structured
from tir.audit.asking import Asking
from tir.audit.lines import without_contents

HEADER = "X-Request-ID"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Return a function that gives the lines written so far, as whoever collects them reads them."""
    into = StringIO()
    handler = logging.StreamHandler(into)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_contents,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=structured.FIELDS,
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in into.getvalue().splitlines()]
    root.removeHandler(handler)


class TestTheId:
    @pytest.mark.parametrize("own", ["a1b2c3d4", "01J.9-x_Z" * 7, "0" * 64])
    def test_is_the_callers_own_where_it_is_one(self, client: Client, own: str) -> None:
        assert client.get("/healthz/live", headers={HEADER: own})[HEADER] == own

    @pytest.mark.parametrize(
        "own", ["", "short", "0" * 65, "with blank", 'quo"te--', "line\nbreak", "числа-числа"]
    )
    def test_is_new_where_the_callers_could_be_anything(self, client: Client, own: str) -> None:
        answers = [client.get("/healthz/live", HTTP_X_REQUEST_ID=own)[HEADER] for _twice in range(2)]

        assert own not in answers
        assert len(set(answers)) == 2
        assert all(len(answer) == 32 and int(answer, 16) >= 0 for answer in answers)

    def test_is_there_whatever_the_answer(self, client: Client) -> None:
        for address in ("/nowhere", "/console/nowhere/", "/console/", "/api/v1/carnets/", "/post/"):
            assert client.get(address)[HEADER]


@pytest.mark.django_db
class TestALineOfARefusal:
    def test_says_who_where_from_which_request_and_why(self, person: Person, lines: Any) -> None:
        hq = person(Role.CUSTOMS_HQ, country="KZ")
        hq.get(f"{API}/carnets/")
        assert lines() == [], "what is answered is no line"
        problem(
            hq.post(f"{API}/stamps/", {}, headers={HEADER: "one-request"}, REMOTE_ADDR="203.0.113.9"),
            403,
            "forbidden",
        )

        (line,) = lines()
        said = {
            "request_id": "one-request", "user": "customs_hq-KZ", "roles": ["customs_hq"], "address": "203.0.113.9",
            "route": "stamps", "code": "forbidden", "status": 403,
        }  # fmt: skip
        assert said.items() <= line.items()
        assert line["level"] == "warning"

    def test_says_which_device(self, enrol: Enrol, lines: Any) -> None:
        device, phone = enrol()
        phone.post(f"{API}/claims/", {})

        assert [line["device"] for line in lines()] == [device["id"]]

    def test_of_a_page_says_the_same(self, db: None, lines: Any) -> None:
        browser = Client()
        browser.force_login(
            User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ]),
            "django.contrib.auth.backends.ModelBackend",
        )
        assert browser.get("/console/stock/").status_code == 403

        (line,) = lines()
        assert (line["user"], line["route"], line["code"]) == ("hq", "console-stock", "forbidden")

    def test_of_a_wrong_password_names_the_account_and_where_from(self, db: None, lines: Any) -> None:
        User.objects.create_user("known", password="right and long enough")
        for name in ("known", "my secret typed in the wrong field"):
            APIClient().post(f"{API}/auth/token/", {"username": name, "password": "wrong secret"})

        assert [(line.get("user"), line["address"], line["code"]) for line in lines()] == [
            ("known", "127.0.0.1", "not_signed_in"),
            (None, "127.0.0.1", "not_signed_in"),
        ]
        assert "secret" not in json.dumps(lines())

    def test_never_tells_what_was_sent(self, association: APIClient, lines: Any) -> None:
        """Neither goods nor names, nor what carries a person in: also where the database itself refused."""
        body = issue_body(goods=[goods(description="Gold bars")], vehicles=[])
        assert association.post(f"{API}/carnets/?name=Aisulu", body).status_code in (400, 422)
        try:
            raise ValueError(
                "duplicate key\nDETAIL:  Key (name)=(Aisulu) already exists.\nCONTEXT:  Gold bars\n more gold\n"
            )
        except ValueError:
            logging.getLogger("some").exception("Something failed")

        said = json.dumps(lines())
        assert len(lines()) == 2
        assert "duplicate key" in said
        for secret in ("Gold", "gold", "Aisulu", "Token "):
            assert secret not in said

    @pytest.fixture
    def association(self, world: World, client_of: Any) -> APIClient:
        return client_of(world.staff["CN"])


class TestATask:
    """What a worker writes is found by the id of the request that asked for it."""

    @pytest.fixture
    def asked(self) -> Iterator[Asking]:
        who = Asking("one-request", "203.0.113.9")
        before = asking.begin(who)
        yield who
        asking.end(before)

    def test_carries_the_request_that_asked_for_it(self, asked: Asking) -> None:
        sent: dict[str, Any] = {}
        celery.hand_on(headers=sent)

        assert sent == {"tir_asked": {"request_id": "one-request", "address": "203.0.113.9"}}

    def test_of_the_clock_carries_none(self) -> None:
        sent: dict[str, Any] = {}
        celery.hand_on(headers=sent)

        assert sent == {}

    def test_writes_lines_that_say_so(self, lines: Any) -> None:
        task = tasks.reconcile
        task.push_request(tir_asked={"request_id": "one-request", "user": "hq"})
        celery.take_up(task=task, task_id="1")
        logging.getLogger("work").info("done")
        celery.put_down()
        logging.getLogger("work").info("other")
        task.pop_request()

        mine, other = lines()
        assert (mine["request_id"], mine["user"], mine["task"]) == ("one-request", "hq", "carnets.reconcile")
        assert "request_id" not in other
