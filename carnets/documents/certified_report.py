"""The certified report (procès-verbal de constat): what is known is filled in, the rest is for whoever draws it up.

Drawn up when seals are broken, goods are lost or damaged, or the load changes vehicle (Convention art. 25).
"""

from typing import Final

from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import RULE, STRONG, TITLE, Paper, join
from carnets.documents.prefilled import departure_offices, holder_lines, office_list, plate_line
from carnets.documents.sheet import CarnetSheet
from carnets.documents.titles import REPORT, Title
from carnets.documents.typesetting import Style
from carnets.documents.words import (
    APPROVED,
    BROKEN,
    INTACT,
    MISSING,
    NEW_SEALS,
    NOT_APPROVED,
    NOT_INTACT,
    NOTHING_MISSING,
    OTHER,
    REPORT_BASIS,
    SUBSTITUTE_CONTAINER,
    SUBSTITUTE_VEHICLE,
    TRANSFER,
    Phrase,
)
from carnets.documents.words import REPORT as HEADING

HEAD, FORM = BODY.rows(14, REST)
KNOWN, PARTIES, STATE, GOODS_STATE, TABLE_HEAD, TABLE, ACCIDENT, MEASURES, SUBSTITUTE, SIGNATURES = FORM.rows(
    24, 24, 16, 12, 9.5, REST, 26, 22, 24, 46
)
TABLE_COLUMNS: Final = (60, REST, 20, 44)  # mm: items 10 to 13
HEADLINE: Final = Style(13, 8, bold=True)
CHOICE: Final = Style(6.5, 5)


def draw_certified_report(paper: Paper, sheet: CarnetSheet) -> None:
    """Draw the model of Annex 1: items 1 to 5 are filled in, 6 to 18 are for whoever draws the report up."""
    heading, basis = HEAD.rows(8, REST)
    paper.text(heading, HEADING.both(paper.language), HEADLINE, middle=True)
    paper.text(basis, REPORT_BASIS.both(paper.language), TITLE)
    _draw_known(paper, sheet)
    _draw_state(paper)
    _draw_table(paper)
    paper.box(ACCIDENT, REPORT[14])
    _draw_choices(paper, paper.box(MEASURES, REPORT[15]), (NEW_SEALS, TRANSFER, OTHER))
    _draw_substitutes(paper, paper.box(SUBSTITUTE, REPORT[16]))
    authority, endorsement = SIGNATURES.columns(REST, REST)
    paper.box(authority, REPORT[17])
    paper.box(endorsement, REPORT[18])
    paper.frame(FORM, RULE)


def _draw_known(paper: Paper, sheet: CarnetSheet) -> None:
    offices, right = KNOWN.columns(REST, REST)
    number, organization = right.rows(REST, REST)
    paper.box(offices, REPORT[1], office_list(departure_offices(sheet), sheet.second_language))
    paper.box(number, REPORT[2], sheet.number, HEADLINE)
    paper.box(organization, REPORT[3], sheet.international_organization)
    vehicles, holder = PARTIES.columns(REST, REST)
    paper.box(vehicles, REPORT[4], join((plate_line(sheet), ", ".join(sheet.containers))), STRONG)
    paper.box(holder, REPORT[5], holder_lines(sheet.holder))


def _draw_state(paper: Paper) -> None:
    seals, compartment, remarks = STATE.columns(REST, REST, REST)
    _draw_choices(paper, paper.box(seals, REPORT[6]), (INTACT, BROKEN))
    _draw_choices(paper, paper.box(compartment, REPORT[7]), (INTACT, NOT_INTACT))
    paper.box(remarks, REPORT[8])


def _draw_table(paper: Paper) -> None:
    _draw_choices(paper, paper.box(GOODS_STATE, REPORT[9]), (NOTHING_MISSING, MISSING))
    titles: tuple[Title, ...] = tuple(REPORT[number] for number in (10, 11, 12, 13))
    for column, title in zip(TABLE_HEAD.columns(*TABLE_COLUMNS), titles, strict=True):
        paper.box(column, title)
    for column in TABLE.columns(*TABLE_COLUMNS):
        paper.frame(column)


def _draw_choices(paper: Paper, area: Area, choices: tuple[Phrase, ...]) -> None:
    """Squares to tick, side by side, each with its meaning."""
    for column, phrase in zip(area.columns(*[REST] * len(choices)), choices, strict=True):
        square, words = Area(column.left, column.top, column.width, min(column.height, 6)).columns(6, REST)
        paper.tick(square)
        paper.text(words, phrase.lines(paper.language), CHOICE, middle=True)


def _draw_substitutes(paper: Paper, area: Area) -> None:
    for row, phrase in zip(area.rows(REST, REST), (SUBSTITUTE_VEHICLE, SUBSTITUTE_CONTAINER), strict=True):
        name, approved, refused = row.columns(86, 56, REST)
        paper.text(
            Area(name.left, name.top, name.width, 6), phrase.lines(paper.language), CHOICE, middle=True
        )
        _draw_choices(paper, approved, (APPROVED,))
        _draw_choices(paper, refused, (NOT_APPROVED,))
