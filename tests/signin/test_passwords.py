"""Which passwords are taken, and what ends with one (M8)."""

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken
from pytest_django import Settings
from rest_framework.test import APIClient

from checkpoints.models import Device
from tests.api.calls import ok, problem
from tests.signin.test_services import bearer, opened
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin import breaches, passwords

GOOD = "four lorries at dawn"
OLD = "an old and long password"
READ = "/api/v1/carnets/"
ELSEWHERE = "203.0.113.9"  # where the person has never signed in: a session that somebody took


class TestTheList:
    @pytest.mark.parametrize(
        "password",
        [
            "password1234",
            "QwertyQwerty",
            "footballmonkey",
            "!!dragon!!2024!!",
            "abababababab",
            "111111111111",
        ],
    )
    def test_has_what_everybody_tries_and_what_is_made_of_it(self, password: str) -> None:
        assert breaches.is_common(password)

    @pytest.mark.parametrize(
        "password", [GOOD, "tyllgeblomster", "скоро будет снег", "新疆棉花运输一千车皮十月到"]
    )
    def test_leaves_others_alone(self, password: str) -> None:
        assert not breaches.is_common(password)

    def test_is_what_its_script_makes(self, tmp_path: Any) -> None:
        source = tmp_path / "some.txt"
        source.write_text("Password\nletmein\n\npassword\n")

        content = breaches.written(breaches._passwords([source]))

        assert len(content) == len(breaches.FORMAT) + 2 * breaches.WIDTH


class TestAPassword:
    @pytest.mark.parametrize(
        "password",
        [
            "short words",
            "password1234",
            "officer-cnurc001",
            "x" * 129,
            "TIR-customs-2026",
            "таможня мдп 2026!",
        ],
    )
    def test_that_is_weak_is_refused(self, world: World, password: str) -> None:
        with pytest.raises(passwords.PasswordWeak):
            passwords.ensure_strong(world.officers["CNURC001"], password, field="new")

    @pytest.mark.parametrize(
        "password", [GOOD, "x7" + "y" * 10 + "zq", "aaaa bbbb cccc dddd", "customs at dawn"]
    )
    def test_needs_no_digits_no_signs_no_capitals(self, world: World, password: str) -> None:
        passwords.ensure_strong(world.officers["CNURC001"], password, field="new")


@pytest.fixture
def officer(world: World) -> User:
    user = world.officers["CNURC001"]
    user.set_password(OLD)
    user.save()
    return user


def browser(user: User) -> Client:
    client = Client()
    answer = client.post("/console/sign-in/", {"username": user.username, "password": OLD})
    assert answer.status_code == 302
    return client


def token(user: User) -> APIClient:
    answer = ok(APIClient().post("/api/v1/auth/token/", {"username": user.username, "password": OLD}))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    return client


def phone(of: APIClient) -> APIClient:
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION=f"Token {ok(of.post('/api/v1/devices/', {'name': 'Phone'}), 201)['token']}"
    )
    return client


def change(client: Client, present: str = OLD, new: str = GOOD) -> Any:
    return client.post("/console/account/password/", {"present": present, "new": new})


class TestChangingIt:
    def test_ends_every_other_session_token_and_phone(self, officer: User) -> None:
        here, other, program = browser(officer), browser(officer), token(officer)
        device = phone(program)
        stays = token(User.objects.get(pk=officer.pk))
        assert [client.get(READ).status_code for client in (other, program, device, stays)] == [200] * 4

        assert change(here)["Location"] == "/console/account/"

        assert here.get(READ).status_code == 200
        assert [client.get(READ).status_code for client in (other, program, device)] == [401] * 3
        assert problem(device.get(READ), 401, "device_revoked")
        assert Device.objects.get(officer=officer).revoke_reason
        assert AuthToken.objects.filter(user=officer).count() == 0
        assert other.get("/console/account/").status_code == 302

    def test_lets_one_in_by_the_new_one_alone(self, officer: User, client: Client) -> None:
        change(browser(officer))

        said = {"username": officer.username, "password": OLD}
        assert client.post("/console/sign-in/", said).status_code == 401
        assert client.post("/console/sign-in/", {**said, "password": GOOD}).status_code == 302

    def test_leaves_other_people_signed_in(self, officer: User, world: World) -> None:
        colleague = world.officers["KZHOR001"]
        colleague.set_password(OLD)
        colleague.save()
        theirs = token(colleague)

        change(browser(officer))

        assert theirs.get(READ).status_code == 200

    @pytest.mark.parametrize(("present", "new"), [("wrong", GOOD), (OLD, "password1234"), (OLD, "short")])
    def test_is_refused_and_nothing_ends(self, officer: User, present: str, new: str) -> None:
        here, other = browser(officer), token(officer)

        assert change(here, present, new).status_code == 422

        assert other.get(READ).status_code == 200
        assert User.objects.get(pk=officer.pk).check_password(OLD)

    def test_is_written_down(self, officer: User) -> None:
        change(browser(officer))

        noted = officer.password_changes.get()
        assert (noted.by, noted.how) == (officer, "own")
        assert (now() - noted.at).total_seconds() < 60


class TestChangingItByCall:
    ADDRESS = "/api/v1/auth/password/"

    def test_ends_everything_but_the_token_that_asks(self, officer: User) -> None:
        here, pages, other = token(officer), browser(officer), token(officer)
        device = phone(other)

        problem(here.post(self.ADDRESS, {"present": "wrong", "new": GOOD}), 422, "password_wrong")
        problem(here.post(self.ADDRESS, {"present": OLD, "new": "password1234"}), 422, "password_weak")
        assert other.get(READ).status_code == 200
        assert here.post(self.ADDRESS, {"present": OLD, "new": GOOD}).status_code == 204

        assert here.get(READ).status_code == 200
        assert [client.get(READ).status_code for client in (other, device)] == [401] * 2
        assert pages.get("/console/account/").status_code == 302
        assert User.objects.get(pk=officer.pk).check_password(GOOD)
        assert officer.password_changes.get().how == "own"

    def test_is_no_phones_and_no_programs(self, officer: User, association: APIClient) -> None:
        said = {"present": OLD, "new": GOOD}

        problem(phone(token(officer)).post(self.ADDRESS, said), 403, "not_for_devices")
        problem(bearer(opened(association)).post(self.ADDRESS, said), 403, "forbidden")
        assert token(officer).post(self.ADDRESS, said).status_code == 204

    @pytest.mark.parametrize("by_page", [True, False])
    def test_is_no_place_to_guess(self, officer: User, settings: Settings, *, by_page: bool) -> None:
        settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
        here, pages = token(officer), browser(officer)

        def status() -> int:
            said = {"present": "wrong", "new": GOOD}
            if by_page:
                return pages.post("/console/account/password/", said, REMOTE_ADDR=ELSEWHERE).status_code
            return here.post(self.ADDRESS, said, REMOTE_ADDR=ELSEWHERE).status_code

        assert [status() for _time in range(4)] == [422, 422, 422, 429]
