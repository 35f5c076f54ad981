"""People: invited, given roles within an administrator's own, deactivated; a refusal beside the same call allowed."""

from datetime import timedelta
from typing import Any, get_args

import pytest
import time_machine
from knox.models import AuthToken
from rest_framework.test import APIClient

from api.v1.people import bodies
from checkpoints.models import Device
from tests.api.calls import API, today
from tests.api.conftest import Client, Enrol
from tests.api.people_calls import PASSWORD, USERS, Joined, accepted, invite_body
from tests.signin.test_second_factor import with_app
from tests.world import World
from tir.accounts import assigning
from tir.accounts.models import Assignment, Reach, Role, User
from tir.kernel.clock import now
from tir.signin import days
from tir.signin.models import LinkPurpose, OneTimeLink

HQ: dict[str, Any] = {"roles": [{"role": "customs_hq"}], "postings": []}


def code_of(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.json()
    return str(answer.json()["code"])


class TestInviting:
    def test_makes_a_closed_account_with_role_and_posting(self, administrator: APIClient) -> None:
        answer = administrator.post(USERS, invite_body())

        assert answer.status_code == 201, answer.json()
        shown = answer.json()["person"]
        assert (shown["status"], shown["country"]) == ("invited", "KZ")
        assert [(each["role"], each["reach"], each["given_by"]) for each in shown["roles"]] == [
            ("officer", "office", "chief.kz")
        ]
        assert [(each["office"], each["by"], each["reason"]) for each in shown["postings"]] == [
            ("KZALA001", "chief.kz", "Order 12.")
        ]
        assert User.objects.get(username="aigerim.n").is_active is False

    def test_not_into_a_foreign_office(self, administrator: APIClient) -> None:
        abroad = invite_body("spy", postings=[{"office": "UZTAS001"}])

        assert code_of(administrator.post(USERS, abroad), 403) == "outside_your_place"
        assert not User.objects.filter(username="spy").exists()
        assert administrator.post(USERS, invite_body("spy")).status_code == 201

    def test_not_into_a_foreign_country(self, administrator: APIClient) -> None:
        abroad = invite_body("spy", country="UZ", postings=[])

        assert code_of(administrator.post(USERS, abroad), 403) == "outside_your_place"
        assert administrator.post(USERS, invite_body("spy", postings=[])).status_code == 201

    def test_not_for_a_role_that_is_not_ones_own_to_give(
        self, administrator: APIClient, root: APIClient
    ) -> None:
        higher = invite_body("minister", **HQ)

        assert code_of(administrator.post(USERS, higher), 403) == "role_not_yours_to_give"
        assert root.post(USERS, {**higher, "country": "KZ"}).status_code == 201

    def test_not_for_two_roles_that_nobody_has_both(self, root: APIClient) -> None:
        both = invite_body("both", country="KZ", roles=[{"role": "auditor"}, {"role": "officer"}])

        assert code_of(root.post(USERS, both), 409) == "roles_incompatible"
        two = invite_body("both", country="KZ", roles=[{"role": "customs_hq"}, {"role": "officer"}])
        assert root.post(USERS, two).status_code == 201

    def test_headquarters_have_a_country(self, root: APIClient) -> None:
        """m7: an account of headquarters without a country decided in the name of none."""
        assert code_of(root.post(USERS, invite_body("hq", **HQ)), 422) == "reach_not_fitting"
        assert root.post(USERS, invite_body("hq", country="KZ", **HQ)).status_code == 201

    def test_an_association_is_named(self, root: APIClient, client_of: Client) -> None:
        """m4: the role of an association without a membership."""
        clerk = {"roles": [{"role": "association"}], "postings": []}

        assert (
            code_of(root.post(USERS, invite_body("clerk", country="KZ", **clerk)), 422) == "reach_not_fitting"
        )
        answer = root.post(USERS, invite_body("clerk", association="085", **clerk))
        assert answer.status_code == 201, answer.json()
        client = client_of(accepted(answer.json()["invitation"]["secret"]))
        assert client.get(f"{API}/associations/085/liability/").status_code == 200
        assert client.get(f"{API}/associations/092/liability/").status_code == 404

    def test_a_name_is_never_given_twice(self, administrator: APIClient) -> None:
        assert administrator.post(USERS, invite_body()).status_code == 201

        assert code_of(administrator.post(USERS, invite_body("Aigerim.N")), 409) == "username_taken"

    def test_names_every_field_at_fault(self, administrator: APIClient) -> None:
        answer = administrator.post(USERS, {"username": "a b", "roles": []})

        assert code_of(answer, 400) == "body_invalid"
        named = {each["field"] for each in answer.json()["errors"]}
        assert named == {"username", "name", "roles", "reason"}


class TestTheLink:
    @pytest.fixture
    def invitation(self, administrator: APIClient) -> dict[str, Any]:
        said: dict[str, Any] = administrator.post(USERS, invite_body()).json()
        return {**said["invitation"], "id": said["person"]["id"]}

    def accept(self, secret: str, password: str = PASSWORD) -> Any:
        return APIClient().post(f"{USERS}accept/", {"secret": secret, "password": password})

    def test_opens_the_account_with_ones_own_password(self, invitation: dict[str, Any]) -> None:
        before = {"username": "aigerim.n", "password": PASSWORD}
        assert APIClient().post(f"{API}/auth/token/", before).status_code == 401

        assert self.accept(invitation["secret"]).json() == {"username": "aigerim.n", "roles": ["officer"]}
        assert APIClient().post(f"{API}/auth/token/", before).json()["user"]["office"] == "KZALA001"

    def test_is_the_address_of_the_page(self, invitation: dict[str, Any]) -> None:
        assert invitation["link"] == f"http://testserver/console/invitations/{invitation['secret']}/"

    def test_works_once(self, invitation: dict[str, Any]) -> None:
        assert self.accept(invitation["secret"]).status_code == 200

        assert code_of(self.accept(invitation["secret"]), 404) == "link_not_good"

    def test_expires(self, invitation: dict[str, Any]) -> None:
        with time_machine.travel(now() + timedelta(days=7, seconds=1)):
            assert code_of(self.accept(invitation["secret"]), 404) == "link_not_good"
        with time_machine.travel(now() + timedelta(days=6)):
            assert self.accept(invitation["secret"]).status_code == 200

    def test_can_be_revoked(self, administrator: APIClient, invitation: dict[str, Any]) -> None:
        address = f"{USERS}{invitation['id']}/invitation/revoke/"
        assert administrator.post(address, {"reason": "Wrong person."}).status_code == 200

        assert code_of(self.accept(invitation["secret"]), 404) == "link_not_good"
        assert code_of(administrator.post(address, {"reason": "Again."}), 409) == "no_open_invitation"

    def test_ends_with_the_next_one(self, administrator: APIClient, invitation: dict[str, Any]) -> None:
        answer = administrator.post(f"{USERS}{invitation['id']}/invitation/", {"reason": "Lost."})

        assert answer.status_code == 201, answer.json()
        assert code_of(self.accept(invitation["secret"]), 404) == "link_not_good"
        assert self.accept(answer.json()["secret"]).status_code == 200
        assert (
            code_of(administrator.post(f"{USERS}{invitation['id']}/invitation/", {"reason": "Again."}), 409)
            == "already_accepted"
        )

    def test_takes_no_weak_password_and_stays_open(self, invitation: dict[str, Any]) -> None:
        for weak in ("short", "password1234", "aigerim.n.12"):
            assert code_of(self.accept(invitation["secret"], weak), 422) == "password_weak"

        assert self.accept(invitation["secret"]).status_code == 200

    def test_goes_by_mail_too_in_the_persons_language(
        self, administrator: APIClient, mailoutbox: list[Any]
    ) -> None:
        said = administrator.post(USERS, invite_body(email="aigerim@customs.example")).json()["invitation"]

        assert said["mailed"] is True
        assert [(mail.subject, mail.to) for mail in mailoutbox] == [
            ("Ваше приглашение", ["aigerim@customs.example"])
        ]
        assert said["link"] in mailoutbox[0].body

    def test_is_there_without_any_mail(self, administrator: APIClient, mailoutbox: list[Any]) -> None:
        said = administrator.post(USERS, invite_body()).json()["invitation"]

        assert (said["mailed"], mailoutbox) == (None, [])
        assert self.accept(said["secret"]).status_code == 200

    def test_is_kept_as_a_hash_alone(self, invitation: dict[str, Any]) -> None:
        kept = OneTimeLink.objects.get(user__username="aigerim.n", purpose=LinkPurpose.INVITATION)

        assert invitation["secret"] not in str(vars(kept))
        assert len(kept.digest) == 64


class TestDeciding:
    def test_closes_an_account_with_its_tokens_and_phones(
        self, administrator: APIClient, joined: Joined, client_of: Client
    ) -> None:
        officer = joined("officer.kz")
        client = client_of(officer)
        enrolled = client.post(f"{API}/devices/", {"name": "Phone 1"})
        assert enrolled.status_code == 201, enrolled.json()

        answer = administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Left the service."})

        assert answer.json()["status"] == "deactivated"
        assert client.get(f"{API}/offices/").status_code == 401
        assert not AuthToken.objects.filter(user=officer).exists()
        assert Device.objects.get(officer=officer).revoke_reason == "Left the service."
        again = administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Again."})
        assert code_of(again, 409) == "already_deactivated"

    def test_opens_an_account_again(self, administrator: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz")
        administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "On leave."})

        answer = administrator.post(f"{USERS}{officer.pk}/reactivate/", {"reason": "Back."})

        assert answer.json()["status"] == "active"
        said = [(each["verb"], each["by"], each["reason"]) for each in answer.json()["events"]]
        assert said[-2:] == [("deactivated", "chief.kz", "On leave."), ("reactivated", "chief.kz", "Back.")]

    def test_not_about_a_superior(self, administrator: APIClient, root: APIClient, joined: Joined) -> None:
        boss = joined("boss.kz", **HQ)
        close, reopen = f"{USERS}{boss.pk}/deactivate/", f"{USERS}{boss.pk}/reactivate/"

        assert code_of(administrator.post(close, {"reason": "Coup."}), 403) == "superior"
        assert root.post(close, {"reason": "Retired."}).status_code == 200
        assert code_of(administrator.post(reopen, {"reason": "A friend."}), 403) == "superior"
        assert User.objects.get(pk=boss.pk).is_active is False
        assert root.post(reopen, {"reason": "Not retired."}).status_code == 200

    def test_not_about_oneself(self, administrator: APIClient) -> None:
        own = User.objects.get(username="chief.kz")
        more = {
            "roles": [{"role": "administrator", "gives": ["officer", "customs_hq"]}],
            "reason": "I deserve it.",
        }

        assert code_of(administrator.patch(f"{USERS}{own.pk}/", more), 403) == "own_account"
        assert (
            code_of(administrator.post(f"{USERS}{own.pk}/deactivate/", {"reason": "Bye."}), 403)
            == "own_account"
        )

    def test_not_about_people_elsewhere_who_look_absent(
        self, administrator: APIClient, world: World, joined: Joined
    ) -> None:
        stranger, own = world.officers["UZTAS001"], joined("officer.kz")

        assert code_of(administrator.get(f"{USERS}{stranger.pk}/"), 404) == "not_found"
        assert (
            code_of(administrator.post(f"{USERS}{stranger.pk}/deactivate/", {"reason": "x"}), 404)
            == "not_found"
        )
        assert administrator.get(f"{USERS}{own.pk}/").status_code == 200

    def test_changes_roles_from_today_on_and_keeps_the_past(self, root: APIClient, joined: Joined) -> None:
        officer = joined("officer.kz")
        body = {"roles": [{"role": "customs_hq"}], "name": "A. Nurlanova", "reason": "Promoted."}

        answer = root.patch(f"{USERS}{officer.pk}/", body)

        assert answer.status_code == 200, answer.json()
        assert [each["role"] for each in answer.json()["roles"]] == ["customs_hq"]
        assert [(each["role"], each["valid_to"]) for each in answer.json()["past_roles"]] == [
            ("officer", str(today()))
        ]
        assert User.objects.get(pk=officer.pk).roles == ["customs_hq"]

    def test_a_person_without_a_password_is_invited_not_reactivated(self, administrator: APIClient) -> None:
        key = administrator.post(USERS, invite_body()).json()["person"]["id"]
        administrator.post(f"{USERS}{key}/deactivate/", {"reason": "Not coming."})

        answer = administrator.post(f"{USERS}{key}/reactivate/", {"reason": "Coming."})

        assert code_of(answer, 409) == "not_accepted"
        assert administrator.post(f"{USERS}{key}/invitation/", {"reason": "Coming."}).status_code == 201


