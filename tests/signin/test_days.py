"""The day on which a role begins or ends: nobody is signed out before it, nobody keeps a role after it, and a role that
needs a second factor is not had without one."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from rest_framework.test import APIClient

from checkpoints.packs import SHIPPED
from checkpoints.staff.deciding import change
from checkpoints.staff.handing_over import hand_over
from tests.api.calls import API, ok, problem
from tests.api.conftest import Client, Enrol
from tests.signin.test_second_factor import with_app
from tests.signin.test_services import ask, bearer, opened
from tests.world import World
from tir.accounts import assigning
from tir.accounts.assigning import Wanted
from tir.accounts.models import Assignment, Reach, Role, User
from tir.kernel.clock import now
from tir.signin import days
from tir.signin.sessions import open_sessions

AUDITED = f"{API}/number-ranges/"  # which an officer does not read, an auditor does
BACKEND = "django.contrib.auth.backends.ModelBackend"
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def eve() -> Iterator[None]:
    """Five minutes before a day ends, so that no session or token idles out before the next has come."""
    with time_machine.travel(now().replace(hour=23, minute=55) + TOMORROW):
        yield


def midnight() -> Any:
    """Let the next day come."""
    return time_machine.travel(now() + timedelta(minutes=10))


@pytest.fixture
def dana(world: World) -> User:
    return User.objects.create_user("dana", roles=[Role.OFFICER], country="KZ")


def give(person: User, role: Role, begins: int, ends: int | None = None) -> User:
    """Give a role from so many days from now."""
    today = assigning.day_of(now())
    until = None if ends is None else today + timedelta(days=ends)
    wanted = Wanted(role, Reach.TERRITORY, frozenset(), today + timedelta(days=begins), until)
    assigning.give(person=person, wanted=[wanted], by=None, reason="Stands in.", at=now())
    return person


def browser(user: User) -> Browser:
    client = Browser()
    client.force_login(user, backend=BACKEND)
    return client


class TestBeforeItsDay:
    def test_a_role_signs_nobody_out(self, dana: User, client_of: Client) -> None:
        root = User.objects.create_user("root", roles=[Role.ADMINISTRATOR])
        Assignment.objects.filter(person=root).update(gives=list(Role), reach=Reach.ALL)
        token, pages = client_of(dana), browser(dana)
        officer = Wanted(Role.OFFICER, Assignment.objects.get(person=dana).reach)

        def decide(first: timedelta) -> None:
            wanted = Wanted(Role.CUSTOMS_HQ, Reach.TERRITORY, frozenset(), assigning.day_of(now() + first))
            change(
                person_id=dana.pk, details={}, roles=[officer, wanted], by=root, reason="Promoted.", at=now()
            )

        decide(TOMORROW)
        assert (token.get(f"{API}/carnets/").status_code, pages.get("/console/account/").status_code) == (
            200,
            200,
        )

        decide(timedelta(0))
        problem(token.get(f"{API}/carnets/"), 401, "not_signed_in")
        assert pages.get("/console/account/").status_code == 302

    def test_who_has_no_role_yet_is_told_the_day(self, world: World, client_of: Client) -> None:
        newcomer = give(User.objects.create_user("newcomer", country="KZ"), Role.AUDITOR, 1, 2)
        client, pages = client_of(newcomer), browser(newcomer)
        begins = str(assigning.day_of(now()) + TOMORROW)

        assert begins in problem(client.get(AUDITED), 403, "forbidden")["detail"]
        assert begins in pages.get("/console/").content.decode()
        with midnight():
            ok(client.get(AUDITED))
        with time_machine.travel(now() + TOMORROW + timedelta(minutes=10)):
            assert "no role any more" in problem(client.get(AUDITED), 403, "forbidden")["detail"]


class TestOnItsDay:
    @pytest.mark.parametrize("job_was_first", [True, False])
    def test_a_role_that_needs_a_second_factor_is_not_had_without(
        self, dana: User, client_of: Client, enrol: Enrol, *, job_was_first: bool
    ) -> None:
        token, pages = client_of(dana), browser(give(dana, Role.CUSTOMS_HQ, 1))
        ok(token.get(f"{API}/carnets/"))

        with midnight():
            if job_was_first:
                assert days.bring_all_up(at=now()) == 1
            problem(token.get(f"{API}/carnets/"), 401, "not_signed_in")
            assert "/sign-in/" in pages.get("/console/people/").headers["Location"]
            assert not open_sessions(dana, now()).exists()

    def test_who_has_one_stays_signed_in(self, dana: User, client_of: Client) -> None:
        token, pages = client_of(dana), browser(give(with_app(dana), Role.CUSTOMS_HQ, 1))

        with midnight():
            ok(token.get(f"{API}/reconciliation-requests/"))
            assert pages.get("/console/holders/").status_code == 200

    def test_a_role_that_needs_none_signs_nobody_out(self, dana: User, client_of: Client) -> None:
        token, pages = client_of(dana), browser(give(dana, Role.AUDITOR, 1))
        problem(token.get(AUDITED), 403, "forbidden")

        with midnight():
            ok(token.get(AUDITED))
            assert pages.get("/console/holders/").status_code == 200

    def test_a_phone_goes_on(self, world: World, enrol: Enrol) -> None:
        _device, phone = enrol()
        give(world.officers["CNURC001"], Role.CUSTOMS_HQ, 1)

        with midnight():
            ok(phone.get(f"{API}/offices/"))


class TestAfterItsEnd:
    def ended(self, person: User) -> None:
        """Let the roles end tomorrow, as somebody decided today."""
        assigning.end(
            assignments=person.assignments.all(),
            by=None,
            reason="Leaves.",
            on=assigning.day_of(now()) + TOMORROW,
        )
        assigning.follow(person, at=now())

    def test_a_program_has_it_no_longer(self, association: APIClient, world: World) -> None:
        program = opened(association)
        client = bearer(program)
        self.ended(User.objects.get(service_account__application__client_id=program["client_id"]))
        ok(client.get(f"{API}/carnets/"))

        with midnight():
            problem(client.get(f"{API}/carnets/"), 401, "not_signed_in")
            assert ask(program).json()["scope"] == ""

    def test_a_command_in_its_name_is_refused(self, world: World) -> None:
        person = User.objects.create_user("amal", roles=[Role.SECRETARIAT])
        self.ended(person)
        apply = ("pack", "apply", str(SHIPPED / "empty"), "--by", "amal")
        call_command(*apply, stdout=StringIO())

        with midnight(), pytest.raises(CommandError, match="no active user"):
            call_command(*apply, stdout=StringIO())


def test_a_role_of_a_later_day_is_handed_over_from_that_day(dana: User) -> None:
    root = User.objects.create_user("root", roles=[Role.ADMINISTRATOR])
    Assignment.objects.filter(person=root).update(gives=list(Role), reach=Reach.ALL)
    give(dana, Role.CUSTOMS_HQ, 7)
    beka = User.objects.create_user("beka", country="KZ")

    hand_over(
        person_id=dana.pk, to_id=beka.pk, on=None, roles=True, by=root, reason="On leave.", at=now()
    )  # fmt: skip

    beka.refresh_from_db()
    assert (beka.roles, beka.roles_until) == ([Role.OFFICER], assigning.day_of(now()) + timedelta(days=7))
