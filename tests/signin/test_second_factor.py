"""The second factor: who needs one, what is asked at sign-in, and that a code is good once."""

from datetime import timedelta
from typing import Any

import pytest
from axes.utils import reset
from django.test import Client
from rest_framework.test import APIClient

from tests.api.calls import ok, problem
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.signin import factors, totp
from tir.signin.models import Authenticator, RecoveryCode

PASSWORD = "four lorries at dawn"
TOKEN, SIGN_IN = "/api/v1/auth/token/", "/console/sign-in/"
SECRET = totp.new_secret()


@pytest.fixture(autouse=True)
def nobody_is_locked_out(db: None) -> Any:
    yield
    reset()


def person(*roles: Role, **said: Any) -> User:
    return User.objects.create_user(
        f"someone-{'-'.join(roles)}", password=PASSWORD, roles=list(roles), **said
    )


def code(ahead: int = 0) -> str:
    return totp.code_of(SECRET, totp.step_at(now()) + ahead)


def with_app(user: User) -> User:
    """The app was set up a while ago, so that the code of now was not used for it."""
    factors.set_up_app(
        user, secret=SECRET, code=code(-4), at=now() - timedelta(seconds=4 * totp.STEP), field="code"
    )
    return user


def ask(user: User, **said: Any) -> Any:
    return APIClient().post(TOKEN, {"username": user.username, "password": PASSWORD, **said}, format="json")


class TestATokenForAPassword:
    @pytest.mark.parametrize(
        "role", [Role.CUSTOMS_HQ, Role.ASSOCIATION, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.MANAGER]
    )
    def test_is_refused_to_who_needs_more(self, role: Role) -> None:
        problem(ask(person(role)), 401, "second_factor_required")

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SYSTEM])
    def test_is_given_to_who_needs_no_more(self, role: Role) -> None:
        ok(ask(person(role)))

    @pytest.mark.usefixtures("sandbox")
    def test_is_given_in_a_sandbox(self) -> None:
        ok(ask(person(Role.CUSTOMS_HQ)))

    @pytest.mark.parametrize("role", [Role.CUSTOMS_HQ, Role.OFFICER])
    def test_needs_the_code_once_an_app_is_set_up(self, role: Role) -> None:
        user = with_app(person(role))

        problem(ask(user), 401, "second_factor_required")
        problem(ask(user, otp="000000"), 401, "second_factor_required")
        ok(ask(user, otp=code()))

    def test_takes_a_code_once(self) -> None:
        user, same = with_app(person(Role.CUSTOMS_HQ)), code()

        ok(ask(user, otp=same))
        problem(ask(user, otp=same), 401, "second_factor_required")

    def test_says_nothing_of_the_factor_to_a_wrong_password(self) -> None:
        user = with_app(person(Role.CUSTOMS_HQ))

        problem(ask(user, password="wrong", otp=code()), 401, "not_signed_in")

    def test_is_locked_after_five_wrong_codes(self) -> None:
        user = with_app(person(Role.CUSTOMS_HQ))
        for _attempt in range(5):
            problem(ask(user, otp="000000"), 401, "second_factor_required")

        problem(ask(user, otp=code()), 429, "too_many_requests")


class TestThePhone:
    """What the scanner sends: name and password, then the same with the code, then the enrolment."""

    def test_of_an_officer_with_an_app_is_enrolled_with_the_code(self, world: World) -> None:
        officer = world.officers["CNURC001"]
        officer.set_password(PASSWORD)
        officer.save()
        with_app(officer)

        problem(ask(officer), 401, "second_factor_required")
        signed = ok(ask(officer, otp=code()))

        assert signed["user"]["office"] == "CNURC001"
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {signed['token']}")
        device = ok(client.post("/api/v1/devices/", {"name": "Phone", "lane": ""}), 201)
        client.credentials(HTTP_AUTHORIZATION=f"Token {device['token']}")
        ok(client.get("/api/v1/post/bundle/"))

    def test_of_an_officer_without_one_needs_no_code(self, world: World) -> None:
        officer = world.officers["CNURC001"]
        officer.set_password(PASSWORD)
        officer.save()

        ok(ask(officer))


