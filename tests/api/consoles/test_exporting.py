"""Rows as files: without an end in CSV, within bounds as a workbook, and safe to open in a spreadsheet."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from api.consoles import exporting
from carnets.models import Carnet
from guarantees.models import Holder
from tests.api.conftest import Issue
from tests.api.consoles.conftest import Reader
from tests.world import World

PAGE = "/console/carnets/"


@pytest.fixture
def issuer(world: World, reader: Reader) -> Client:
    return reader(world.staff["CN"])


def file_rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


class TestFiles:
    def test_hold_no_formula(self, issuer: Client, issue: Issue, world: World) -> None:
        issue()
        Holder.objects.filter(pk=world.holder.pk).update(name='=HYPERLINK("http://evil")')

        assert file_rows(issuer.get(PAGE, {"export": "csv"}))[0]["Holder"].startswith("'=")
        book = load_workbook(BytesIO(issuer.get(PAGE, {"export": "xlsx"}).content)).active
        assert {cell.data_type for cells in book.iter_rows() for cell in cells} <= {"s", "inlineStr", "n"}

    def test_refuse_a_workbook_without_end(
        self, issuer: Client, issue: Issue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exporting, "MOST_XLSX_ROWS", 1)
        issue(), issue()
        answer = issuer.get(PAGE, {"export": "xlsx"})

        assert answer.status_code == 422
        assert "too_many_rows" in answer.content.decode()

    def test_disarm_every_start_of_a_formula_and_leave_figures(self) -> None:
        """tests/kernel/test_spreadsheets.py has every start."""
        assert exporting.spreadsheet_cell("=1+1") == "'=1+1"
        assert exporting.spreadsheet_cell("Urumqi") == "Urumqi"
        assert exporting.spreadsheet_cell(-5) == -5

    def test_hold_what_stands_in_a_table_from_before(self, issuer: Client, issue: Issue) -> None:
        """A plate with an escape sequence, from before control characters were refused: a workbook takes none."""
        carnet = issue()
        Carnet.objects.filter(pk=carnet.pk).update(plates=["01\x1bKZ\x08\uffff"])

        book = load_workbook(BytesIO(issuer.get(PAGE, {"export": "xlsx"}).content)).active
        shown = {str(cell.value) for cells in book.iter_rows() for cell in cells}
        assert "01KZ" in shown
        assert file_rows(issuer.get(PAGE, {"export": "csv"}))[0]["Vehicles"] == "01KZ"
