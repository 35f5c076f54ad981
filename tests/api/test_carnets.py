"""GET /carnets/ and /carnets/{number}/: reading, filtering, and paging by cursor."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet, NumberRange
from tests.api.calls import API, ago, ok, problem, refused_fields
from tests.api.conftest import Issue
from tests.world import SEALS, World

CARNETS = f"{API}/carnets/"
SIZES_OF_NOTHING = (
    "0", "-1", "ten", "1.5", "", "%00", "9" * 5000, "%EF%BC%95", "1_0", "1e1", "%2B5", "%205",
)  # fmt: skip


def numbers(answer: Any) -> list[str]:
    return [row["number"] for row in ok(answer)["results"]]


def cursor_of(parts: object) -> str:
    """Return what an address would say of a place that nobody was sent to."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


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


class TestFiltering:
    @pytest.fixture
    def three(self, issue: Issue, association: APIClient) -> list[Carnet]:
        carnets = [issue() for _ in range(3)]
        association.post(f"{CARNETS}{carnets[2].number}/invalidate/", {"reason": "printed twice"})
        return carnets

    def test_by_status(self, association: APIClient, three: list[Carnet]) -> None:
        assert numbers(association.get(f"{CARNETS}?status=invalidated")) == [three[2].number]
        assert len(numbers(association.get(f"{CARNETS}?status=issued"))) == 2

    def test_by_holder_and_plate(self, association: APIClient, three: list[Carnet]) -> None:
        assert len(numbers(association.get(f"{CARNETS}?holder=CHN/071/1001"))) == 3
        assert numbers(association.get(f"{CARNETS}?holder=CHN/071/9")) == []
        assert len(numbers(association.get(f"{CARNETS}?plate=01kz123abc"))) == 3
        assert numbers(association.get(f"{CARNETS}?plate=NOSUCH")) == []

    def test_by_a_status_that_does_not_exist_is_refused(
        self, association: APIClient, three: list[Carnet]
    ) -> None:
        """Not answered with an empty list, which would read as: there are none."""
        found = problem(association.get(f"{CARNETS}?status=isued"), 400, "body_invalid")

        assert "issued" in found["errors"][0]["detail"]

    @pytest.mark.parametrize("value", ["%00", "a%00b", "x" * 101])
    @pytest.mark.parametrize("name", ["status", "holder", "plate"])
    def test_by_what_no_row_can_have_is_refused(self, association: APIClient, name: str, value: str) -> None:
        assert refused_fields(association.get(f"{CARNETS}?{name}={value}"))[name] in ("has_nul", "too_long")

    @pytest.mark.parametrize(
        ("value", "code"),
        [("a%1Bb", "control_character"), ("a%0Ab", "control_character"), ("%E2%80%8B", "nothing_visible"),
         ("%20", "too_short")],
    )  # fmt: skip
    def test_by_what_nobody_sees_is_refused(self, association: APIClient, value: str, code: str) -> None:
        assert refused_fields(association.get(f"{CARNETS}?plate={value}")) == {"plate": code}
        assert ok(association.get(f"{CARNETS}?plate=01"))["results"] == []


