"""Deadlines are of carnets whose page their reader can open."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, ok, today
from tests.api.conftest import Issue
from tests.world import World, reconcile
from tir.kernel.clock import now


@pytest.fixture
def suspended(world: World, issue: Issue) -> Carnet:
    """A carnet that left Kazakhstan by a suspension and was discharged there: its guarantor is out of it."""
    carnet = issue()
    world.travel(carnet, upto=4, since=ago(days=9), but={4: {"is_suspension": True}})
    reconcile(now())
    assert carnet.operations.get(sequence=2).borne == 0
    return carnet


def listed(client: APIClient) -> set[str]:
    window = {"from": str(today() - timedelta(days=30)), "to": str(today() + timedelta(days=365))}
    rows = ok(client.get(f"{API}/deadlines/", window))["results"]
    return {row["carnet"] for row in rows if row["code"] == "suspension"}


class TestDeadlines:
    def test_of_a_suspension_are_the_issuers_and_no_longer_the_guarantors(
        self, guarantor: APIClient, association: APIClient, suspended: Carnet
    ) -> None:
        assert listed(association) == {suspended.number}
        assert listed(guarantor) == set()

    def test_lead_to_pages_that_open(self, world: World, suspended: Carnet) -> None:
        browser = Client()
        browser.force_login(world.staff["KZ"], backend="django.contrib.auth.backends.ModelBackend")

        page = browser.get("/console/deadlines/?days=366").content.decode()

        assert suspended.number not in page
        assert browser.get(f"/console/carnets/{suspended.number}/").status_code == 404
