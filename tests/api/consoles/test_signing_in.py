"""Signing in on a page, from where one came and to nowhere else, and the language that is kept."""

import re

import pytest
from django.test import Client

from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User

SIGN_IN = "/console/sign-in/"


class TestSignIn:
    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_leads_to_nobody_elses_address(self, world: World, client: Client, elsewhere: str) -> None:
        answer = client.post(
            SIGN_IN, {"username": "officer-cnurc001", "password": "secret", "next": elsewhere}
        )

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

    def test_hides_what_is_typed_and_lets_managers_of_passwords_fill_it_in(
        self, db: None, client: Client
    ) -> None:
        page = client.get(SIGN_IN).content.decode()
        (field,) = re.findall(r'<input[^>]*name="password"[^>]*>', page)

        assert 'type="password"' in field
        assert 'autocomplete="current-password"' in field
        assert 'autocomplete="username"' in page
        assert "onpaste" not in page

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

    @pytest.mark.parametrize("name", ["q" * 256, "q" * 100_000, "a\x00b", "\u200b", " "])
    def test_with_a_name_that_no_account_has_is_refused(self, db: None, name: str) -> None:
        answer = Client().post("/console/sign-in/", {"username": name, "password": "secret"})

        assert answer.status_code == 401


def test_the_language_is_remembered(world: World, reader: Reader) -> None:
    client = reader(world.staff["CN"])
    answer = client.post("/console/language/", {"language": "ru", "next": "/console/carnets/"})

    assert answer["Location"] == "/console/carnets/"
    assert '<html lang="ru">' in client.get("/console/carnets/").content.decode()
