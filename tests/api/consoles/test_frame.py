"""The frame: menu by role, signing in, policy, faults as pages."""

import re

import pytest
from django.test import Client

from api.consoles.base import ConsolePage
from api.consoles.menu import ORDER
from tests.api.consoles.conftest import Reader
from tests.api.endpoints import pages
from tests.world import World
from tir.accounts.models import Role, User

SIGN_IN = "/console/sign-in/"


class TestMenu:
    def test_has_every_page_with_a_label_once_and_no_other(self) -> None:
        """In one place, so that the order can be read."""
        labelled = [page.name for page in pages() if getattr(page.view, "menu", "")]

        assert sorted(labelled) == sorted(ORDER)

    def test_shows_what_the_role_may_open(self, world: World, reader: Reader) -> None:
        officer = reader(world.officers["CNURC001"]).get("/console/carnets/").content.decode()
        association = reader(world.staff["CN"]).get("/console/carnets/").content.decode()

        assert 'href="/console/irregularities/"' not in officer
        assert 'href="/console/irregularities/"' in association
        assert re.search(r'href="/console/carnets/" aria-current="page"', association)

    def test_leads_a_role_without_pages_nowhere(self, db: None, reader: Reader) -> None:
        answer = reader(User.objects.create_user("nobody")).get("/console/")

        assert answer.status_code == 403
        assert "forbidden" in answer.content.decode()


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


class TestSignIn:
    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_leads_to_nobody_elses_address(self, world: World, client: Client, elsewhere: str) -> None:
        answer = client.post(SIGN_IN, {"username": "association-cn", "password": "secret", "next": elsewhere})

        assert answer["Location"] == "/console/"

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, world: World, client: Client) -> None:
        User.objects.create_user("left", password="secret", roles=list(Role), is_active=False)
        said = {
            re.sub(r'value="[^"]*"', "", client.post(SIGN_IN, credentials).content.decode())
            for credentials in (
                {"username": "association-cn", "password": "wrong"},
                {"username": "no-such-name", "password": "wrong"},
                {"username": "left", "password": "secret"},
            )
        }

        assert len(said) == 1

    def test_waits_after_five_wrong_passwords(self, world: World, client: Client) -> None:
        wrong = {"username": "association-cn", "password": "wrong"}
        statuses = [client.post(SIGN_IN, wrong).status_code for _attempt in range(6)]

        assert statuses == [401] * 4 + [429] * 2
        right = client.post(SIGN_IN, {**wrong, "password": "secret"})
        assert right.status_code == 429
        assert "quarter of an hour" in right.content.decode()

    def test_comes_back_from_htmx_as_a_whole_page(self, db: None, client: Client) -> None:
        answer = client.get("/console/search/?q=abc", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"]) == (
            204,
            "/console/sign-in/?next=%2Fconsole%2Fsearch%2F%3Fq%3Dabc",
        )


class TestFaults:
    def test_are_pages_here_and_problems_elsewhere(self, db: None, client: Client) -> None:
        page, problem = client.get("/console/nowhere/"), client.get("/api/v1/nowhere/")

        assert (page.status_code, problem.status_code) == (404, 404)
        assert page["Content-Type"].startswith("text/html")
        assert "no_such_address" in page.content.decode()
        assert problem["Content-Type"] == "application/problem+json"

    def test_of_ours_are_a_page_without_a_query(
        self, world: World, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = reader(world.staff["CN"])
        client.raise_request_exception = False
        monkeypatch.setattr("api.consoles.carnets.open_carnets.carnets_for", lambda user: 1 / 0)
        answer = client.get("/console/carnets/")

        assert answer.status_code == 500
        assert "server_fault" in answer.content.decode()
        assert "division" not in answer.content.decode()

    def test_of_an_old_form_say_what_to_do(self, db: None) -> None:
        answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "x", "password": "y"})

        assert answer.status_code == 403
        assert "form_expired" in answer.content.decode()


def test_the_language_is_remembered(world: World, reader: Reader) -> None:
    client = reader(world.staff["CN"])
    answer = client.post("/console/language/", {"language": "ru", "next": "/console/carnets/"})

    assert answer["Location"] == "/console/carnets/"
    assert '<html lang="ru">' in client.get("/console/carnets/").content.decode()
