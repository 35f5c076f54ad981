"""Service accounts: programs with secrets of their own, from where they may come, for as long as they may."""

from base64 import b64encode
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from tests.api.calls import ok, problem, refused_fields
from tests.api.conftest import Client
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin.models import ClientSecret

ACCOUNTS, TOKEN, READ = "/api/v1/service-accounts/", "/api/v1/oauth/token/", "/api/v1/carnets/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def program(association: APIClient) -> dict[str, Any]:
    """A program of the association of China."""
    return opened(association)


def opened(client: APIClient, **said: Any) -> dict[str, Any]:
    body = {"name": "issuing-desk", "purpose": "Issues carnets", "roles": ["association"], **said}
    answer: dict[str, Any] = ok(client.post(ACCOUNTS, body, format="json"), 201)
    return answer


def ask(program: dict[str, Any], secret: str | None = None, scope: str = "", **meta: Any) -> Any:
    pair = f"{program['client_id']}:{secret or program['client_secret']}"
    said = "grant_type=client_credentials" + (f"&scope={scope}" if scope else "")
    basic = f"Basic {b64encode(pair.encode()).decode()}"
    return APIClient().post(TOKEN, said, content_type=FORM, HTTP_AUTHORIZATION=basic, **meta)


def bearer(program: dict[str, Any], **asked: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {ok(ask(program, **asked))['access_token']}")
    return client


class TestAProgram:
    def test_does_what_its_roles_may(self, program: dict[str, Any]) -> None:
        client = bearer(program)

        assert client.get(READ).status_code == 200
        assert "holder" in refused_fields(client.post(READ, {}))
        problem(client.post("/api/v1/scans/", {}), 403, "forbidden")

    def test_sees_what_its_association_sees(
        self,
        world: World,
        program: dict[str, Any],
        association: APIClient,
    ) -> None:
        world.issue()

        assert ok(bearer(program).get(READ)) == ok(association.get(READ))
        assert ok(association.get(READ))["results"]

    def test_gets_a_short_token_kept_by_its_digest(self, program: dict[str, Any]) -> None:
        answer = ok(ask(program))

        assert (answer["expires_in"], answer["token_type"], answer["scope"]) == (600, "Bearer", "association")
        assert answer["access_token"] not in str(list(AccessToken.objects.values()))
        assert program["client_secret"] not in str(list(ClientSecret.objects.values()))

    def test_is_let_in_no_longer_than_its_token_lasts(self, program: dict[str, Any]) -> None:
        client = bearer(program)
        assert client.get(READ).status_code == 200

        AccessToken.objects.update(expires=now() - timedelta(seconds=1))
        assert client.get(READ).status_code == 401

    @pytest.mark.parametrize(("scope", "status"), [("association", 200), ("customs_hq", 400), ("none", 400)])
    def test_asks_for_roles_of_its_own_alone(self, program: dict[str, Any], scope: str, status: int) -> None:
        assert ask(program, scope=scope).status_code == status

    def test_may_ask_for_fewer(self, hq: APIClient) -> None:
        program = opened(hq, roles=["customs_hq", "system"])

        problem(bearer(program, scope="system").get("/api/v1/claims/"), 403, "forbidden")
        assert bearer(program).get("/api/v1/claims/").status_code == 200

    @pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", ""])
    def test_has_no_other_way_in(self, program: dict[str, Any], grant: str) -> None:
        said = (
            f"grant_type={grant}&client_id={program['client_id']}&client_secret={program['client_secret']}"
            "&username=a&password=b"
        )
        assert APIClient().post(TOKEN, said, content_type=FORM).status_code == 400
        right = said.replace(f"grant_type={grant}&", "grant_type=client_credentials&")
        assert APIClient().post(TOKEN, right, content_type=FORM).status_code == 200

    def test_with_a_wrong_secret_is_not_let_in(self, program: dict[str, Any]) -> None:
        answer = ask(program, secret="wrong")

        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    @pytest.mark.parametrize("odd", ["a%00b", "%C3%BA%E7%AA", "%F2%A4%A4%A2", "%ED%A0%80", "%EF%BC%A1"])
    @pytest.mark.parametrize("field", ["client_id", "client_secret", "scope", "grant_type"])
    def test_with_what_no_secret_is_made_of_is_not_let_in(
        self, program: dict[str, Any], field: str, odd: str
    ) -> None:
        said = {
            "grant_type": "client_credentials",
            "client_id": program["client_id"],
            "client_secret": program["client_secret"],
        }
        form = "&".join(f"{name}={value}" for name, value in {**said, field: odd}.items())

        assert APIClient().post(TOKEN, form, content_type=FORM).status_code in (400, 401)

    def test_signs_in_by_no_password(self, program: dict[str, Any]) -> None:
        answer = APIClient().post(
            "/api/v1/auth/token/", {"username": "issuing-desk", "password": program["client_secret"]}
        )

        problem(answer, 401, "not_signed_in")

    def test_is_given_no_link_for_a_password(self, program: dict[str, Any], world: World) -> None:
        with pytest.raises(CommandError, match="no open account"):
            call_command("password_link", "issuing-desk")
        out = StringIO()
        call_command("password_link", world.officers["CNURC001"].username, stdout=out)

        assert out.getvalue().startswith("/console/new-password/")
        assert not User.objects.get(username="issuing-desk").links.exists()

    def test_opens_no_further_program(self, program: dict[str, Any]) -> None:
        body = {"name": "another", "purpose": "x", "roles": ["association"]}

        problem(bearer(program).post(ACCOUNTS, body, format="json"), 403, "forbidden")


class TestNetworks:
    def test_bound_both_the_asking_and_the_calls(self, association: APIClient) -> None:
        program = opened(association, networks=["198.51.100.0/24", "2001:db8::/32"])
        client = bearer(program, REMOTE_ADDR="198.51.100.7")

        assert ask(program, REMOTE_ADDR="203.0.113.1").status_code == 401
        assert ok(ask(program, REMOTE_ADDR="2001:db8::1"))
        assert client.get(READ, REMOTE_ADDR="198.51.100.8").status_code == 200
        problem(client.get(READ, REMOTE_ADDR="203.0.113.1"), 401, "not_signed_in")

    def test_are_changed(self, association: APIClient, program: dict[str, Any]) -> None:
        address = f"{ACCOUNTS}{program['client_id']}/networks/"
        ok(association.post(address, {"networks": ["203.0.113.0/24"]}, format="json"))

        assert ask(program).status_code == 401
        assert ok(ask(program, REMOTE_ADDR="203.0.113.1"))

    @pytest.mark.parametrize("network", ["198.51.100.7/24", "everywhere", "1.2.3.4/33"])
    def test_that_are_none_are_refused(self, association: APIClient, network: str) -> None:
        body = {"name": "issuing-desk", "purpose": "x", "roles": ["association"], "networks": [network]}

        problem(association.post(ACCOUNTS, body, format="json"), 400, "network_invalid")
        assert not User.objects.filter(username="issuing-desk").exists()


class TestSecrets:
    def test_overlap_and_the_old_one_ends(self, association: APIClient, program: dict[str, Any]) -> None:
        address = f"{ACCOUNTS}{program['client_id']}/rotate/"
        new = ok(association.post(address, {"overlap_hours": 1}, format="json"))["client_secret"]
        assert (ask(program).status_code, ask(program, secret=new).status_code) == (200, 200)

        ClientSecret.objects.exclude(ends_at=None).update(ends_at=now() - timedelta(seconds=1))
        assert (ask(program).status_code, ask(program, secret=new).status_code) == (401, 200)

    def test_are_shown_once(self, association: APIClient, program: dict[str, Any]) -> None:
        (listed,) = ok(association.get(ACCOUNTS))["results"]

        assert listed["client_id"] == program["client_id"]
        assert program["client_secret"] not in str(listed)

    def test_end_with_the_account_and_its_tokens(
        self,
        association: APIClient,
        program: dict[str, Any],
    ) -> None:
        client = bearer(program)
        assert client.get(READ).status_code == 200

        ok(association.post(f"{ACCOUNTS}{program['client_id']}/end/", {"reason": "replaced"}, format="json"))

        assert (client.get(READ).status_code, ask(program).status_code) == (401, 401)
        again = association.post(f"{ACCOUNTS}{program['client_id']}/end/", {"reason": "x"}, format="json")
        problem(again, 409, "service_account_ended")


class TestWhoseTheyAre:
    def test_no_role_is_given_that_one_has_not(self, association: APIClient, hq: APIClient) -> None:
        for client, roles, status in (
            (association, ["customs_hq"], 403),
            (association, ["system"], 403),
            (hq, ["association"], 403),
            (hq, ["system"], 201),
        ):
            body = {"name": f"p-{roles[0]}", "purpose": "x", "roles": roles}
            assert client.post(ACCOUNTS, body, format="json").status_code == status

    def test_others_see_and_end_none_of_them(
        self,
        world: World,
        client_of: Client,
        program: dict[str, Any],
        association: APIClient,
    ) -> None:
        other = client_of(world.staff["KZ"])

        assert ok(other.get(ACCOUNTS))["results"] == []
        address = f"{ACCOUNTS}{program['client_id']}/end/"
        assert other.post(address, {"reason": "x"}, format="json").status_code == 404
        assert association.post(address, {"reason": "x"}, format="json").status_code == 200
