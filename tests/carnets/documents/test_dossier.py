"""A dossier on paper: sections flow over pages, each page says whose it is, and no heading stands alone."""

from dataclasses import replace

import pypdfium2
import pytest

from carnets.documents.dossier import Dossier, Section, render_dossier
from carnets.documents.fonts import Fonts
from carnets.documents.grid import TableColumn
from tests.carnets.documents.samples import NUMBER, tokens

COLUMNS = (TableColumn("number", 20), TableColumn("what"))
STAMPS = Section(
    "Stamps", COLUMNS, tuple((f"S-{n:03}", "at Horgos") for n in range(120)), "None is on record."
)
NOTHING = Section("Reports", COLUMNS, (), "No report is on record.")
DOSSIER = Dossier(
    title="Dossier",
    number=NUMBER,
    page=3,
    token=tokens(4)[2],
    lines=(("Holder", "Тяньшань, 天山"), ("Accepted", "3 March 2026")),
    sections=(STAMPS, NOTHING),
    document_hash="0123456789abcdef" * 4,
    language="en",
    hash_label="Hash of the facts",
    page_label="page {page} of {pages}",
)


def pages_of(dossier: Dossier, fonts: Fonts) -> list[str]:
    document = pypdfium2.PdfDocument(render_dossier(dossier, fonts))
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture
def pages(fonts: Fonts) -> list[str]:
    return pages_of(DOSSIER, fonts)


def test_shows_every_row_once_and_what_is_not_on_record(pages: list[str]) -> None:
    text = "\n".join(pages)

    assert all(text.count(f"S-{n:03}") == 1 for n in range(120))
    assert "No report is on record." in text
    assert "None is on record." not in text


def test_repeats_the_titles_of_columns_overleaf(pages: list[str]) -> None:
    with_rows = [page for page in pages if "S-" in page]

    assert len(with_rows) > 1
    assert all("number" in page and "what" in page for page in with_rows)


def test_says_on_each_page_which_it_is_of_which_dossier(pages: list[str]) -> None:
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in page
        assert f"{NUMBER} / 3" in page
        assert "0123 4567 89AB CDEF" in page


def test_has_the_head_on_the_first_page_alone(pages: list[str]) -> None:
    assert ["3 March 2026" in page for page in pages] == [True] + [False] * (len(pages) - 1)
    assert "天山" in pages[0]


def test_never_leaves_a_heading_alone_at_the_foot(fonts: Fonts) -> None:
    last = Section("Afterwards", COLUMNS, (("L-1", "last row"),))
    for count in range(20, 32):
        some = replace(STAMPS, rows=STAMPS.rows[:count])
        for page in pages_of(replace(DOSSIER, sections=(some, last)), fonts):
            assert ("Afterwards" in page) == ("L-1" in page), count


def test_cuts_what_fills_more_than_a_page_and_goes_on(fonts: Fonts) -> None:
    endless = Section("Remark", COLUMNS, (("R-1", "word " * 20_000), ("R-2", "after it")))

    text = "\n".join(pages_of(replace(DOSSIER, sections=(endless,)), fonts))

    assert "R-1" in text
    assert "after it" in text


def test_gives_the_same_bytes_for_the_same_facts(fonts: Fonts) -> None:
    assert render_dossier(DOSSIER, fonts) == render_dossier(DOSSIER, fonts)
