"""The list of open carnets: whose they are, why they are open, filters, order, files."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from carnets.models import Carnet
from tests.api.calls import ago
from tests.api.conftest import Issue
from tests.api.consoles.conftest import Reader
from tests.world import SEALS, World, reconcile
from tir.kernel.clock import now

PAGE = "/console/carnets/"


@pytest.fixture
def issuer(world: World, reader: Reader) -> Client:
    return reader(world.staff["CN"])


def numbers(answer: HttpResponse) -> list[str]:
    """Return the carnets of the page in their order."""
    return [row.record.number for row in answer.context["table"].paginated_rows]  # type: ignore[attr-defined]


def file_rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


class TestRows:
    def test_are_the_open_ones_with_the_oldest_first(
        self, issuer: Client, issue: Issue, world: World
    ) -> None:
        young, old, done = issue(days=3), issue(days=50), issue(days=40)
        world.travel(old, upto=3, since=ago(days=49))
        world.travel(done, since=ago(days=39))
        reconcile(now())

        assert numbers(issuer.get(PAGE)) == [old.number, young.number]

    def test_are_sorted_as_asked_and_marked_so(self, issuer: Client, issue: Issue) -> None:
        old, young = issue(days=50), issue(days=3)
        answer = issuer.get(PAGE, {"sort": "age"})

        assert numbers(answer) == [young.number, old.number]
        assert 'aria-sort="ascending"' in answer.content.decode()

    def test_of_a_guarantor_are_those_on_its_territory_for_its_own_reasons(
        self, world: World, reader: Reader, issue: Issue
    ) -> None:
        entered, elsewhere = issue(), issue()
        world.travel(entered, upto=3, since=ago(days=9), but={1: {"seals_intact": False}})
        world.travel(elsewhere, upto=2, since=ago(days=9))
        reconcile(now())
        answer = reader(world.staff["KZ"]).get(PAGE)

        assert numbers(answer) == [entered.number]
        issuers = reader(world.staff["CN"]).get(PAGE).content.decode()
        assert "The seals were not intact" in issuers
        assert "The seals were not intact" not in answer.content.decode()

    def test_say_what_would_stand_here(self, issuer: Client) -> None:
        assert "once an association issues them" in issuer.get(PAGE).content.decode()

    def test_take_the_same_statements_however_many(
        self, issuer: Client, issue: Issue, world: World, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        def stuck() -> None:
            world.travel(issue(), upto=3, since=ago(days=9), but={2: None})

        stuck()
        reconcile(now())
        issuer.get(PAGE)  # whether the log stands still is known for a minute
        with django_assert_num_queries(
            10
        ):  # session, user, association, carnets, irregularities, bell; 4 for the wall
            issuer.get(PAGE)
        for _carnet in range(4):
            stuck()
        reconcile(now())

        with django_assert_num_queries(10):
            assert len(numbers(issuer.get(PAGE))) == 5

    def test_are_read_page_by_page(
        self, issuer: Client, issue: Issue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.consoles.tables.ROWS_A_PAGE", 2)
        issued = [issue(days=days).number for days in (9, 8, 7)]
        first, second = issuer.get(PAGE), issuer.get(PAGE, {"page": 2})

        assert numbers(first) + numbers(second) == issued
        assert "Rows 1 to 2, and more." in first.content.decode()
        assert "Rows 3 to 3." in second.content.decode()
        assert numbers(issuer.get(PAGE, {"page": "x"})) == issued[:2]


class TestFilters:
    def test_by_age(self, issuer: Client, issue: Issue) -> None:
        ages = {"30": issue(days=30), "90": issue(days=31), "365": issue(days=365), "older": issue(days=366)}

        found = {age: numbers(issuer.get(PAGE, {"age": age})) for age in ages}

        assert found == {age: [carnet.number] for age, carnet in ages.items()}

    def test_by_irregularity_holder_country_and_status(
        self, issuer: Client, issue: Issue, world: World
    ) -> None:
        gap, _plain = issue(days=9), issue(days=8)
        world.travel(gap, upto=3, since=ago(days=8), but={2: None})
        reconcile(now())

        for narrowing in (
            {"code": "missing_stamp"},
            {"status": "in_transit"},
            {"code": "missing_stamp", "country": "uz", "holder": "silk"},
            {"code": "missing_stamp", "holder": "chn/071"},
        ):
            assert numbers(issuer.get(PAGE, narrowing)) == [gap.number], narrowing
        assert numbers(issuer.get(PAGE, {"country": "de"})) == []
        assert numbers(issuer.get(PAGE, {"holder": "nobody"})) == []

    def test_by_irregularity_reveal_nothing_of_other_territories(
        self, issuer: Client, reader: Reader, issue: Issue, world: World
    ) -> None:
        """What is open in China is not the guarantor's of Kazakhstan to know, nor to find out by asking."""
        carnet = issue()
        but = {1: {"seals_affixed": SEALS}, 2: {"seals_intact": False}}
        world.travel(carnet, upto=3, since=ago(days=9), but=but)
        reconcile(now())
        assert carnet.irregularities.get(code="seal_broken_no_pv").operation.sequence == 1
        guarantor = reader(world.staff["KZ"])
        broken = {"code": "seal_broken_no_pv"}

        assert numbers(guarantor.get(PAGE)) == numbers(issuer.get(PAGE)) == [carnet.number]
        assert numbers(issuer.get(PAGE, broken)) == [carnet.number]
        assert numbers(guarantor.get(PAGE, broken)) == []
        assert file_rows(guarantor.get(PAGE, {"export": "csv"}))[0]["Irregularity"] == ""

    def test_that_cannot_be_read_say_so_and_find_nothing(self, issuer: Client, issue: Issue) -> None:
        issue()
        answer = issuer.get(PAGE, {"age": "ancient"})

        assert "There is a problem" in answer.content.decode()
        assert numbers(answer) == []


class TestFiles:
    def test_have_the_filtered_rows_whole_in_the_same_order(
        self, issuer: Client, issue: Issue, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.consoles.tables.ROWS_A_PAGE", 1)
        usable = ago(days=-5).date()  # so that the one that nobody used does not expire
        gap, later, _young = issue(days=50), issue(days=40, acceptance_until=usable), issue(days=3)
        world.travel(gap, upto=3, since=ago(days=49), but={2: None})
        reconcile(now())

        answer = issuer.get(PAGE, {"age": "90", "export": "csv"})
        assert isinstance(answer, StreamingHttpResponse)
        rows = file_rows(answer)
        assert [row["Carnet"] for row in rows] == [gap.number, later.number]
        assert rows[0]["Status"] == "in_transit"
        assert rows[0]["Next clock ends"].endswith("Z")
        assert rows[1]["Why it is open"] == ""

        book = load_workbook(BytesIO(issuer.get(PAGE, {"age": "90", "export": "xlsx"}).content)).active
        sheet = [["" if cell is None else str(cell) for cell in cells] for cells in book.values]
        assert sheet == [list(rows[0]), *(list(row.values()) for row in rows)]


def test_a_carnet_that_is_no_longer_reserved_is_gone(issuer: Client, issue: Issue, world: World) -> None:
    carnet = issue()
    issuer.post(f"{PAGE}{carnet.number}/invalidate/", {"reason": "Not needed."})

    assert Carnet.objects.get(pk=carnet.pk).status == "invalidated"
    assert numbers(issuer.get(PAGE)) == []
