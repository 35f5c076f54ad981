"""Guessing (M9): by name, by address, by everybody; and who is not shut out by it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from axes.utils import reset
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from api import signing
from tests.api.calls import ok, problem
from tests.world import World
from tir.accounts.models import User
from tir.kernel.errors import DomainError
from tir.signin.hashing import Hasher, Pool, SignInBusy

PASSWORD = "an old and long password"
TOKEN = "/api/v1/auth/token/"
HOME, AWAY = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def officer(world: World) -> Iterator[User]:
    user = world.officers["CNURC001"]
    user.set_password(PASSWORD)
    user.save()
    yield user
    reset()


def ask(name: str, password: str = "wrong", address: str = AWAY) -> Any:
    return APIClient().post(TOKEN, {"username": name, "password": password}, REMOTE_ADDR=address)


class TestSpraying:
    def test_many_names_from_one_address_end_in_429(self, officer: User, settings: Settings) -> None:
        settings.SIGN_IN_FAILURES_PER_ADDRESS = 6
        for number in range(6):
            problem(ask(f"somebody-{number}"), 401, "not_signed_in")

        refused = ask("somebody-7")
        problem(refused, 429, "too_many_attempts")
        assert refused["Retry-After"] == "900"
        assert Client().post(
            "/console/sign-in/", {"username": "a", "password": "b"}, REMOTE_ADDR=AWAY
        ).status_code == 429  # fmt: skip
        ok(ask(officer.username, PASSWORD, HOME))

    def test_from_everywhere_leaves_known_addresses_alone(self, officer: User, settings: Settings) -> None:
        settings.SIGN_IN_FAILURES = 6
        ok(ask(officer.username, PASSWORD, HOME))
        for number in range(6):
            problem(ask(f"somebody-{number}", address=f"203.0.113.{number}"), 401, "not_signed_in")

        problem(ask(officer.username, PASSWORD, "203.0.113.77"), 429, "too_many_attempts")
        ok(ask(officer.username, PASSWORD, HOME))


class TestAnAttackOnAName:
    def test_from_elsewhere_shuts_its_person_out_of_nothing(self, officer: User) -> None:
        inside = Client(REMOTE_ADDR=HOME)
        inside.post("/console/sign-in/", {"username": officer.username, "password": PASSWORD})
        for _attempt in range(8):
            ask(officer.username)

        problem(ask(officer.username, PASSWORD), 429, "too_many_requests")
        assert inside.get("/console/account/").status_code == 200
        ok(ask(officer.username, PASSWORD, HOME))


class TestASignInSentAway:
    """It is no fault: who is sent away so that others are served makes a warning, once; a fault stays an error."""

    @pytest.mark.parametrize(
        ("raised", "status", "level"),
        [(SignInBusy("Come again."), 503, "WARNING"), (DomainError("Broken."), 500, "ERROR")],
    )
    def test_is_written_down_as_a_warning(
        self, officer: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
        raised: Exception, status: int, level: str,
    ) -> None:  # fmt: skip
        def person_with(*_given: Any, **_more: Any) -> None:
            raise raised

        monkeypatch.setattr(signing, "person_with", person_with)
        assert ask(officer.username, PASSWORD).status_code == status
        assert {record.levelname for record in caplog.records} == {level}

        caplog.clear()
        page = Client().post("/console/sign-in/", {"username": officer.username, "password": PASSWORD})
        assert page.status_code == status
        assert {record.levelname for record in caplog.records} == {level}


class TestThePool:
    def test_checks_one_at_a_time_and_sends_a_third_away(self, settings: Settings) -> None:
        settings.SIGN_IN_WAIT_SECONDS = 5
        pool, begun, may_end = Pool(), threading.Event(), threading.Event()
        answers: list[str] = []

        def slow() -> str:
            begun.set()
            may_end.wait(5)
            return "first"

        first = threading.Thread(target=lambda: answers.append(pool.run(slow)))
        first.start()
        begun.wait(5)
        second = threading.Thread(target=lambda: answers.append(pool.run(lambda: "second")))
        second.start()
        while pool._waiting._value:
            pass
        with pytest.raises(SignInBusy):
            pool.run(lambda: "third")
        may_end.set()
        first.join(5)
        second.join(5)

        assert answers == ["first", "second"]
        assert pool.run(lambda: "fourth") == "fourth"

    def test_waits_no_longer_than_is_said(self, settings: Settings) -> None:
        settings.SIGN_IN_WAIT_SECONDS = 0.05
        pool, begun, may_end = Pool(), threading.Event(), threading.Event()

        def slow() -> None:
            begun.set()
            may_end.wait(5)

        first = threading.Thread(target=lambda: pool.run(slow))
        first.start()
        begun.wait(5)
        with pytest.raises(SignInBusy):
            pool.run(lambda: None)
        may_end.set()
        first.join(5)

    def test_a_hasher_that_died_is_made_again_and_agrees_with_the_library(self) -> None:
        hasher = Hasher()
        text = hasher.ask("hash", "a password", "salt of sixteen", 1, 8_192, 1)
        assert PasswordHasher().verify(text, "a password")
        first = hasher._running()
        assert Path(f"/proc/{first.pid}/stat").read_text().split()[18] == str(
            min(os.nice(0) + 10, 19)
        )  # it gives way
        first.kill()
        first.wait()
        assert hasher.ask("verify", text, "a password") is True
        assert hasher.ask("verify", text, "another") is False
        assert hasher.ask("verify", "no hash at all", "a password") is False
        hasher._running().kill()

    def test_busy_is_answered_503_with_when_to_come_again(
        self, officer: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        settings.PASSWORD_HASHERS = ["tir.signin.hashing.Argon2"]
        ok(ask_after_hashing(officer))

        monkeypatch.setattr(Pool, "_take_turn", lambda _pool: False)
        answer = ask(officer.username, PASSWORD, HOME)

        problem(answer, 503, "sign_in_busy")
        assert answer["Retry-After"] == "2"


def ask_after_hashing(user: User) -> Any:
    user.set_password(PASSWORD)
    user.save()
    assert user.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    return ask(user.username, PASSWORD, HOME)
