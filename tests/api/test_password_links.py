"""A link for who forgot the password, made by who looks after them: by the API and on a page (C12)."""

from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from tests.api.calls import ok, problem
from tests.api.conftest import Client
from tests.api.consoles.conftest import reader  # noqa: F401  (fixture)
from tests.api.people_calls import PASSWORD, USERS, Joined, invite_body
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.signin import factors, totp
from tir.signin.administrators import add_administrator
from tir.signin.models import LinkPurpose, OneTimeLink

NEW = "seven quiet lorries north"
SECRET = totp.new_secret()


@pytest.fixture
def officer(joined: Joined) -> User:
    return joined("officer.kz")


def asked(client: APIClient, person: User, **said: Any) -> Any:
    return client.post(f"{USERS}{person.pk}/password-link/", {"reason": "Rang up: forgotten.", **said})


def path_of(link: dict[str, Any]) -> str:
    return str(link["link"]).removeprefix("http://testserver")


def token_for(person: User, password: str, **said: Any) -> Any:
    body = {"username": person.username, "password": password, **said}
    return APIClient().post("/api/v1/auth/token/", body)


class TestByTheApi:
    def test_opens_the_account_with_a_new_password_once(
        self, administrator: APIClient, officer: User
    ) -> None:
        old = ok(token_for(officer, PASSWORD))["token"]
        link = ok(asked(administrator, officer), 201)
        assert link["mailed"] is None
        assert Browser().post(path_of(link), {"new": NEW}).status_code == 302

        assert Browser().post(path_of(link), {"new": NEW + " again"}).status_code == 404
        ok(token_for(officer, NEW))
        problem(token_for(officer, PASSWORD), 401, "not_signed_in")
        program = APIClient()
        program.credentials(HTTP_AUTHORIZATION=f"Token {old}")
        assert program.get("/api/v1/carnets/").status_code == 401

    def test_is_written_down_with_who_and_why_and_without_its_secret(
        self, administrator: APIClient, officer: User
    ) -> None:
        link = ok(asked(administrator, officer), 201)

        event = officer.events.latest("pk")
        assert (event.verb, event.by and event.by.username, event.reason) == (
            "link",
            "chief.kz",
            "Rang up: forgotten.",
        )
        kept = OneTimeLink.objects.get(user=officer, purpose=LinkPurpose.PASSWORD)
        assert link["secret"] not in str(vars(kept)) + str(vars(event))

    def test_goes_by_mail_too(self, administrator: APIClient, joined: Joined, mailoutbox: list[Any]) -> None:
        person = joined("with.mail", email="with@customs.example")
        mailoutbox.clear()

        link = ok(asked(administrator, person), 201)

        assert link["mailed"] is True
        (mail,) = mailoutbox
        assert link["link"] in mail.body
        assert mail.to == ["with@customs.example"]

    def test_ends_the_one_made_before(self, administrator: APIClient, officer: User) -> None:
        first, second = (ok(asked(administrator, officer), 201) for _time in range(2))

        assert Browser().get(path_of(first)).status_code == 404
        assert Browser().get(path_of(second)).status_code == 200

    def test_is_not_made_for_a_superior_nor_for_oneself_nor_abroad(
        self, administrator: APIClient, root: APIClient, joined: Joined
    ) -> None:
        boss = joined("boss.kz", roles=[{"role": "customs_hq"}], postings=[])
        abroad = joined("abroad", country="UZ", postings=[{"office": "UZTAS001"}])
        own = User.objects.get(username="chief.kz")

        problem(asked(administrator, boss), 403, "superior")
        problem(asked(administrator, own), 403, "own_account")
        problem(asked(administrator, abroad), 404, "not_found")
        ok(asked(root, boss), 201)

    def test_is_not_made_for_who_has_no_password_or_a_closed_account(
        self, administrator: APIClient, officer: User
    ) -> None:
        person = ok(administrator.post(USERS, invite_body("invited")), 201)["person"]
        problem(asked(administrator, User.objects.get(pk=person["id"])), 409, "not_accepted")
        ok(administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Left."}))

        problem(asked(administrator, officer), 409, "already_deactivated")

    def test_of_an_account_that_is_then_closed_opens_nothing(
        self, administrator: APIClient, officer: User
    ) -> None:
        link = ok(asked(administrator, officer), 201)
        ok(administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Left."}))
        ok(administrator.post(f"{USERS}{officer.pk}/reactivate/", {"reason": "Back."}))

        assert Browser().get(path_of(link)).status_code == 404

    @pytest.mark.parametrize(("forget", "status"), [(False, 401), (True, 200)])
    def test_forgets_a_lost_second_factor_if_that_is_said(
        self, administrator: APIClient, officer: User, forget: bool, status: int
    ) -> None:
        code = totp.code_of(SECRET, totp.step_at(now()))
        factors.set_up_app(officer, secret=SECRET, code=code, at=now(), field="code")
        link = ok(asked(administrator, officer, forget_second_factor=forget), 201)
        assert factors.is_set_up(officer), "until the link is used it still guards the account"

        Browser().post(path_of(link), {"new": NEW})

        assert token_for(officer, NEW).status_code == status


class TestOnAPage:
    def test_is_shown_once_with_a_code(self, reader: Any, administrator: APIClient, officer: User) -> None:  # noqa: F811
        browser = reader(User.objects.get(username="chief.kz"))
        address = f"/console/people/{officer.pk}/password-link/"
        assert address in browser.get(f"/console/people/{officer.pk}/").content.decode()

        page = browser.post(address, {"reason": "Rang up."}).content.decode()

        link = page.split('value="http://testserver')[1].split('"')[0]
        assert "<svg" in page
        assert Browser().post(link, {"new": NEW}).status_code == 302
        ok(token_for(officer, NEW))

    def test_needs_a_reason(self, reader: Any, administrator: APIClient, officer: User) -> None:  # noqa: F811
        browser = reader(User.objects.get(username="chief.kz"))

        assert browser.post(f"/console/people/{officer.pk}/password-link/", {}).status_code == 400
        assert not officer.links.filter(purpose=LinkPurpose.PASSWORD).exists()


class TestANewAdministrator:
    """Faults D: own password; after the documented set-up every page answered 403."""

    def test_sets_an_own_password_and_a_second_factor_before_anything_opens(self, client_of: Client) -> None:
        made, browser = add_administrator(username="root", reason="", at=now()), Browser()
        address = f"/console/invitations/{made.secret}/"

        answer = browser.post(address, {"password": NEW, "again": NEW})

        assert answer["Location"] == "/console/sign-in/set-up/"
        assert browser.get("/console/people/")["Location"].startswith("/console/sign-in/")
        letters = browser.get("/console/sign-in/set-up/").content.decode()
        secret = letters.split('font-monospace">')[1].split("<")[0].replace(" ", "")
        code = totp.code_of(secret, totp.step_at(now()))
        assert browser.post("/console/sign-in/set-up/", {"code": code}).status_code == 200
        for page in ("people", "people/access", "setup", "service-accounts", "account"):
            assert browser.get(f"/console/{page}/").status_code == 200, page

    @pytest.mark.parametrize(
        "password", ["password1234", "elevenchars", "root-root-root", "QwertyQwerty", "x" * 129]
    )
    def test_may_not_have_a_password_that_a_change_would_refuse(self, db: None, password: str) -> None:
        made = add_administrator(username="root-root", reason="", at=now())
        body = {"secret": made.secret, "password": password}

        answer = APIClient().post(f"{USERS}accept/", body)

        assert answer.status_code in (400, 422)
        assert not User.objects.get(username="root-root").is_active
        ok(APIClient().post(f"{USERS}accept/", {**body, "password": NEW}))
        assert User.objects.get(username="root-root").password_changes.get().how == "invitation"

    def test_sees_who_has_access_to_what_and_takes_it_along_as_a_file(
        self,
        reader: Any,  # noqa: F811
        administrator: APIClient,
        officer: User,
    ) -> None:
        ok(token_for(officer, PASSWORD))
        browser = reader(User.objects.get(username="chief.kz"))

        page = browser.get("/console/people/access/").content.decode()
        lines = browser.get("/console/people/access/?export=csv").getvalue().decode().splitlines()

        assert officer.username in page
        assert [heading.strip('"\ufeff') for heading in lines[0].split(",")][-4:] == [
            "Browsers", "Tokens", "Phones", "Last used",
        ]  # fmt: skip
        (line,) = [line for line in lines if officer.username in line]
        day = f"{now():%Y-%m-%d}"
        assert f"off,0,1,0,{day}" in line
        assert Role.OFFICER.value in line or "checkpoint officer" in line


class TestANewRole:
    @pytest.mark.parametrize(("role", "status"), [("manager", 302), ("officer", 200)])
    def test_that_needs_a_second_factor_opens_after_one_is_set_up(
        self,
        reader: Any,  # noqa: F811
        root: APIClient,
        officer: User,
        role: str,
        status: int,
    ) -> None:
        """Whoever was signed in by a password alone does not come into it that way."""
        browser = reader(officer)
        program = APIClient()
        program.credentials(HTTP_AUTHORIZATION=f"Token {ok(token_for(officer, PASSWORD))['token']}")
        roles = [{"role": "officer"}, *([{"role": role}] if role != "officer" else [])]

        ok(root.patch(f"{USERS}{officer.pk}/", {"roles": roles, "reason": "Promoted."}))

        assert browser.get("/console/account/").status_code == status
        assert program.get("/api/v1/carnets/").status_code == (401 if role == "manager" else 200)
        said = {"username": officer.username, "password": PASSWORD}
        leads_to = Browser().post("/console/sign-in/", said)["Location"]
        assert (leads_to == "/console/sign-in/set-up/") is (role == "manager")
