"""The table of goods, boxes 9 to 11, as the manifest prints it in full and each voucher as far as there is room."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reportlab.lib.units import mm

from carnets.documents.grid import REST, Area
from carnets.documents.paper import PADDING, Paper, join
from carnets.documents.sheet import CarnetSheet, GoodsLine
from carnets.documents.titles import VOUCHER
from carnets.documents.typesetting import Style
from carnets.documents.words import MORE_LINES

COLUMNS: Final = (60, REST, 29)  # mm: boxes 9, 10 and 11
HEADER_HEIGHT: Final = 9.5  # mm
CLOSING_HEIGHT: Final = 5  # mm, one line for what is carried forward, left out or the total
ROW_GAP: Final = 0.8  # mm
GOODS: Final = Style(7.5, 5)
CLOSING: Final = Style(7.5, 5, bold=True)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One goods line as it will be printed."""

    cells: tuple[str, str, str]
    packages: int
    mass_kg: Decimal


def rows_of(sheet: CarnetSheet) -> list[GoodsRow]:
    return [_row(number, line, sheet.mass_places) for number, line in enumerate(sheet.goods, start=1)]


def rows_that_fit(paper: Paper, rows: Sequence[GoodsRow], body: Area) -> int:
    """How many of the rows, from the first on, fit into a body; a row taller than any body counts as fitting alone."""
    used, fitting = 0.0, 0
    for row in rows:
        used += _height(paper, row, body)
        if used > body.height:
            break
        fitting += 1
    return fitting or 1


def draw_header(paper: Paper, area: Area) -> None:
    for number, column in zip((9, 10, 11), area.columns(*COLUMNS), strict=True):
        paper.box(column, VOUCHER[number])


def draw_rows(paper: Paper, rows: Sequence[GoodsRow], body: Area) -> None:
    left = body.inset(0, ROW_GAP / 2)
    for row in rows:
        height = min(_height(paper, row, body), left.height)
        for cell, text, align in zip(left.columns(*COLUMNS), row.cells, (0, 0, 1), strict=True):
            inside = cell.inset(PADDING, 0)
            paper.text(Area(inside.left, inside.top, inside.width, height), text, GOODS, align=align)
        left = left.below(min(height, left.height - 0.01))


def draw_columns(paper: Paper, area: Area) -> None:
    for column in area.columns(*COLUMNS):
        paper.frame(column)


def draw_closing(paper: Paper, area: Area, words: str, mass: str) -> None:
    _, words_area, mass_area = area.columns(*COLUMNS)
    paper.text(words_area.inset(PADDING, 0), words, CLOSING, middle=True)
    paper.text(mass_area.inset(PADDING, 0), mass, CLOSING, align=1, middle=True)


def draw_excerpt(paper: Paper, sheet: CarnetSheet, area: Area) -> None:
    """Draw boxes 9 to 11 of a voucher: the first lines of the manifest, and how many more it has."""
    header, body, closing = area.rows(HEADER_HEIGHT, REST, CLOSING_HEIGHT)
    rows = rows_of(sheet)
    draw_header(paper, header)
    draw_columns(paper, Area(body.left, body.top, body.width, body.height + closing.height))
    fitting = rows_that_fit(paper, rows, body)
    draw_rows(paper, rows[:fitting], body)
    if len(rows) > fitting:
        draw_closing(paper, closing, MORE_LINES.both(paper.language, count=len(rows) - fitting), "")


def mass(kilograms: Decimal, places: int) -> str:
    """Thousands apart by a space and a decimal point, ISO 80000-1: a comma means two things on this route."""
    return f"{kilograms:,.{places}f}".replace(",", "\N{NO-BREAK SPACE}")


def count(packages: int) -> str:
    return f"{packages:,}".replace(",", "\N{NO-BREAK SPACE}")


def _row(number: int, line: GoodsLine, places: int) -> GoodsRow:
    where = join((f"(a) {line.unit}" if line.unit else "", f"(b) {line.marks}" if line.marks else ""), "  ")
    hs_code = f"HS\N{NO-BREAK SPACE}{line.hs_code}" if line.hs_code else ""
    what = join((f"{number}. {count(line.packages)} {line.package_kind}", line.description, hs_code), "; ")
    return GoodsRow((where, what, mass(line.gross_mass_kg, places)), line.packages, line.gross_mass_kg)


def _height(paper: Paper, row: GoodsRow, body: Area) -> float:
    """In mm, at the usual size."""
    widths = [column.inset(PADDING, 0).width * mm for column in body.columns(*COLUMNS)]
    fit = paper.typesetter.fit
    return (
        ROW_GAP
        + max(fit(text, GOODS, width, 10_000).height for text, width in zip(row.cells, widths, strict=True))
        / mm
    )
