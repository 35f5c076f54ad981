"""Signing in and out: tokens, browser sessions, and what happens to those who guess."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.utils import reset
from knox.models import AuthToken
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api.calls import ok, problem, refused_fields
from tests.api.conftest import Client
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now

TOKEN, LOGOUT, READ = "/api/v1/auth/token/", "/api/v1/auth/logout/", "/api/v1/carnets/"
PASSWORD = "a long enough password "
MEMBERS = {"username", "roles", "office", "association", "country"}


@pytest.fixture(autouse=True)
def nobody_is_locked_out(sandbox: None) -> Iterator[None]:
    """In a sandbox, where a second factor is only offered: tests/signin has it where it is needed."""
    yield
    reset()


@pytest.fixture
def clerk(world: World) -> User:
    user = world.staff["CN"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: APIClient, username: str, password: str = PASSWORD) -> APIClient:
    """Return a client with the token that this sign-in got."""
    answer = ok(client.post(TOKEN, {"username": username, "password": password}))
    signed_in = APIClient()
    signed_in.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    return signed_in


class TestSigningIn:
    def test_answers_with_token_its_end_and_who_it_is(self, guest: APIClient, clerk: User) -> None:
        answer = ok(guest.post(TOKEN, {"username": clerk.username, "password": PASSWORD}))

        assert set(answer) == {"token", "expires_at", "user"}
        assert set(answer["user"]) == MEMBERS
        assert answer["user"]["roles"] == ["association"]
        assert answer["expires_at"].endswith("Z")

    def test_names_the_office_of_an_officer(self, guest: APIClient, world: World) -> None:
        officer = world.officers["CNURC001"]
        officer.set_password(PASSWORD)
        officer.save()

        answer = ok(guest.post(TOKEN, {"username": officer.username, "password": PASSWORD}))

        assert (answer["user"]["office"], answer["user"]["country"]) == ("CNURC001", "CN")

    @pytest.mark.parametrize("username", ["", "\x00", "x" * 151, None, 7])
    def test_refuses_what_can_be_no_name(self, guest: APIClient, username: object) -> None:
        answer = guest.post(TOKEN, {"username": username, "password": PASSWORD}, format="json")

        assert set(refused_fields(answer)) == {"username"}

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, guest: APIClient, clerk: User) -> None:
        wrong_password = guest.post(TOKEN, {"username": clerk.username, "password": "wrong"})
        wrong_name = guest.post(TOKEN, {"username": "nobody at all", "password": "wrong"})

        assert problem(wrong_password, 401, "not_signed_in") == problem(wrong_name, 401, "not_signed_in")
        assert wrong_password["WWW-Authenticate"] == "Token"

    def test_locks_a_name_after_five_wrong_passwords_even_for_the_right_one(
        self, guest: APIClient, clerk: User
    ) -> None:
        for _attempt in range(5):
            guest.post(TOKEN, {"username": clerk.username, "password": "wrong"})

        locked = guest.post(TOKEN, {"username": clerk.username, "password": PASSWORD})

        assert problem(locked, 429, "too_many_requests")["detail"].endswith("Wait a quarter of an hour.")
        assert int(locked["Retry-After"]) == 15 * 60

    def test_counts_wrong_passwords_alone(self, guest: APIClient, clerk: User) -> None:
        for _attempt in range(12):
            ok(guest.post(TOKEN, {"username": clerk.username, "password": PASSWORD}))

    def test_forgets_the_wrong_ones_after_the_right_one(self, guest: APIClient, clerk: User) -> None:
        for _round in range(3):
            for _attempt in range(4):
                wrong = guest.post(TOKEN, {"username": clerk.username, "password": "wrong"})
                problem(wrong, 401, "not_signed_in")
            ok(guest.post(TOKEN, {"username": clerk.username, "password": PASSWORD}))

    def test_refuses_a_closed_account_as_it_refuses_a_wrong_password(
        self, guest: APIClient, clerk: User
    ) -> None:
        clerk.is_active = False
        clerk.save()

        answer = guest.post(TOKEN, {"username": clerk.username, "password": PASSWORD})

        problem(answer, 401, "not_signed_in")


class TestTokens:
    @pytest.mark.parametrize(
        "header", ["Token", "Token ", "Token a b", "Token abc", "token \xff", "Bearer abc", "", "Token \x00"]
    )
    def test_that_are_none_are_told_how_to_sign_in(self, guest: APIClient, header: str) -> None:
        answer = guest.get(READ, HTTP_AUTHORIZATION=header)

        assert problem(answer, 401, "not_signed_in")["detail"]
        assert answer["WWW-Authenticate"] == "Token"

    def test_end_with_signing_out_and_no_other_does(self, guest: APIClient, clerk: User) -> None:
        phone, desk = sign_in(guest, clerk.username), sign_in(guest, clerk.username)

        assert phone.post(LOGOUT).status_code == 204

        problem(phone.get(READ), 401, "not_signed_in")
        assert desk.get(READ).status_code == 200

    def test_end_when_their_time_is_over(self, guest: APIClient, clerk: User) -> None:
        client = sign_in(guest, clerk.username)
        AuthToken.objects.update(expiry=now() - timedelta(seconds=1))

        problem(client.get(READ), 401, "not_signed_in")

    def test_of_an_account_that_was_closed_open_nothing(self, guest: APIClient, clerk: User) -> None:
        client = sign_in(guest, clerk.username)
        User.objects.filter(pk=clerk.pk).update(is_active=False)

        assert "closed" in problem(client.get(READ), 401, "not_signed_in")["detail"]

    def test_over_the_limit_the_oldest_ends(self, guest: APIClient, clerk: User, settings: Settings) -> None:
        settings.TOKENS_PER_USER = 3
        other = AuthToken.objects.create(User.objects.create_user("somebody"))[0]

        clients = [sign_in(guest, clerk.username) for _each in range(3)]
        assert [client.get(READ).status_code for client in clients] == [200, 200, 200]

        clients.append(sign_in(guest, clerk.username))
        assert [client.get(READ).status_code for client in clients] == [401, 200, 200, 200]
        assert AuthToken.objects.filter(pk=other.pk).exists(), "and nobody else's"

    def test_of_an_enrolled_device_are_not_counted(
        self, guest: APIClient, world: World, client_of: Client, settings: Settings
    ) -> None:
        settings.TOKENS_PER_USER = 1
        officer = world.officers["CNURC001"]
        officer.set_password(PASSWORD)
        officer.save()
        enrolled = ok(client_of(officer).post("/api/v1/devices/", {"name": "Phone 3"}), 201)
        phone = APIClient()
        phone.credentials(HTTP_AUTHORIZATION=f"Token {enrolled['token']}")

        first, second = sign_in(guest, officer.username), sign_in(guest, officer.username)

        assert [one.get(READ).status_code for one in (first, second, phone)] == [401, 200, 200]

    def test_lose_a_right_with_the_role_that_gave_it(self, guest: APIClient, clerk: User) -> None:
        client = sign_in(guest, clerk.username)
        User.objects.filter(pk=clerk.pk).update(roles=[Role.AUDITOR])

        problem(client.post(READ, {}), 403, "forbidden")


class TestBrowserSessions:
    @pytest.fixture
    def browser(self, clerk: User) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(clerk)
        return client

    def test_read_without_more(self, browser: APIClient) -> None:
        assert browser.get(READ).status_code == 200

    def test_write_only_with_the_csrf_token(self, browser: APIClient) -> None:
        problem(browser.post(READ, {}), 403, "csrf_failed")

        browser.cookies["csrftoken"] = "a" * 32
        answer = browser.post(READ, {}, HTTP_X_CSRFTOKEN="a" * 32)

        assert "holder" in refused_fields(answer)

    def test_end_with_signing_out(self, browser: APIClient) -> None:
        browser.cookies["csrftoken"] = "a" * 32

        assert browser.post(LOGOUT, HTTP_X_CSRFTOKEN="a" * 32).status_code == 204

        problem(browser.get(READ), 401, "not_signed_in")
