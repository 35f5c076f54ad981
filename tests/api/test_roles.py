"""Roles: dated, the same in the column and in the assignments, given by managers within their own; and every role and
reach can be asked for."""

from datetime import timedelta
from typing import Any, get_args

import pytest
import time_machine
from rest_framework.test import APIClient

from api.v1.people import bodies
from tests.api.calls import API, today
from tests.api.conftest import Client
from tests.api.people_calls import USERS, Joined, accepted, code_of, invite_body
from tests.signin.test_second_factor import with_app
from tests.world import World
from tir.accounts import assigning
from tir.accounts.models import Assignment, Reach, Role, User
from tir.kernel.clock import now
from tir.signin import days

HQ: dict[str, Any] = {"roles": [{"role": "customs_hq"}], "postings": []}


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
