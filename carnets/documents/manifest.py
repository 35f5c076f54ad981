"""The goods manifest: as many sheets as the goods need, each signed and stamped like the first (Annex 1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from carnets.documents.goods import (
    CLOSING_HEIGHT,
    HEADER_HEIGHT,
    GoodsRow,
    count,
    draw_closing,
    draw_columns,
    draw_header,
    draw_rows,
    goods_rows,
    mass,
    rows_that_fit,
    with_heading,
)
from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import RULE, Paper
from carnets.documents.prefilled import (
    DECLARATION_HEIGHT,
    OFFICIAL_HEIGHT,
    ROUTE_HEIGHT,
    draw_declaration,
    draw_identity,
    draw_official_use,
    draw_route,
)
from carnets.documents.sheet import CarnetSheet
from carnets.documents.typesetting import Style
from carnets.documents.words import CARRIED_FORWARD, CONTINUED, MANIFEST, TOTAL

BAND, IDENTITY, ROUTE, HEADER, ROWS, CLOSING, DECLARATION, OFFICIAL = BODY.rows(
    11, 44, ROUTE_HEIGHT, HEADER_HEIGHT, REST, CLOSING_HEIGHT + 1, DECLARATION_HEIGHT, OFFICIAL_HEIGHT
)
HEADLINE: Final = Style(13, 8, bold=True)
SHEET_COUNT: Final = Style(9, 6)


@dataclass(frozen=True, slots=True)
class ManifestSheet:
    """One sheet of the manifest: its rows, and what has been counted up to and with them."""

    rows: tuple[GoodsRow, ...]
    packages: int | None
    mass_kg: Decimal


def manifest_sheets(paper: Paper, sheet: CarnetSheet) -> list[ManifestSheet]:
    """Share the goods out over sheets; a carnet without goods lines still has one sheet to fill in by hand."""
    rows = goods_rows(sheet, sheet.everything)
    sheets: list[ManifestSheet] = []
    packages: int | None = None
    kilograms = Decimal(0)
    while rows or not sheets:
        fitting = rows_that_fit(paper, rows, ROWS) if rows else 0
        taken, rows = rows[:fitting], with_heading(rows[fitting:])
        counts = [row.packages for row in taken if row.packages is not None]
        packages = sum(counts, packages or 0) if counts else packages
        kilograms += sum((row.mass_kg for row in taken), Decimal(0))
        sheets.append(ManifestSheet(tuple(taken), packages, kilograms))
    return sheets


def draw_manifest(paper: Paper, sheet: CarnetSheet, sheets: Sequence[ManifestSheet], index: int) -> None:
    """Draw one sheet of the manifest; its foot has what was counted so far, the total on the last."""
    this = sheets[index]
    heading, counter = BAND.columns(REST, 60)
    paper.text(heading, MANIFEST.both(paper.language), HEADLINE, middle=True)
    words = CONTINUED.both(paper.language, sheet=index + 1, sheets=len(sheets))
    paper.text(counter, words, SHEET_COUNT, align=1, middle=True)
    draw_identity(paper, sheet, IDENTITY)
    draw_route(paper, sheet, sheet.everything, ROUTE)
    draw_header(paper, HEADER)
    draw_columns(paper, ROWS)
    draw_rows(paper, this.rows, ROWS)
    paper.frame(CLOSING)
    ending = TOTAL if index == len(sheets) - 1 else CARRIED_FORWARD
    draw_closing(
        paper,
        CLOSING,
        f"{ending.both(paper.language)}: {count(this.packages)}",
        mass(this.mass_kg, sheet.mass_places),
    )
    draw_declaration(paper, sheet, sheet.everything, DECLARATION)
    draw_official_use(paper, sheet, OFFICIAL)
    paper.frame(Area(BODY.left, IDENTITY.top, BODY.width, OFFICIAL.bottom - IDENTITY.top), RULE)