class TestPaging:
    @pytest.fixture
    def seven(self, issue: Issue) -> list[str]:
        return [issue(days=1).number for _ in range(7)]

    def test_goes_through_all_rows_once_newest_first_and_back(
        self, association: APIClient, seven: list[str]
    ) -> None:
        seen, address, pages = [], f"{CARNETS}?page_size=3", []
        while address:
            page = ok(association.get(address))
            pages.append(page)
            seen += [row["number"] for row in page["results"]]
            address = page["next"]

        assert seen == seven[::-1]
        assert pages[0]["previous"] is None
        assert numbers(association.get(pages[2]["previous"])) == [
            row["number"] for row in pages[1]["results"]
        ]

    def test_is_not_shifted_by_a_row_added_meanwhile(
        self, association: APIClient, seven: list[str], issue: Issue
    ) -> None:
        first = ok(association.get(f"{CARNETS}?page_size=3"))
        issue(days=1)

        assert numbers(association.get(first["next"])) == seven[::-1][3:6]

    def test_keeps_the_filter(self, association: APIClient, seven: list[str]) -> None:
        first = ok(association.get(f"{CARNETS}?page_size=3&status=issued&plate=01KZ123ABC"))

        assert "status=issued" in first["next"]
        assert len(numbers(association.get(first["next"]))) == 3

    def test_gives_at_most_five_hundred_rows(self, association: APIClient, world: World) -> None:
        NumberRange.objects.bulk_create(
            NumberRange(association=world.associations["CN"], first=first, last=first, next=first)
            for first in range(26_000_001, 26_000_502)
        )
        ranges = f"{API}/number-ranges/"
        assert NumberRange.objects.count() == 502  # with the world's own

        assert len(ok(association.get(f"{ranges}?page_size=500"))["results"]) == 500
        most = ok(association.get(f"{ranges}?page_size=100000"))
        assert len(most["results"]) == 500
        assert len(ok(association.get(most["next"]))["results"]) == 2

    @pytest.mark.parametrize("size", SIZES_OF_NOTHING)
    def test_by_pages_of_no_size_is_refused(self, association: APIClient, size: str) -> None:
        assert set(refused_fields(association.get(f"{CARNETS}?page_size={size}"))) == {"page_size"}

    @pytest.mark.parametrize(
        "cursor",
        [
            "x",
            "é",
            "cD0",
            "",
            *(
                cursor_of(parts)
                for parts in (
                    [0],
                    [2, "1"],
                    [0, "x"],
                    [0, "\x00"],
                    [0, 1],
                    [0, ["1"]],
                    [0, "1.5"],
                    {"0": 0},
                    None,
                )
            ),
            cursor_of([0, "1", "2", "3", "4"]),
            "A" * 2_000,
        ],
    )
    @pytest.mark.parametrize("address", ["carnets/", "stamps/", "offices/"])
    def test_by_an_invented_cursor_is_refused(
        self, association: APIClient, address: str, cursor: str
    ) -> None:
        assert refused_fields(association.get(f"{API}/{address}?cursor={cursor}")) == {
            "cursor": "cursor_invalid"
        }

    @pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T00:00:00", "99999-01-01 00:00:00Z"])
    def test_of_the_ledger_by_an_invented_instant_is_refused(self, association: APIClient, text: str) -> None:
        cursor = cursor_of([0, text, "1", "00000000-0000-0000-0000-000000000000"])

        assert refused_fields(association.get(f"{API}/stamps/?cursor={cursor}")) == {
            "cursor": "cursor_invalid"
        }

    def test_from_a_place_beyond_every_row_finds_nothing(
        self, association: APIClient, seven: list[str]
    ) -> None:
        cursor = cursor_of([0, "9" * 40])

        assert ok(association.get(f"{API}/offices/?cursor={cursor}"))["results"] == []


class TestEveryList:
    """All lists page alike; what differs is who sees which rows (test_scope.py)."""

    @pytest.mark.parametrize(
        "address",
        ["carnets", "stamps", "offices", "crossings", "holders", "guarantees", "irregularities", "claims"],
    )
    def test_has_next_previous_and_results(self, association: APIClient, address: str) -> None:
        assert set(ok(association.get(f"{API}/{address}/"))) == {"next", "previous", "results"}

    @pytest.mark.parametrize(
        "address",
        ["carnets", "stamps", "offices", "crossings", "holders", "guarantees", "irregularities", "claims"],
    )
    def test_refuses_a_parameter_it_does_not_know(self, association: APIClient, address: str) -> None:
        """A misspelt filter would read as: all of them."""
        ok(association.get(f"{API}/{address}/?page_size=1"))

        assert refused_fields(association.get(f"{API}/{address}/?pagesize=1")) == {
            "pagesize": "unknown_field"
        }
        twice = association.get(f"{API}/{address}/?page_size=1&page_size=2")
        assert refused_fields(twice) == {"page_size": "repeated_field"}


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