class TestDatedRoles:
    def test_begin_and_end_by_themselves(self, root: APIClient, joined: Joined, client_of: Client) -> None:
        """No job has run between: who calls is judged by the assignments."""
        tomorrow, later = today() + timedelta(days=1), today() + timedelta(days=3)
        role = {"role": "customs_hq", "valid_from": str(tomorrow), "valid_to": str(later)}
        stand_in = joined("stand.in", roles=[{"role": "officer"}, role])
        client = client_of(with_app(stand_in))
        runs = f"{API}/number-ranges/", f"{API}/reconciliation-requests/"
        assert code_of(client.get(f"{API}/irregularities/"), 403) == "forbidden", runs

        with time_machine.travel(now() + timedelta(days=1)):
            assert client.get(f"{API}/irregularities/").status_code == 200
        with time_machine.travel(now() + timedelta(days=3)):
            assert client.get(f"{API}/irregularities/").status_code == 403

    def test_are_brought_up_to_the_day_by_a_job(self, joined: Joined) -> None:
        role = {"role": "customs_hq", "valid_from": str(today() + timedelta(days=1))}
        stand_in = joined("stand.in", roles=[{"role": "officer"}, role])
        assert days.bring_all_up(at=now()) == 0

        assert days.bring_all_up(at=now() + timedelta(days=1)) == 1
        known = User.objects.get(pk=stand_in.pk)
        assert (known.roles, known.roles_until) == (["customs_hq", "officer"], None)


