"""Reports on paper: everything the sheet says is on some page, tables go on overleaf, the same sheet the same bytes."""

from dataclasses import replace

import pypdfium2
import pytest

from carnets.documents.fonts import Fonts
from carnets.documents.grid import REST, TableColumn
from carnets.documents.tabular import Table, TabularSheet, render_tabular

SHEET = TabularSheet(
    title="Shift handover",
    subtitle="Хоргос (KZHOR001), 霍尔果斯",
    facts=(("Stamps", "120"), ("Waiting", "3"), ("Refused", "1"), ("Reports", "0"), ("Time", "0 min 41 s")),
    tables=(
        Table(
            "Stamps",
            (TableColumn("Time", 20), TableColumn("Carnet"), TableColumn("Page", 20, is_figure=True)),
            tuple((f"12:{minute:02}", f"XZ{99_000_000 + minute}", "3") for minute in range(60)),
            "No stamp.",
        ),
        Table("Reports", (TableColumn("Time", 20), TableColumn("Remark", REST)), (), "No certified report."),
    ),
    signatures=("Handed over by", "Taken over by"),
    page_of="Page {page} of {pages}",
)


@pytest.fixture
def pages(fonts: Fonts) -> list[str]:
    document = pypdfium2.PdfDocument(render_tabular(SHEET, fonts))
    return [page.get_textpage().get_text_bounded() for page in document]


class TestRender:
    def test_shows_every_row_once(self, pages: list[str]) -> None:
        text = "\n".join(pages)

        assert all(text.count(f"XZ{99_000_000 + minute}") == 1 for minute in range(60))
        assert "No certified report." in text
        assert "No stamp." not in text
        assert all(value in text for fact in SHEET.facts for value in fact)
        assert all(name in text for name in SHEET.signatures)

    def test_repeats_the_head_of_a_table_overleaf(self, pages: list[str]) -> None:
        assert len(pages) == 2
        assert all("Carnet" in page for page in pages)

    def test_numbers_every_page_and_names_its_content(self, pages: list[str]) -> None:
        digits = SHEET.content_hash[:4].upper()

        assert [f"Page {number} of 2" in page for number, page in enumerate(pages, start=1)] == [True, True]
        assert all(digits in page and SHEET.title in page for page in pages)

    def test_draws_cyrillic_and_chinese(self, pages: list[str]) -> None:
        assert "Хоргос" in pages[0]
        assert "霍尔果斯" in pages[0]

    def test_gives_the_same_bytes_for_the_same_sheet(self, fonts: Fonts) -> None:
        assert render_tabular(SHEET, fonts) == render_tabular(SHEET, fonts)

    def test_never_leaves_a_heading_alone_at_the_foot(self, fonts: Fonts) -> None:
        heads = Table("Next", (TableColumn("Head"),), (("cell",),), "")
        for count in range(25, 40):
            filler = replace(SHEET.tables[0], rows=SHEET.tables[0].rows[:count])
            document = pypdfium2.PdfDocument(render_tabular(replace(SHEET, tables=(filler, heads)), fonts))
            texts = [page.get_textpage().get_text_bounded() for page in document]

            assert all(("Next" in text) == ("cell" in text) for text in texts), count


class TestContentHash:
    def test_covers_every_word(self) -> None:
        assert replace(SHEET, subtitle="other").content_hash != SHEET.content_hash
        assert replace(SHEET, tables=SHEET.tables[:1]).content_hash != SHEET.content_hash
