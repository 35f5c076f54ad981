"""Filters of lists: each narrows, and what no row can have, nobody can mean or no call knows is named and refused."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ok, problem, refused_fields
from tests.api.conftest import Issue

CARNETS = f"{API}/carnets/"


def numbers(answer: Any) -> list[str]:
    return [row["number"] for row in ok(answer)["results"]]


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


class TestEveryList:
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
