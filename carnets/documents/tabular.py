"""A report on paper: a title, a few facts, tables, lines to sign on. What it says is decided by whoever fills it.

Black on white, for it will be photocopied; on every page the title, the page of how many, and the hash of the content.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from carnets.documents.fonts import ONE_AT_A_TIME, Fonts
from carnets.documents.grid import PAGE, REST, Area, TableColumn
from carnets.documents.paper import RULE, Paper
from carnets.documents.typesetting import Style, Typesetter
from carnets.documents.words import WATERMARKS
from tir.kernel.sandbox import Kind

HASH_DIGITS: Final = 16
ROW: Final = 6.2  # mm
SIGN_ROOM: Final = 26.0
PADDING: Final = 0.8
BODY, FOOT = PAGE.inset(15, 14).rows(REST, 6)
TITLE: Final = Style(16, 11, bold=True)
SUBTITLE: Final = Style(10, 7)
HEADING: Final = Style(11, 8, bold=True)
LABEL: Final = Style(7.5, 6)
FACT: Final = Style(11, 7, bold=True)
HEAD: Final = Style(7.5, 5.5, bold=True)
CELL: Final = Style(8, 5)
SMALL: Final = Style(6.5, 5)
FACTS_A_ROW: Final = 4


@dataclass(frozen=True, slots=True)
class Table:
    heading: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str  # what stands there when there is no row


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularSheet:
    """One report. `page_of` is the foot's words with {page} and {pages}."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    signatures: tuple[str, ...] = ()
    note: str = ""  # a line below the tables
    page_of: str = "{page} / {pages}"
    language: str = "en"

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything printed; the paper shows its first 16 digits."""
        content = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return sha256(content.encode()).hexdigest()


def render_tabular(sheet: TabularSheet, fonts: Fonts, installed: Kind = Kind.REAL) -> bytes:
    """Draw the report and return the PDF file: the same sheet gives the same bytes."""
    with ONE_AT_A_TIME:
        file = BytesIO()
        canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang=sheet.language)
        canvas.setTitle(f"{sheet.title}, {sheet.subtitle}")
        canvas.setSubject(sheet.content_hash)
        paper = Paper(canvas, Typesetter(fonts), None, WATERMARKS.get(installed, ()))
        pages = list(_pages(sheet))
        for number, blocks in enumerate(pages, start=1):
            for area, block in blocks:
                block.draw(paper, area)
            _draw_foot(paper, sheet, number, len(pages))
            paper.end_page()
        canvas.save()
        return file.getvalue()


def _draw_foot(paper: Paper, sheet: TabularSheet, page: int, pages: int) -> None:
    title, printed_hash, counter = FOOT.columns(REST, REST, REST)
    digits = sheet.content_hash[:HASH_DIGITS].upper()
    paper.text(title, sheet.title, SMALL, middle=True)
    paper.text(printed_hash, " ".join(digits[i : i + 4] for i in range(0, HASH_DIGITS, 4)), SMALL, align=0.5,
               middle=True)  # fmt: skip
    paper.text(counter, sheet.page_of.format(page=page, pages=pages), SMALL, align=1, middle=True)


class _Block:
    """Something as wide as the page and `height` mm high; `keeps` so much room for what must follow on the page."""

    height: float = ROW
    keeps: float = 0.0

    def draw(self, paper: Paper, area: Area) -> None:
        raise NotImplementedError


@dataclass(slots=True)
class _Words(_Block):
    text: str
    style: Style
    height: float = ROW
    keeps: float = 0.0

    def draw(self, paper: Paper, area: Area) -> None:
        paper.text(area, self.text, self.style)


@dataclass(slots=True)
class _Nothing(_Block):
    """What stands in the place of the first row where there is none: as far below the rule and from the edge."""

    text: str
    height: float = ROW
    keeps: float = 0.0

    def draw(self, paper: Paper, area: Area) -> None:
        paper.text(area.inset(PADDING, 0.5), self.text, CELL, middle=True)


@dataclass(slots=True)
class _Facts(_Block):
    """A few labelled values side by side."""

    facts: Sequence[tuple[str, str]]
    height: float = 14.0

    def draw(self, paper: Paper, area: Area) -> None:
        cells = area.columns(*[REST] * FACTS_A_ROW)
        for cell, (label, value) in zip(cells, self.facts, strict=False):
            paper.frame(cell)
            above, below = cell.inset(1.5, 1).rows(5, REST)
            paper.text(above, label, LABEL)
            paper.text(below, value, FACT)


@dataclass(slots=True)
class _Row(_Block):
    columns: tuple[TableColumn, ...]
    cells: Sequence[str]
    is_head: bool = False
    height: float = ROW
    keeps: float = 0.0

    def draw(self, paper: Paper, area: Area) -> None:
        places = area.columns(*(column.width for column in self.columns))
        for place, column, cell in zip(places, self.columns, self.cells, strict=True):
            style, align = HEAD if self.is_head else CELL, 1 if column.is_figure else 0
            room = place.inset(PADDING, 0.5) if not column.is_figure else place.inset(2.5 * PADDING, 0.5)
            paper.text(room, cell, style, align=align, middle=True)
        paper.rule(area, RULE if self.is_head else 0.3)


@dataclass(slots=True)
class _Signatures(_Block):
    names: Sequence[str]
    height: float = SIGN_ROOM

    def draw(self, paper: Paper, area: Area) -> None:
        for place in zip(area.columns(*[REST] * len(self.names)), self.names, strict=True):
            room, words = place[0].inset(3, 0).rows(18, REST)
            paper.rule(room)
            paper.text(words, place[1], LABEL)


def _blocks(sheet: TabularSheet) -> Iterator[_Block]:
    yield _Words(sheet.title, TITLE, 8)
    yield _Words(sheet.subtitle, SUBTITLE, 10.5)
    for index in range(0, len(sheet.facts), FACTS_A_ROW):
        yield _Facts(sheet.facts[index : index + FACTS_A_ROW])
    for table in sheet.tables:
        yield _Words("", CELL, 4)
        yield _Words(table.heading, HEADING, 6.5, keeps=2 * ROW)
        yield _Row(table.columns, [column.head for column in table.columns], is_head=True, keeps=ROW)
        yield from (_Row(table.columns, cells) for cells in table.rows)
        if not table.rows:
            yield _Nothing(table.empty)
    if sheet.note:
        yield _Words("", CELL, 4)
        yield _Words(sheet.note, SMALL)
    if sheet.signatures:
        yield _Signatures(sheet.signatures)


def _pages(sheet: TabularSheet) -> Iterator[list[tuple[Area, _Block]]]:
    """Lay the blocks out; where a table goes on overleaf, its head stands there again."""
    page: list[tuple[Area, _Block]] = []
    room, head = BODY, None
    for block in _blocks(sheet):
        if block.height + block.keeps > room.height:
            yield page
            page, room = [], BODY
            if isinstance(block, _Row) and not block.is_head and head is not None:
                room = _placed(page, room, head)
        head = block if isinstance(block, _Row) and block.is_head else head
        room = _placed(page, room, block)
    yield page


def _placed(page: list[tuple[Area, _Block]], room: Area, block: _Block) -> Area:
    area, left = room.rows(block.height, REST)
    page.append((area, block))
    return left
