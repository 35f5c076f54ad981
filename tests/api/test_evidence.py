"""Certified reports and refusals to start: what programs wrote they can read, each within the bounds of stamps."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, incident_body, ok, problem, refusal_body, refused_fields
from tests.api.conftest import Issue, OfficerAt, Person
from tests.api.consoles.conftest import DOT
from tests.world import World
from tir.accounts.models import Role

INCIDENTS, REFUSALS = f"{API}/incidents/", f"{API}/refusals/"


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """Reported on in China and in Kazakhstan, where its start was refused as well."""
    carnet = issue()
    world.travel(carnet, upto=3, since=ago(days=9))
    world.report(carnet, "CNHRS001", ago(days=8), kind="other", photos=[("image/png", DOT)])
    world.report(carnet, "KZHOR001", ago(days=7))
    world.refuse(carnet, 5, ago(days=6))
    return carnet


def offices(client: APIClient, address: str) -> list[str]:
    return [row["office"] for row in ok(client.get(address))["results"]]


class TestWhoReads:
    def test_is_customs_on_the_route_and_the_issuer(
        self, association: APIClient, hq: APIClient, carnet: Carnet
    ) -> None:
        for client in (association, hq):
            assert offices(client, INCIDENTS) == ["KZHOR001", "CNHRS001"]
            assert offices(client, REFUSALS) == ["UZYAL001"]

    def test_is_a_foreign_guarantor_as_far_as_its_own_country_goes(
        self, guarantor: APIClient, world: World, carnet: Carnet
    ) -> None:
        report = carnet.incidents.get(office__code="CNHRS001")

        assert offices(guarantor, INCIDENTS) == ["KZHOR001"]
        assert offices(guarantor, REFUSALS) == []
        problem(guarantor.get(f"{INCIDENTS}{report.pk}/"), 404, "not_found")

        world.stamp(carnet, 4, ago(days=5), is_offline=True)
        assert ok(guarantor.get(f"{INCIDENTS}{carnet.incidents.get(office__code='KZHOR001').pk}/"))

    def test_is_nobody_off_the_route(self, person: Person, carnet: Carnet) -> None:
        georgian = person(Role.CUSTOMS_HQ, country="GE")

        assert offices(georgian, INCIDENTS) == offices(georgian, REFUSALS) == []
        problem(georgian.get(f"{REFUSALS}{carnet.refusals.get().pk}/"), 404, "not_found")


class TestWhatIsRead:
    def test_is_what_was_answered_when_it_was_written(
        self, officer_at: OfficerAt, world: World, issue: Issue
    ) -> None:
        carnet, officer = issue(), officer_at("CNURC001")
        world.travel(carnet, upto=1, since=ago(days=9))
        for address, body in (
            (INCIDENTS, incident_body(carnet.number)),
            (REFUSALS, refusal_body(carnet.number, 3)),
        ):
            client = officer if address == INCIDENTS else officer_at("KZHOR001")
            written = ok(client.post(address, body), 201)

            assert ok(client.get(f"{address}{written['id']}/")) == written
            assert ok(client.get(address))["results"] == [written]

    def test_counts_photos_without_reading_them_one_by_one(
        self, association: APIClient, world: World, carnet: Carnet
    ) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as sent:
                assert [row["photos"] for row in ok(association.get(INCIDENTS))["results"]][-2:] == [0, 1]
            return len(sent)

        before = statements()
        for hours in range(5):
            world.report(carnet, "KZHOR001", ago(days=4, hours=hours), photos=[("image/png", DOT)])

        assert statements() == before


class TestFilters:
    @pytest.mark.parametrize("address", [INCIDENTS, REFUSALS])
    def test_are_carnet_and_office(
        self, association: APIClient, issue: Issue, world: World, carnet: Carnet, address: str
    ) -> None:
        other = issue()
        world.travel(other, upto=1, since=ago(days=9))
        world.report(other, "CNURC001", ago(days=8))
        world.refuse(other, 3, ago(days=8))

        def of(**query: Any) -> set[str]:
            return {row["carnet"] for row in ok(association.get(address, query))["results"]}

        assert of() == {carnet.number, other.number}
        assert of(carnet=other.number.lower()) == {other.number}
        assert of(office="uzyal001" if address == REFUSALS else "cnhrs001") == {carnet.number}
        assert of(office="TJDYU001") == set()

    def test_may_be_the_kind_of_report(self, association: APIClient, carnet: Carnet) -> None:
        assert offices(association, f"{INCIDENTS}?kind=other") == ["CNHRS001"]
        assert refused_fields(association.get(f"{INCIDENTS}?kind=theft")) == {"kind": "unknown_choice"}
