"""A first second factor, by program and after an invitation on a page: a password alone lets nobody in who decides."""

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from axes.utils import reset
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from tests.api.calls import ok, problem
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.signin import totp
from tir.signin.models import Authenticator, RecoveryCode

PASSWORD = "four lorries at dawn"
ASK, CONFIRM = "/api/v1/auth/second-factor/", "/api/v1/auth/second-factor/confirm/"


@pytest.fixture(autouse=True)
def nobody_is_locked_out(db: None) -> Any:
    yield
    reset()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("dana", password=PASSWORD, roles=[Role.CUSTOMS_HQ], country="KZ")


def post(address: str, **said: Any) -> Any:
    return APIClient().post(address, {"username": "dana", "password": PASSWORD, **said}, format="json")


def code_of(secret: str, ahead: int = 0) -> str:
    return totp.code_of(secret, totp.step_at(now()) + ahead)


@pytest.mark.usefixtures("user")
class TestByProgram:
    def test_lets_in_with_a_later_code(self) -> None:
        asked = ok(post(ASK))
        assert asked["address"].startswith("otpauth://totp/TIR")
        assert not Authenticator.objects.exists()

        codes = ok(post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"], -1)))
        assert len(codes["recovery_codes"]) == RecoveryCode.objects.count() == 10
        problem(post("/api/v1/auth/token/", otp=code_of(asked["secret"], -1)), 401, "second_factor_required")
        ok(post("/api/v1/auth/token/", otp=code_of(asked["secret"])))

    def test_wants_the_code_of_this_secret(self) -> None:
        asked = ok(post(ASK))
        problem(post(CONFIRM, sealed=asked["sealed"], code="000000"), 422, "code_wrong")
        assert not Authenticator.objects.exists()
        ok(post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"])))

    def test_wants_the_password_each_time(self) -> None:
        problem(post(ASK, password="another one here"), 401, "not_signed_in")
        asked = ok(post(ASK))
        body = {"sealed": asked["sealed"], "code": code_of(asked["secret"])}
        problem(post(CONFIRM, **body, password="another one here"), 401, "not_signed_in")
        ok(post(CONFIRM, **body))

    def test_takes_the_place_of_none_that_is_there(self) -> None:
        asked = ok(post(ASK))
        ok(post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"])))

        problem(post(ASK), 409, "second_factor_there")
        problem(
            post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"], 1)),
            409,
            "second_factor_there",
        )

    def test_takes_no_secret_of_somebody_else(self) -> None:
        User.objects.create_user("omar", password=PASSWORD, roles=[Role.CUSTOMS_HQ], country="KZ")
        asked = ok(post(ASK))
        body = {"sealed": asked["sealed"], "code": code_of(asked["secret"])}
        problem(post(CONFIRM, **body, username="omar"), 422, "proposal_over")
        problem(post(CONFIRM, sealed="made up", code=body["code"]), 422, "proposal_over")
        ok(post(CONFIRM, **body))

    def test_takes_no_secret_of_a_while_ago(self) -> None:
        asked = ok(post(ASK))
        with time_machine.travel(now() + timedelta(minutes=11)):
            late = post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"]))
        problem(late, 422, "proposal_over")
        with time_machine.travel(now() + timedelta(minutes=9)):
            ok(post(CONFIRM, sealed=asked["sealed"], code=code_of(asked["secret"])))


class TestAfterAnInvitationOnAPage:
    def accept(self, client: Client) -> Any:
        """Open the link that the command prints."""
        link = StringIO()
        call_command("add_administrator", "root", stdout=link, stderr=StringIO())
        return client.post(urlsplit(link.getvalue().strip()).path, {"password": PASSWORD, "again": PASSWORD})

    def test_an_administrator_sets_one_up_before_any_page_opens(self, db: None) -> None:
        client = Client()
        answer = self.accept(client)
        assert answer.headers["Location"] == "/console/sign-in/set-up/"
        assert client.get("/console/people/").headers["Location"].startswith("/console/sign-in/")

        page = client.get("/console/sign-in/set-up/").content.decode()
        letters = page.split('font-monospace">')[1].split("<")[0].replace(" ", "")
        client.post("/console/sign-in/set-up/", {"code": code_of(letters)})
        assert client.get("/console/people/").status_code == 200

    @pytest.mark.usefixtures("sandbox")
    def test_in_a_sandbox_the_password_is_enough(self, db: None) -> None:
        client = Client()
        assert self.accept(client).headers["Location"] == "/console/"
        assert client.get("/console/people/").status_code == 200
