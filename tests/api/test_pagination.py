"""Lists are read by cursor: forward and back over the same rows, also where all but their own key is alike, and nowhere
else."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet, NumberRange
from checkpoints.models import Incident, Stamp
from tests.api.calls import API, ago, ok, refused_fields
from tests.api.conftest import Issue
from tests.world import World

CARNETS = f"{API}/carnets/"


SIZES_OF_NOTHING = (
    "0", "-1", "ten", "1.5", "", "%00", "9" * 5000, "%EF%BC%95", "1_0", "1e1", "%2B5", "%205",
)  # fmt: skip


def numbers(answer: Any) -> list[str]:
    return [row["number"] for row in ok(answer)["results"]]


def cursor_of(parts: object) -> str:
    """Return what an address would say of a place that nobody was sent to."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def pages(client: APIClient, address: str, link: str) -> Iterator[dict[str, Any]]:
    """Yield one page after another by their links."""
    following: str | None = address
    while following:
        page = ok(client.get(following))
        yield page
        following = page[link]


def walked(client: APIClient, address: str) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the rows in one answer, those read page by page, and those read back from the last page."""
    whole = ok(client.get(f"{address}?page_size=500"))["results"]
    forward = list(pages(client, f"{address}?page_size=2", "next"))
    backward = list(pages(client, forward[-2]["next"], "previous"))
    there = [row for page in forward for row in page["results"]]
    back = [row for page in reversed(backward) for row in page["results"]]
    return whole, there, back


@pytest.fixture
def in_one_batch(world: World, issue: Issue) -> None:
    """Seven stamps and seven reports that came on record at one instant, as a phone's queue does."""
    carnets: list[Carnet] = [issue() for _ in range(7)]
    at = ago(days=1)
    requests = [world.request(carnet, 1, ago(days=2), is_offline=True) for carnet in carnets]
    world.batch("CNURC001", requests, at)
    for carnet in carnets:
        world.report(carnet, "CNURC001", ago(days=2), now=at, id=uuid4())


@pytest.mark.usefixtures("in_one_batch")
class TestRowsThatTie:
    @pytest.mark.parametrize("name", ["stamps", "incidents", "carnets", "offices"])
    def test_are_read_once_each_there_and_back(self, association: APIClient, name: str) -> None:
        for evidence in (Stamp, Incident):
            assert evidence.objects.values("recorded_at").distinct().count() == 1

        whole, there, back = walked(association, f"{API}/{name}/")

        assert len(whole) >= 7
        assert there == whole
        assert back == whole

    def test_have_no_page_before_the_first_nor_after_the_last(self, association: APIClient) -> None:
        forward = list(pages(association, f"{API}/stamps/?page_size=2", "next"))
        backward = list(pages(association, forward[-2]["next"], "previous"))

        assert forward[0]["previous"] is None
        assert forward[-1]["next"] is None
        assert backward[-1]["results"] == forward[0]["results"]
        assert backward[-1]["previous"] is None

    def test_of_one_page_back_are_the_page_before(self, association: APIClient) -> None:
        first, second, third, *_rest = pages(association, f"{API}/stamps/?page_size=2", "next")

        again = ok(association.get(third["previous"]))
        assert again["results"] == second["results"]
        assert ok(association.get(again["previous"]))["results"] == first["results"]
        assert ok(association.get(again["next"]))["results"] == third["results"]


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
