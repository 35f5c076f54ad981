"""Whose liability somebody reads: an association's account its own by membership, an auditor a country's."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.api.calls import API, ok, problem
from tests.api.conftest import Person
from tests.world import World
from tir.accounts.models import Role, User


@pytest.fixture
def member(world: World) -> User:
    """A member of the association of Kazakhstan whose account names another country."""
    user = world.staff["KZ"]
    user.country = "UZ"
    user.save()
    return user


class TestLiability:
    def test_is_a_members_own_whatever_country_the_account_names(
        self, client_of: Callable[[User], APIClient], member: User
    ) -> None:
        client = client_of(member)

        assert ok(client.get(f"{API}/associations/085/liability/"))["association"] == "085"
        problem(client.get(f"{API}/associations/092/liability/"), 404, "not_found")
        problem(client.get(f"{API}/associations/092/liability/operations/"), 404, "not_found")

    def test_is_nobodys_without_membership(self, person: Person) -> None:
        client = person(Role.ASSOCIATION, country="KZ")

        for rest in ("liability/", "liability/operations/"):
            problem(client.get(f"{API}/associations/085/{rest}"), 403, "no_association")

    @pytest.mark.parametrize(
        "rest", ["", "rows/?side=issued", "parts/?side=issued&by=holder", "claims/?stage=paid"]
    )
    def test_is_on_no_page_without_membership(self, world: World, rest: str) -> None:
        browser = Client()
        browser.force_login(world.staff["KZ"], backend="django.contrib.auth.backends.ModelBackend")
        stranger = Client()
        user = User.objects.create_user("nobody's", roles=[Role.ASSOCIATION], country="KZ")
        stranger.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

        assert browser.get(f"/console/liability/{rest}").status_code == 200
        assert stranger.get(f"/console/liability/{rest}").status_code == 403

    def test_is_an_auditors_by_country(self, person: Person) -> None:
        client = person(Role.AUDITOR, country="KZ")

        assert ok(client.get(f"{API}/associations/085/liability/"))["association"] == "085"
        problem(client.get(f"{API}/associations/092/liability/"), 404, "not_found")