class TestRecoveryCodes:
    def test_stand_in_once_each(self) -> None:
        user = with_app(person(Role.CUSTOMS_HQ))
        first, second, *_rest = factors.new_recovery_codes(user, at=now())

        ok(ask(user, otp=first))
        problem(ask(user, otp=first), 401, "second_factor_required")
        ok(ask(user, otp=second.replace("-", " ").upper()))
        assert factors.codes_left(user) == factors.CODES - 2

    def test_are_kept_as_digests(self) -> None:
        user = with_app(person(Role.CUSTOMS_HQ))
        codes = factors.new_recovery_codes(user, at=now())

        kept = str(list(RecoveryCode.objects.values()))
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)
        assert SECRET not in Authenticator.objects.get(user=user).secret

    def test_that_are_new_end_the_old(self) -> None:
        user = with_app(person(Role.CUSTOMS_HQ))
        old = factors.new_recovery_codes(user, at=now())[0]
        new = factors.new_recovery_codes(user, at=now())[0]

        problem(ask(user, otp=old), 401, "second_factor_required")
        ok(ask(user, otp=new))


class TestOnThePages:
    def sign_in(self, user: User) -> tuple[Client, Any]:
        client = Client()
        said = {"username": user.username, "password": PASSWORD, "next": "/console/notices/"}
        return client, client.post(SIGN_IN, said)

    def test_a_role_that_needs_one_sets_it_up_before_anything_opens(self) -> None:
        user = person(Role.CUSTOMS_HQ, country="KZ")
        client, answer = self.sign_in(user)
        assert answer["Location"] == "/console/sign-in/set-up/"
        assert client.get("/console/account/")["Location"].startswith("/console/sign-in/")
        page = client.get("/console/sign-in/set-up/").content.decode()
        letters = page.split('font-monospace">')[1].split("<")[0].replace(" ", "")

        wrong = client.post("/console/sign-in/set-up/", {"code": "000000"})
        right = client.post("/console/sign-in/set-up/", {"code": totp.code_of(letters, totp.step_at(now()))})

        assert (wrong.status_code, right.status_code) == (422, 200)
        assert "/console/notices/" in right.content.decode()
        assert client.get("/console/account/").status_code == 200
        assert factors.codes_left(user) == factors.CODES

    def test_the_code_opens_what_was_wanted(self) -> None:
        client, answer = self.sign_in(with_app(person(Role.OFFICER, country="KZ")))
        assert answer["Location"] == "/console/sign-in/code/"

        assert client.post("/console/sign-in/code/", {"code": "000000"}).status_code == 401
        assert client.get("/console/account/").status_code == 302
        assert client.post("/console/sign-in/code/", {"code": code()})["Location"] == "/console/notices/"
        assert client.get("/console/account/").status_code == 200

    def test_without_a_password_no_step_opens(self, client: Client) -> None:
        for step in ("code", "set-up", "passkey"):
            assert client.get(f"/console/sign-in/{step}/")["Location"] == "/console/sign-in/"

    def test_an_officer_needs_none(self) -> None:
        _client, answer = self.sign_in(person(Role.OFFICER, country="KZ"))

        assert answer["Location"] == "/console/notices/"

    def test_the_last_one_of_a_role_that_needs_it_stays(self) -> None:
        for role, status in ((Role.CUSTOMS_HQ, 422), (Role.OFFICER, 302)):
            user = with_app(person(role, country="KZ"))
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

            answer = client.post("/console/account/app/remove/", {"present": PASSWORD})

            assert answer.status_code == status
            assert factors.is_set_up(user) is (status == 422)
