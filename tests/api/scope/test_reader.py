"""An account of customs that names no country decides and asks nothing."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from carnets.models import Carnet, GuaranteeQuery
from tests.api.calls import API, ok, problem
from tests.api.conftest import Person
from tests.world import World
from tir.accounts.models import Role, User
from tir.approvals.models import Approval

EXCLUSIONS = f"{API}/holders/CHN-071-1001/exclusions/"
REASON = {"reason": "unpaid duty"}


class TestWithoutACountry:
    def test_nobody_is_excluded(self, person: Person, hq: APIClient, world: World) -> None:
        problem(person(Role.CUSTOMS_HQ).post(EXCLUSIONS, REASON), 403, "no_country")
        assert not Approval.objects.exists()

        assert ok(hq.post(EXCLUSIONS, REASON), 202)["country"] == "KZ"

    def test_nobody_is_excluded_on_the_page(self, world: World) -> None:
        form = {"decided_on": "2026-03-02", "valid_from": "2026-03-02", "valid_to": "", **REASON}
        answers = {}
        for country in ("", "KZ"):
            browser = Client()
            user = User.objects.create_user(f"hq-{country}", roles=[Role.CUSTOMS_HQ], country=country)
            browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            answers[country] = browser.post("/console/holders/CHN-071-1001/exclude/", form).status_code

        assert answers == {"": 403, "KZ": 302}
        assert [row.country for row in Approval.objects.all()] == ["KZ"]

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CUSTOMS_HQ])
    def test_no_guarantee_is_asked_about(
        self, role: Role, person: Person, hq: APIClient, carnet: Carnet
    ) -> None:
        body = {"carnet": carnet.number}

        problem(person(role).post(f"{API}/guarantees/confirm/", body), 403, "no_country")
        assert not GuaranteeQuery.objects.exists()

        assert ok(hq.post(f"{API}/guarantees/confirm/", body))["country"] == "KZ"
