"""Browser sessions: none is planted, each has its own key, a cookie that scripts cannot read, and an end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.utils import reset
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api.calls import ok
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin.models import Session, TokenUse

OLD = "an old and long password"
ACCOUNT, SIGN_IN = "/console/account/", "/console/sign-in/"


@pytest.fixture
def officer(world: World) -> Iterator[User]:
    user = world.officers["CNURC001"]
    user.set_password(OLD)
    user.save()
    yield user
    reset()


def signed_in(user: User, client: Client | None = None, **meta: str) -> Client:
    client = client or Client()
    client.post(SIGN_IN, {"username": user.username, "password": OLD}, **meta)
    return client


class TestASession:
    def test_planted_before_signing_in_is_not_taken_over(self, officer: User) -> None:
        client = Client()
        client.cookies["sessionid"] = "a" * 32
        signed_in(officer, client)

        assert client.cookies["sessionid"].value != "a" * 32
        planted = Client()
        planted.cookies["sessionid"] = "a" * 32
        assert (client.get(ACCOUNT).status_code, planted.get(ACCOUNT).status_code) == (200, 302)

    def test_has_another_key_after_each_sign_in(self, officer: User) -> None:
        client = signed_in(officer)
        first = client.cookies["sessionid"].value
        client.post("/console/sign-out/")
        signed_in(officer, client)

        old = Client()
        old.cookies["sessionid"] = first
        assert client.cookies["sessionid"].value != first
        assert old.get(ACCOUNT).status_code == 302

    def test_has_a_cookie_for_this_site_and_no_script(self, officer: User, settings: Settings) -> None:
        settings.SESSION_COOKIE_SECURE = True
        cookie = signed_in(officer).cookies["sessionid"]

        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
        assert int(cookie["max-age"]) == django_settings.SESSION_COOKIE_AGE

    def test_is_kept_by_a_digest(self, officer: User) -> None:
        client = signed_in(officer)

        assert client.cookies["sessionid"].value not in str(list(Session.objects.values()))

    def test_ends_when_nobody_used_it(self, officer: User, settings: Settings) -> None:
        client = signed_in(officer)
        Session.objects.update(last_seen_at=now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1))
        assert client.get(ACCOUNT).status_code == 200

        Session.objects.update(last_seen_at=now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
        assert client.get(ACCOUNT).status_code == 302


class TestTheAccountPage:
    def test_says_where_when_and_with_what(self, officer: User) -> None:
        client = signed_in(officer, HTTP_USER_AGENT="Browser of the desk", REMOTE_ADDR="198.51.100.7")
        ok(
            APIClient().post(
                "/api/v1/auth/token/",
                {"username": officer.username, "password": OLD},
                HTTP_USER_AGENT="a program",
                REMOTE_ADDR="203.0.113.9",
            )
        )

        page = client.get(ACCOUNT).content.decode()
        for said in ("Browser of the desk", "198.51.100.7", "a program", "203.0.113.9"):
            assert said in page

    def test_ends_another_session_and_no_other_persons(self, officer: User, world: World) -> None:
        here, other, stranger = signed_in(officer), signed_in(officer), Client()
        stranger.force_login(world.officers["KZHOR001"], backend="django.contrib.auth.backends.ModelBackend")
        other_key, strangers = (
            Session.objects.filter(user=officer).order_by("opened_at").last(),
            Session.objects.get(user=world.officers["KZHOR001"]),
        )
        assert other_key is not None

        assert here.post(f"/console/account/sessions/{strangers.pk}/end/").status_code == 404
        assert here.post(f"/console/account/sessions/{other_key.pk}/end/").status_code == 302

        assert [one.get(ACCOUNT).status_code for one in (here, other, stranger)] == [200, 302, 200]

    def test_ends_a_token(self, officer: User) -> None:
        client = signed_in(officer)
        answer = ok(APIClient().post("/api/v1/auth/token/", {"username": officer.username, "password": OLD}))
        program = APIClient()
        program.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
        assert program.get("/api/v1/carnets/").status_code == 200

        key = TokenUse.objects.get(token__user=officer).token.token_key
        assert client.post(f"/console/account/tokens/{key}/end/").status_code == 302

        assert program.get("/api/v1/carnets/").status_code == 401


class TestATokenThatNobodyUses:
    def test_opens_nothing_any_more(self, officer: User, settings: Settings) -> None:
        answer = ok(APIClient().post("/api/v1/auth/token/", {"username": officer.username, "password": OLD}))
        program = APIClient()
        program.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
        idle = timedelta(days=settings.TOKEN_IDLE_DAYS)

        TokenUse.objects.update(last_used_at=now() - idle + timedelta(hours=2))
        assert program.get("/api/v1/carnets/").status_code == 200
        assert now() - TokenUse.objects.get().last_used_at < timedelta(minutes=1), "used, hence noted"

        TokenUse.objects.update(last_used_at=now() - idle - timedelta(minutes=1))
        assert program.get("/api/v1/carnets/").status_code == 401
