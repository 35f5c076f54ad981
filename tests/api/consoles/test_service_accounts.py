"""Service accounts on pages: opened, shown once, restricted, rotated, ended, by who may."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from tests.api.calls import ok, problem
from tests.api.consoles.conftest import Reader
from tests.api.people_calls import USERS, Joined
from tests.world import World
from tir.accounts.models import Role, User
from tir.signin.models import ServiceAccount

LIST = "/console/service-accounts/"
NEW = {"name": "issuing-desk", "purpose": "Issues carnets", "role_association": "on", "networks": ""}


@pytest.fixture
def association(world: World, reader: Reader) -> Browser:
    return reader(world.staff["CN"])


def shown(answer: Any) -> tuple[str, str]:
    """Return id and secret from the page that shows them."""
    page = answer.content.decode()
    values = [
        page.split(f'id="{name}" readonly value="')[1].split('"')[0]
        for name in ("client-id", "client-secret")
    ]
    return values[0], values[1]


def ask(client_id: str, secret: str, **meta: Any) -> Any:
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    return APIClient().post(
        "/api/v1/oauth/token/",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        HTTP_AUTHORIZATION=f"Basic {basic}",
        **meta,
    )


class TestOnPages:
    def test_one_is_opened_and_its_secret_shown_once(self, association: Browser) -> None:
        client_id, secret = shown(association.post(f"{LIST}open/", NEW))

        assert ask(client_id, secret).status_code == 200
        for address in (LIST, f"{LIST}of/{client_id}/", f"{LIST}?export=csv"):
            answer = association.get(address)
            content = answer.getvalue().decode()
            assert "issuing-desk" in content
            assert secret not in content

    def test_one_is_rotated_with_an_overlap_or_at_once(self, association: Browser) -> None:
        client_id, first = shown(association.post(f"{LIST}open/", NEW))
        _id, second = shown(association.post(f"{LIST}of/{client_id}/rotate/", {"overlap": "24"}))
        assert [ask(client_id, secret).status_code for secret in (first, second)] == [200, 200]

        _id, third = shown(association.post(f"{LIST}of/{client_id}/rotate/", {"overlap": "0"}))

        assert [ask(client_id, secret).status_code for secret in (first, second, third)] == [401, 401, 200]

    def test_one_is_restricted_to_networks_a_line_each(self, association: Browser) -> None:
        client_id, secret = shown(association.post(f"{LIST}open/", NEW))
        address = f"{LIST}of/{client_id}/networks/"
        wrong = association.post(address, {"networks": "198.51.100.0/24\n1.2.3.4/33"})
        assert (wrong.status_code, "1.2.3.4/33 is no network" in wrong.content.decode()) == (400, True)
        assert ask(client_id, secret).status_code == 200

        association.post(address, {"networks": "198.51.100.0/24\r\n2001:db8::/32\r\n"})

        assert ask(client_id, secret).status_code == 401
        assert ask(client_id, secret, REMOTE_ADDR="198.51.100.9").status_code == 200
        assert "198.51.100.0/24" in association.get(address).content.decode()

    def test_one_is_ended_with_a_reason_and_stays_to_be_read(self, association: Browser) -> None:
        client_id, secret = shown(association.post(f"{LIST}open/", NEW))
        address = f"{LIST}of/{client_id}/end/"
        assert association.post(address, {"reason": ""}).status_code == 400
        assert ask(client_id, secret).status_code == 200

        association.post(address, {"reason": "The desk was closed."})

        assert ask(client_id, secret).status_code == 401
        assert "The desk was closed." in association.get(f"{LIST}of/{client_id}/").content.decode()
        assert association.post(f"{LIST}of/{client_id}/rotate/", {"overlap": "0"}).status_code == 409

    def test_a_name_is_given_once_and_a_role_is_chosen(self, association: Browser) -> None:
        association.post(f"{LIST}open/", NEW)

        again = association.post(f"{LIST}open/", {**NEW, "name": "Issuing-Desk"})
        none = association.post(f"{LIST}open/", {**NEW, "name": "other", "role_association": ""})

        assert (again.status_code, none.status_code) == (409, 400)
        assert ServiceAccount.objects.count() == 1

    def test_only_ones_own_roles_are_offered(self, association: Browser) -> None:
        page = association.get(f"{LIST}open/").content.decode()

        assert 'name="role_association"' in page
        assert 'name="role_customs_hq"' not in page
        assert (
            association.post(f"{LIST}open/", {**NEW, "role_association": "", "role_system": "on"}).status_code
            == 400
        )

    def test_anothers_look_absent(self, association: Browser, world: World, reader: Reader) -> None:
        client_id, secret = shown(association.post(f"{LIST}open/", NEW))
        stranger = reader(world.staff["KZ"])

        for part in ("", "rotate/", "networks/", "end/"):
            assert stranger.get(f"{LIST}of/{client_id}/{part}").status_code == 404
        assert stranger.post(f"{LIST}of/{client_id}/end/", {"reason": "Mine."}).status_code == 404
        assert "issuing-desk" not in stranger.get(LIST).content.decode()
        assert ask(client_id, secret).status_code == 200


class TestAnAdministrator:
    BODY = {"name": "kz-system", "purpose": "Exchanges messages", "roles": ["system"]}

    @pytest.fixture
    def of_kazakhstan(self, joined: Joined, client_of: Any) -> APIClient:
        roles = [{"role": "administrator", "gives": ["officer", "system"]}]
        client: APIClient = client_of(joined("chief", roles=roles, postings=[]))
        return client

    def test_gives_a_program_what_they_may_give_where_they_may(self, of_kazakhstan: APIClient) -> None:
        address = "/api/v1/service-accounts/"
        for change, status, code in (
            ({"roles": ["customs_hq"]}, 403, "role_not_yours_to_give"),
            ({"country": "UZ"}, 403, "outside_your_place"),
            ({"roles": ["association"], "association": "085"}, 403, "role_not_yours_to_give"),
            ({"association": "999", "roles": ["system"]}, 422, "association_unknown"),
        ):
            problem(of_kazakhstan.post(address, {**self.BODY, **change}, format="json"), status, code)

        opened = ok(of_kazakhstan.post(address, self.BODY, format="json"), 201)

        assert ask(opened["client_id"], opened["client_secret"]).status_code == 200
        user = User.objects.get(username="kz-system")
        assert (user.country, user.roles) == ("KZ", ["system"])
        given = user.assignments.get()
        assert (given.given_by and given.given_by.username, given.reason) == ("chief", "Exchanges messages")

    def test_of_all_says_for_whom(self, root: APIClient) -> None:
        address = "/api/v1/service-accounts/"
        problem(root.post(address, self.BODY, format="json"), 422, "reach_not_fitting")

        ok(root.post(address, {**self.BODY, "country": "UZ"}, format="json"), 201)

        assert User.objects.get(username="kz-system").country == "UZ"

    def test_meets_a_program_in_the_list_of_access_and_not_among_people(
        self, of_kazakhstan: APIClient, root: APIClient
    ) -> None:
        opened = ok(of_kazakhstan.post("/api/v1/service-accounts/", self.BODY, format="json"), 201)
        ask(opened["client_id"], opened["client_secret"])
        program = User.objects.get(username="kz-system")

        rows = ok(of_kazakhstan.get(f"{USERS}access/?page_size=500"))["results"]

        (row,) = [row for row in rows if row["username"] == "kz-system"]
        assert (row["kind"], row["roles"][0]["role"]) == ("program", "system")
        assert row["last_used_at"] is not None
        names = [row["username"] for row in ok(of_kazakhstan.get(f"{USERS}?page_size=500"))["results"]]
        assert "kz-system" not in names
        for verb in ("invitation", "password-link"):
            answer = root.post(f"{USERS}{program.pk}/{verb}/", {"reason": "Let me in."})
            problem(answer, 404, "not_found")
        assert not program.links.exists()


def test_headquarters_and_associations_find_the_page_in_the_navigation(world: World, reader: Reader) -> None:
    user = User.objects.create_user("hq", roles=[Role.CUSTOMS_HQ], country="KZ")

    for person, is_there in ((user, True), (world.staff["CN"], True), (world.officers["CNURC001"], False)):
        page = reader(person).get("/console/account/").content.decode()
        assert (f'href="{LIST}"' in page) is is_there
