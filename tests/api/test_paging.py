"""Forward and back over a list lead over the same rows, also where all but their own key is alike."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.models import Incident, Stamp
from tests.api.calls import API, ago, ok
from tests.api.conftest import Issue
from tests.world import World


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
