"""The back page: how to read this document, and the slip the association keeps when the carnet comes home."""

from typing import Final

from carnets.documents.grid import BODY, REST
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
NOTE_GAP: Final = 4.5  # mm
NOTE: Final = Style(9, 6.5)
NUMBER: Final = Style(16, 10, bold=True)


def draw_back(paper: Paper, sheet: CarnetSheet) -> None:
    """Draw the notes, where to send a carnet that was found, and the slip kept on its return."""
    paper.text(HEAD, NOTES_TITLE.both(paper.language), HEADLINE, middle=True)
    _draw_notes(paper)
    found, address = ADDRESS.rows(7, REST)
    association = sheet.association
    paper.text(found, IF_FOUND.both(paper.language), VALUE)
    paper.text(address, join((f"{association.name}, {association.country}", association.address)), STRONG)
    paper.cut_line(CUT_LINE, CUT.both(paper.language))
    _draw_slip(paper, sheet)


def _draw_notes(paper: Paper) -> None:
    """Each note as high as it needs; two languages side by side, one over the full width."""
    left = NOTES_AREA
    for number, note in enumerate(NOTES, start=1):
        index, words = left.columns(8, REST)
        paper.text(index, f"{number}.", NOTE)
        columns = words.columns(REST, GUTTER, REST)[::2] if paper.language else (words,)
        texts = filter(None, (note.en, note.second(paper.language)))
        below = [paper.text(column, text, NOTE) for column, text in zip(columns, texts, strict=True)]
        left = left.below(max(room.top for room in below) - left.top + NOTE_GAP)


def _draw_slip(paper: Paper, sheet: CarnetSheet) -> None:
    paper.frame(SLIP, RULE)
    facts, returned = SLIP.columns(REST, 80)
    heading, number, holder = facts.inset(3, 2).rows(8, 16, REST)
    paper.text(heading, RETURN_SLIP.both(paper.language), STRONG, middle=True)
    paper.text(number, f"{CARNET.both(paper.language)}\n{sheet.number}", NUMBER)
    issued = f"{VOUCHERS.both(paper.language, count=sheet.vouchers)}, {sheet.issue_date:%d/%m/%Y}"
    paper.text(holder, join((issued, holder_lines(sheet.holder), sheet.association.name)))
    paper.frame(returned)
    paper.heading(returned, RETURNED.en, RETURNED.second(paper.language))
