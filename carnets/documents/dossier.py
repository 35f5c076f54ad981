"""A dossier as a PDF: a head with the carnet's code, then tables that flow over as many pages as they need.

Pure like the carnet's own paper: the same facts, language and fonts give the same bytes. Every page shows the hash of
all facts, so that pages of two editions cannot be mixed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from carnets.documents.fonts import ONE_AT_A_TIME, Fonts
from carnets.documents.grid import BODY, FOOTER, REST, Area, TableColumn
from carnets.documents.paper import PADDING, RULE, STRONG, Paper
from carnets.documents.qr import qr_matrix
from carnets.documents.render import FOOT, HASH_DIGITS
from carnets.documents.typesetting import Style, Typesetter
from carnets.documents.words import WATERMARKS
from tir.kernel.sandbox import Kind

HEADLINE: Final = Style(15, 9, bold=True)
SECTION: Final = Style(10, 7, bold=True)
COLUMN: Final = Style(6.5, 5, bold=True)
CELL: Final = Style(7.2, 5)
LABEL: Final = Style(6.5, 5)
SYMBOL: Final = 40.0  # mm: more than 35 with the quiet zone taken off
SECTION_HEIGHT: Final = 8.0
FLOW_TOP: Final = BODY.top + SYMBOL + 16
MOST_HIGH: Final = BODY.height - SECTION_HEIGHT - 8  # a row with its heading and titles fills a page at most
MASK: Final = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; without rows it says `empty`."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is printed. `lines` are label and value beside the code; `token` is the signed code of the voucher page."""

    title: str
    number: str
    page: int  # of the carnet: what a person types who cannot read the code
    token: str
    lines: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    document_hash: str
    language: str
    hash_label: str
    page_label: str  # with {page} and {pages}
    note: str = ""  # a line below the head; the document's hash does not cover it


@dataclass(frozen=True, slots=True)
class _Placed:
    """One table row, or a section's heading, where it stands on its page."""

    area: Area
    cells: tuple[tuple[TableColumn, str], ...]
    style: Style
    is_framed: bool = True


def render_dossier(dossier: Dossier, fonts: Fonts, installed: Kind = Kind.REAL) -> bytes:
    """Draw every page and return the PDF file."""
    with ONE_AT_A_TIME:
        file = BytesIO()
        canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang=dossier.language)
        canvas.setTitle(f"{dossier.title} {dossier.number}")
        canvas.setSubject(f"SHA-256 {dossier.document_hash}")
        paper = Paper(canvas, Typesetter(fonts), None, WATERMARKS.get(installed, ()))
        pages = list(_pages(paper, dossier))
        for number, placed in enumerate(pages, start=1):
            if number == 1:
                _draw_head(paper, dossier)
            for row in placed:
                _draw_row(paper, row)
            _draw_footer(paper, dossier, number, len(pages))
            paper.end_page()
        canvas.save()
        return file.getvalue()


def _draw_head(paper: Paper, dossier: Dossier) -> None:
    title, rest = Area(BODY.left, BODY.top, BODY.width, FLOW_TOP - BODY.top).rows(12, REST)
    paper.text(title, dossier.title, HEADLINE, middle=True)
    lines, code = rest.columns(REST, SYMBOL)
    paper.symbol(code.rows(SYMBOL, REST)[0], qr_matrix(dossier.token, mask=MASK))
    paper.text(code.rows(SYMBOL, REST)[1], f"{dossier.number} / {dossier.page}", STRONG, align=0.5)
    lines, note = lines.rows(REST, 5 if dossier.note else 0)
    paper.text(note, dossier.note, LABEL, middle=True)
    rows = lines.rows(*[REST] * len(dossier.lines))
    for row, (label, value) in zip(rows, dossier.lines, strict=True):
        name, said = row.columns(42, REST)
        paper.text(name, label, LABEL, middle=True)
        paper.text(said.inset(PADDING, 0.2), value, CELL, middle=True)


def _pages(paper: Paper, dossier: Dossier) -> Iterator[list[_Placed]]:
    """Share the rows out over pages; a heading never stands alone at the foot of one."""
    placed: list[_Placed] = []
    top = FLOW_TOP
    for section in dossier.sections:
        needed = SECTION_HEIGHT + sum(_height(paper, row) for row in _opening(section))
        if top + needed > BODY.bottom:
            yield placed
            placed, top = [], BODY.top
        placed.append(_heading(section, top))
        top += SECTION_HEIGHT
        for index, row in enumerate(_rows(section)):
            height = _height(paper, row)
            if top + height > BODY.bottom:
                yield placed
                placed, top = [], BODY.top
                if index > 1:
                    top = _again(paper, section, placed)
            placed.append(_Placed(Area(BODY.left, top, BODY.width, height), *row))
            top += height
    yield placed


_Row = tuple[tuple[tuple[TableColumn, str], ...], Style]


def _rows(section: Section) -> list[_Row]:
    titles = tuple((column, column.head) for column in section.columns)
    if not section.rows:
        return [(((TableColumn(""), section.empty),), CELL)]
    body = [(tuple(zip(section.columns, row, strict=True)), CELL) for row in section.rows]
    return [(titles, COLUMN), *body]


def _opening(section: Section) -> Sequence[_Row]:
    """Return the rows that stay with their heading: the column titles and the first line."""
    return _rows(section)[:2]


def _again(paper: Paper, section: Section, placed: list[_Placed]) -> float:
    """Repeat the column titles at the head of a page; return where the rows go on."""
    titles = _rows(section)[0]
    height = _height(paper, titles)
    placed.append(_Placed(Area(BODY.left, BODY.top, BODY.width, height), *titles))
    return BODY.top + height


def _heading(section: Section, top: float) -> _Placed:
    area = Area(BODY.left, top + 2, BODY.width, SECTION_HEIGHT - 2.5)
    return _Placed(area, ((TableColumn(""), section.title),), SECTION, is_framed=False)


def _height(paper: Paper, row: _Row) -> float:
    """How high a row is for its fullest cell, in millimetres; what fills more than a page is set smaller, then cut."""
    cells, style = row
    areas = BODY.columns(*[column.width for column, _text in cells])
    fullest = max(
        paper.typesetter.fit(text, style, (area.width - 2 * PADDING) * mm, float("inf")).height / mm
        for area, (_column, text) in zip(areas, cells, strict=True)
    )
    return min(fullest + 2 * PADDING * 0.8, MOST_HIGH)


def _draw_row(paper: Paper, row: _Placed) -> None:
    areas = row.area.columns(*[column.width for column, _text in row.cells])
    for area, (_column, text) in zip(areas, row.cells, strict=True):
        if row.is_framed:
            paper.frame(area)
        inner = area.inset(PADDING if row.is_framed else 0, PADDING * 0.8 - 0.05)
        paper.text(inner, text, row.style)
    if row.style is COLUMN:
        paper.frame(row.area, RULE)


def _draw_footer(paper: Paper, dossier: Dossier, page: int, pages: int) -> None:
    printed = dossier.document_hash[:HASH_DIGITS].upper()
    grouped = " ".join(printed[start : start + 4] for start in range(0, HASH_DIGITS, 4))
    identity, document, counter = FOOTER.columns(50, REST, 50)
    paper.text(identity, f"{dossier.number} / {dossier.page}", FOOT, middle=True)
    paper.text(document, f"{dossier.hash_label}: {grouped}", FOOT, align=0.5, middle=True)
    words = dossier.page_label.format(page=page, pages=pages)
    paper.text(counter, words, FOOT, align=1, middle=True)
