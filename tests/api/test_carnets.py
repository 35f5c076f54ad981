"""GET /carnets/ and /carnets/{number}/: what is read of a carnet, and what of a row."""

from collections.abc import Callable

from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, ok, problem
from tests.world import SEALS, World

CARNETS = f"{API}/carnets/"


class TestReadingACarnet:
    def test_shows_what_the_offices_recorded_side_by_side(
        self, association: APIClient, world: World, carnet: Carnet
    ) -> None:
        world.travel(carnet, upto=3, since=carnet.issued_at)

        found = ok(association.get(f"{CARNETS}{carnet.number}/"))

        assert found["status"] == "in_transit"
        first, second = found["operations"][:2]
        assert first["status"] == "terminated"
        assert (first["start"]["office"], first["termination"]["office"]) == ("CNURC001", "CNHRS001")
        assert first["termination"]["seals"] == list(SEALS)
        assert first["termination"]["packages"] == 420
        assert first["start"]["at"].endswith("Z")
        assert (second["status"], second["termination"]["office"]) == ("started", None)
        assert second["time_limit"].endswith("Z")
        assert found["operations"][3]["status"] == "expected"

    def test_takes_the_number_in_small_letters(self, association: APIClient, carnet: Carnet) -> None:
        assert ok(association.get(f"{CARNETS}{carnet.number.lower()}/"))["number"] == carnet.number

    def test_links_to_paper_code_and_ledger(self, association: APIClient, carnet: Carnet) -> None:
        links = ok(association.get(f"{CARNETS}{carnet.number}/"))["links"]

        assert set(links) == {"self", "document", "qr", "stamps"}
        assert all(association.get(address).status_code == 200 for address in links.values())

    def test_of_a_number_nobody_issued_is_not_found(self, association: APIClient, guest: APIClient) -> None:
        problem(association.get(f"{CARNETS}RX99000004/"), 404, "not_found")
        problem(guest.get(f"{CARNETS}RX99000004/"), 401, "not_signed_in")
        problem(association.get(f"{CARNETS}no-number/"), 404, "no_such_address")


class TestTheHead:
    def test_is_the_answer_without_its_body(self, association: APIClient, carnet: Carnet) -> None:
        address = f"{CARNETS}{carnet.number}/"

        head, whole = association.head(address), association.get(address)

        assert head.status_code == 200
        assert head["Content-Type"] == whole["Content-Type"]


class TestAStatusThatPeopleGave:
    def test_is_shown_with_its_reason(self, association: APIClient, carnet: Carnet) -> None:
        association.post(f"{CARNETS}{carnet.number}/report-lost/", {"reason": "fell off the lorry"})

        found = ok(association.get(f"{CARNETS}{carnet.number}/"))

        assert (found["status"], found["reason"]) == ("lost", "fell off the lorry")


class TestABriefRow:
    def test_tells_carnets_apart(
        self, association: APIClient, world: World, carnet: Carnet, client_of: Callable[..., APIClient]
    ) -> None:
        world.stamp(carnet, 1, ago(days=9))

        (row,) = ok(association.get(CARNETS))["results"]

        assert row["status"] == "accepted"
        assert row["holder"] == {"id": "CHN/071/1001", "name": "Silk Road Haulage"}
        assert row["plates"] == ["01KZ123ABC"]
        assert row["territories"] == ["CN", "EAEU", "UZ", "TJ"]
        assert row["issuer"] == "071"
