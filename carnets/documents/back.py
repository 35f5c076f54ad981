"""The back page: how to read this document, and the slip the association keeps when the carnet comes home."""

from typing import Final

from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import RULE, STRONG, VALUE, Paper, join
from carnets.documents.prefilled import holder_lines
from carnets.documents.sheet import CarnetSheet
from carnets.documents.typesetting import Style
from carnets.documents.words import (
    CARNET,
    CUT,
    IF_FOUND,
    NOTES,
    NOTES_TITLE,
    RETURN_SLIP,
    RETURNED,
    VOUCHERS,
)

HEAD, NOTES_AREA, ADDRESS, CUT_LINE, SLIP = BODY.rows(14, REST, 26, 8, 56)
GUTTER: Final = 8  # mm between the two languages
HEADLINE: Final = Style(13, 8, bold=True)
NOTE: Final = Style(9, 6.5)
NUMBER: Final = Style(16, 10, bold=True)


def draw_back(paper: Paper, sheet: CarnetSheet) -> None:
    paper.text(HEAD, NOTES_TITLE.both(paper.language), HEADLINE, middle=True)
    _draw_notes(paper)
    found, address = ADDRESS.rows(7, REST)
    association = sheet.association
    paper.text(found, IF_FOUND.both(paper.language), VALUE)
    paper.text(address, join((f"{association.name}, {association.country}", association.address)), STRONG)
    paper.cut_line(CUT_LINE, CUT.both(paper.language))
    _draw_slip(paper, sheet)


def _draw_notes(paper: Paper) -> None:
    rows = NOTES_AREA.rows(*[REST] * len(NOTES))
    for number, (row, note) in enumerate(zip(rows, NOTES, strict=True), start=1):
        index, english, _, second = row.columns(8, REST, GUTTER if paper.language else 0.01, REST)
        paper.text(index, f"{number}.", NOTE)
        paper.text(english if paper.language else row.columns(8, REST)[1], note.en, NOTE)
        if paper.language:
            paper.text(second, note.second(paper.language), NOTE)


def _draw_slip(paper: Paper, sheet: CarnetSheet) -> None:
    paper.frame(SLIP, RULE)
    facts, returned = SLIP.columns(REST, 80)
    heading, number, holder = facts.inset(3, 2).rows(8, 16, REST)
    paper.text(heading, RETURN_SLIP.both(paper.language), STRONG, middle=True)
    paper.text(number, f"{CARNET.both(paper.language)}\n{sheet.number}", NUMBER)
    issued = f"{sheet.vouchers} {VOUCHERS.both(paper.language)}, {sheet.issue_date:%d/%m/%Y}"
    paper.text(holder, join((issued, holder_lines(sheet.holder), sheet.association.name)))
    paper.frame(returned)
    paper.heading(returned, RETURNED.en, RETURNED.second(paper.language))
