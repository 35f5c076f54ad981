"""The table of goods, boxes 9 to 11, as the manifest prints it in full and each voucher as far as there is room."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reportlab.lib.units import mm

from carnets.documents.grid import REST, Area
from carnets.documents.paper import PADDING, Paper, join
from carnets.documents.sheet import CarnetSheet, Contents, GoodsLine
from carnets.documents.titles import VOUCHER
from carnets.documents.typesetting import Style
from carnets.documents.words import (
    CONTAINER,
    FILL_IN,
    IN_BULK,
    LOAD_COMPARTMENT,
    MORE_LINES,
    PACKED_WITH,
    ROAD_VEHICLE,
)
from tir.kernel.spelling import common_form, common_forms

COLUMNS: Final = (60, REST, 29)  # mm: boxes 9, 10 and 11
HEADER_HEIGHT: Final = 9.5  # mm
CLOSING_HEIGHT: Final = 5  # mm, one line for what is carried forward, left out or the total
ROW_GAP: Final = 0.8  # mm
GOODS: Final = Style(7.5, 5)
HEADING: Final = Style(7.5, 5, bold=True)
CLOSING: Final = Style(7.5, 5, bold=True)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One goods line as it will be printed, or the heading of the unit that the lines below it travel in."""

    cells: tuple[str, str, str]
    packages: int | None
    mass_kg: Decimal
    unit: str  # as its heading names it
    is_heading: bool = False


def goods_rows(sheet: CarnetSheet, contents: Contents) -> list[GoodsRow]:
    """Return the lines by unit, each unit under its heading (art. 17(1)): containers and vehicles first, in the order
    in which goods name them, then what is in the load compartment."""
    units = dict.fromkeys(line.unit for _number, line in contents.lines)
    rows: list[GoodsRow] = []
    for unit in sorted(units, key=lambda name: not name):
        named = _named(sheet, unit)
        rows.append(_heading(named))
        rows += [_row(sheet, number, line, named) for number, line in contents.lines if line.unit == unit]
    return rows


def _named(sheet: CarnetSheet, unit: str) -> str:
    if not unit:
        return LOAD_COMPARTMENT.both(sheet.second_language)
    is_container = common_form(unit) in common_forms(sheet.containers)
    return f"{(CONTAINER if is_container else ROAD_VEHICLE).both(sheet.second_language)}: {unit}"


def _heading(unit: str) -> GoodsRow:
    return GoodsRow((f"(a) {unit}", "", ""), None, Decimal(0), unit, is_heading=True)


def with_heading(rows: Sequence[GoodsRow]) -> list[GoodsRow]:
    """Return rows that continue a table, under the heading of the unit that they go on with."""
    return [_heading(rows[0].unit), *rows] if rows and not rows[0].is_heading else list(rows)


def rows_that_fit(paper: Paper, rows: Sequence[GoodsRow], body: Area) -> int:
    """How many of the rows, from the first on, fit into a body: no heading stands alone at its foot, and a line taller
    than any body counts as fitting under its heading."""
    used, fitting = 0.0, 0
    for row in rows:
        used += _height(paper, row, body)
        if used > body.height:
            break
        fitting += 1
    while fitting and fitting < len(rows) and rows[fitting - 1].is_heading:
        fitting -= 1
    return fitting or next(index for index, row in enumerate([*rows, rows[0]], start=1) if not row.is_heading)


def draw_header(paper: Paper, area: Area) -> None:
    for number, column in zip((9, 10, 11), area.columns(*COLUMNS), strict=True):
        paper.box(column, VOUCHER[number])


def draw_rows(paper: Paper, rows: Sequence[GoodsRow], body: Area) -> None:
    """Draw rows of the manifest one below the other; one that is too high for what is left is set smaller."""
    left = body.inset(0, ROW_GAP / 2)
    for row in rows:
        height = min(_height(paper, row, body), left.height)
        style = HEADING if row.is_heading else GOODS
        for cell, text, align in zip(left.columns(*COLUMNS), row.cells, (0, 0, 1), strict=True):
            inside = cell.inset(PADDING, 0)
            paper.text(Area(inside.left, inside.top, inside.width, height), text, style, align=align)
        left = left.below(min(height, left.height - 0.01))