class TestOneTruth:
    """`User.roles` and the assignments, whoever writes the column."""

    def lasting(self, user: User) -> list[str]:
        return sorted(each.role for each in assigning.lasting(user, on=today()))

    def test_a_role_that_comes_with_the_account_has_its_assignment(self, db: None) -> None:
        user = User.objects.create_user("seeded", roles=[Role.OFFICER, Role.AUDITOR])

        assert self.lasting(user) == ["auditor", "officer"]

    def test_a_role_that_is_written_into_the_column_too(self, db: None) -> None:
        user = User.objects.create_user("seeded", roles=[Role.OFFICER])
        User.objects.filter(pk=user.pk).update(roles=[Role.CUSTOMS_HQ])

        assert self.lasting(user) == ["customs_hq"]
        assert Assignment.objects.get(person=user, role="officer").valid_to == today()


class TestSeeing:
    def test_lists_ones_own_people_and_no_others(
        self, administrator: APIClient, joined: Joined, world: World
    ) -> None:
        joined("officer.kz")
        names = {each["username"] for each in administrator.get(f"{USERS}?page_size=500").json()["results"]}

        offices = {name for name, office in world.officers.items() if name.startswith("KZ")}
        assert {world.officers[name].username for name in offices} | {"officer.kz", "chief.kz"} == names

    def test_finds_by_part_of_a_name_role_and_office(self, administrator: APIClient, joined: Joined) -> None:
        joined("officer.kz")

        def found(query: str) -> list[str]:
            return [each["username"] for each in administrator.get(f"{USERS}?{query}").json()["results"]]

        assert found("search=nurlan") == ["officer.kz"]
        assert found("role=administrator") == ["chief.kz"]
        assert "officer.kz" in found("office=KZALA001")
        assert "officer.kz" not in found("office=KZHOR001")
        assert found("search=nurlan&status=closed") == []

    def test_tells_who_has_access_to_what_and_when_last_used(
        self, administrator: APIClient, joined: Joined
    ) -> None:
        officer, idle = joined("officer.kz"), joined("idle.kz")
        said = {"username": officer.username, "password": PASSWORD}
        assert APIClient().post(f"{API}/auth/token/", said).status_code == 200

        rows = administrator.get(f"{USERS}access/?page_size=500").json()["results"]
        by_name = {each["username"]: each for each in rows}

        assert by_name["officer.kz"]["last_used_at"] is not None
        assert by_name["idle.kz"]["last_used_at"] is None
        open_now = ("sessions", "tokens", "devices", "second_factor", "kind")
        assert [by_name["officer.kz"][name] for name in open_now] == [0, 1, 0, False, "person"]
        assert by_name[idle.username]["offices"] == ["KZALA001"]
        assert [(each["role"], each["given_by"]) for each in by_name["chief.kz"]["roles"]] == [
            ("administrator", "root")
        ]

    def test_takes_a_fixed_number_of_statements(
        self, administrator: APIClient, joined: Joined, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(4):
            joined(f"officer.{number}")

        with django_assert_max_num_queries(13):
            assert administrator.get(f"{USERS}access/?page_size=500").status_code == 200


def test_the_phone_of_another_stays(administrator: APIClient, joined: Joined, enrol: Enrol) -> None:
    """Closing one account ends its own phones alone."""
    device, _client = enrol("KZALA001")
    officer = joined("officer.kz")

    assert administrator.post(f"{USERS}{officer.pk}/deactivate/", {"reason": "Left."}).status_code == 200
    assert Device.objects.get(pk=device["id"]).revoked_at is None


class TestManagers:
    """A team's manager looks after one office or one association, and neither registers nor the rest of the country."""

    @pytest.fixture
    def at_almaty(self, root: APIClient, client_of: Client) -> APIClient:
        body = invite_body("head.almaty", country="KZ", roles=[{"role": "manager", "gives": ["officer"]}])
        return client_of(accepted(root.post(USERS, body).json()["invitation"]["secret"]))

    @pytest.fixture
    def of_association(self, root: APIClient, client_of: Client) -> APIClient:
        roles = [{"role": "manager", "reach": "association", "gives": ["association"]}]
        body = invite_body("head.085", association="085", roles=roles, postings=[])
        return client_of(accepted(root.post(USERS, body).json()["invitation"]["secret"]))

    def test_invites_to_the_own_office_alone(self, at_almaty: APIClient) -> None:
        elsewhere = invite_body("new", postings=[{"office": "KZHOR001"}])
        nowhere = invite_body("new", postings=[])

        assert code_of(at_almaty.post(USERS, elsewhere), 403) == "outside_your_place"
        assert code_of(at_almaty.post(USERS, nowhere), 403) == "outside_your_place"
        assert at_almaty.post(USERS, invite_body("new")).status_code == 201

    def test_sees_the_own_office_alone(self, at_almaty: APIClient, world: World) -> None:
        names = {each["username"] for each in at_almaty.get(USERS).json()["results"]}

        assert names == {"head.almaty", world.officers["KZALA001"].username}

    def test_invites_to_the_own_association_alone(self, of_association: APIClient) -> None:
        clerk = {"roles": [{"role": "association"}], "postings": []}
        other = invite_body("clerk", association="092", **clerk)

        assert code_of(of_association.post(USERS, other), 403) == "outside_your_place"
        assert code_of(of_association.post(USERS, invite_body("clerk")), 403) == "outside_your_place"
        answer = of_association.post(USERS, invite_body("clerk", **clerk))
        assert answer.status_code == 201, answer.json()
        assert answer.json()["person"]["association"] == "085"

    def test_is_made_by_who_may_give_that_much(self, administrator: APIClient, root: APIClient) -> None:
        body = invite_body("head", country="KZ", roles=[{"role": "manager", "gives": ["officer"]}])

        assert code_of(administrator.post(USERS, body), 403) == "role_not_yours_to_give"
        assert root.post(USERS, body).status_code == 201

    def test_an_administrator_of_all_belongs_to_nobody(self, root: APIClient) -> None:
        """Who looks after all is bound by no country: one of a country must not be unbounded by a slip."""
        body = invite_body("second", roles=[{"role": "administrator", "reach": "all"}], postings=[])

        assert code_of(root.post(USERS, {**body, "country": "KZ"}), 422) == "reach_not_fitting"
        assert code_of(root.post(USERS, {**body, "association": "085"}), 422) == "reach_not_fitting"
        assert root.post(USERS, body).status_code == 201


def test_every_role_and_reach_can_be_asked_for() -> None:
    """The body's words are written out for its description; none of the model's is missing."""
    assert set(get_args(bodies.RoleName)) == set(Role.values)
    assert set(get_args(bodies.ReachName)) == set(Reach.values)