def draw_columns(paper: Paper, area: Area) -> None:
    for column in area.columns(*COLUMNS):
        paper.frame(column)


def draw_closing(paper: Paper, area: Area, words: str, mass: str) -> None:
    _, words_area, mass_area = area.columns(*COLUMNS)
    paper.text(words_area.inset(PADDING, 0), words, CLOSING, middle=True)
    paper.text(mass_area.inset(PADDING, 0), mass, CLOSING, align=1, middle=True)


def draw_excerpt(paper: Paper, sheet: CarnetSheet, contents: Contents | None, area: Area) -> None:
    """Draw boxes 9 to 11 of a voucher: the first lines on board, and how many more there are; room for a hand where
    nobody can know them yet."""
    header, body, closing = area.rows(HEADER_HEIGHT, REST, CLOSING_HEIGHT)
    draw_header(paper, header)
    draw_columns(paper, Area(body.left, body.top, body.width, body.height + closing.height))
    rows = goods_rows(sheet, contents) if contents else []
    fitting = rows_that_fit(paper, rows, body) if rows else 0
    draw_rows(paper, rows[:fitting], body)
    left_out = sum(not row.is_heading for row in rows[fitting:])
    if contents is None:
        draw_closing(paper, closing, FILL_IN.both(paper.language), "")
    elif left_out:
        draw_closing(paper, closing, MORE_LINES.both(paper.language, count=left_out), "")


def mass(kilograms: Decimal, places: int) -> str:
    """Thousands apart by a space and a decimal point, ISO 80000-1: a comma means two things on this route."""
    return f"{kilograms:,.{places}f}".replace(",", "\N{NO-BREAK SPACE}")


def count(packages: int | None) -> str:
    """A number of packages; a dash where nothing can be counted."""
    return "—" if packages is None else f"{packages:,}".replace(",", "\N{NO-BREAK SPACE}")


def _row(sheet: CarnetSheet, number: int, line: GoodsLine, unit: str) -> GoodsRow:
    hs_code = f"HS\N{NO-BREAK SPACE}{line.hs_code}" if line.hs_code else ""
    what = join((f"{number}. {_packed(sheet, line)}", line.description, hs_code, _way(sheet, line)), "; ")
    cells = (f"(b) {line.marks}" if line.marks else "", what, mass(line.gross_mass_kg, sheet.mass_places))
    return GoodsRow(cells, line.packages, line.gross_mass_kg, unit)


def _packed(sheet: CarnetSheet, line: GoodsLine) -> str:
    """Number and kind of packages; bulk has a kind alone, and what shares a package says so."""
    if line.packages is None:
        return f"{line.package_kind} ({IN_BULK.both(sheet.second_language)})"
    shared = f" ({PACKED_WITH.both(sheet.second_language)})" if line.packages == 0 else ""
    return f"{count(line.packages)} {line.package_kind}{shared}"


def _way(sheet: CarnetSheet, line: GoodsLine) -> str:
    """From which office to which; nothing where all goods go the same way."""
    if len(sheet.departures) == len(sheet.destinations) == 1:
        return ""
    codes = {stop.position: stop.office.code for stop in sheet.stops}
    return f"{codes.get(line.load, '')} → {codes.get(line.unload, '')}"


def _height(paper: Paper, row: GoodsRow, body: Area) -> float:
    """In mm, at the usual size."""
    style = HEADING if row.is_heading else GOODS
    widths = [column.inset(PADDING, 0).width * mm for column in body.columns(*COLUMNS)]
    fit = paper.typesetter.fit
    return (
        ROW_GAP
        + max(fit(text, style, width, 10_000).height for text, width in zip(row.cells, widths, strict=True))
        / mm
    )
