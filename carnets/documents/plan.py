"""The plan on a sheet of its own: where the lorry loads, crosses and unloads, and which pages are for which office.

It stands apart from the vouchers because it binds nobody: a page belongs to whoever certifies it.
"""

from typing import Final

from carnets.choices import StopAction
from carnets.documents.goods import count
from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import PADDING, RULE, TITLE, VALUE, Paper
from carnets.documents.sheet import CarnetSheet, GoodsLine, PrintedStop, packages_of
from carnets.documents.typesetting import Style
from carnets.documents.words import (
    ACTIONS,
    CARNET,
    GOODS_HERE,
    OFFICE,
    PAGES,
    PLAN_NOTE,
    PLANNED_ITINERARY,
    TERRITORY,
    WHAT,
    Phrase,
)

HEAD, NOTE, TITLES, STOPS = BODY.rows(14, 10, 7, REST)
MOST_HIGH: Final = 13  # mm a stop; twenty pairs of neighbours share the room there is
COLUMNS: Final = (8, 42, 40, REST, 22, 34)  # mm: number, what, territory, office, pages, goods
HEADLINE: Final = Style(10, 7, bold=True)
STOP: Final = Style(8, 5)


def draw_plan(paper: Paper, sheet: CarnetSheet) -> None:
    """Draw a row for each stop in the order of the journey, with its pages and what is loaded or unloaded there."""
    heading, number = HEAD.columns(REST, 86)
    paper.text(heading, PLANNED_ITINERARY.both(paper.language), HEADLINE, middle=True)
    carnet = f"{CARNET.both(paper.language)}  {sheet.number}"
    paper.text(number, carnet, HEADLINE, align=1, middle=True)
    paper.text(NOTE, PLAN_NOTE.lines(paper.language), VALUE)
    _draw_titles(paper)
    height = min(MOST_HIGH, STOPS.height / max(1, len(sheet.stops)))
    for stop, area in zip(sheet.stops, STOPS.rows(*[height] * len(sheet.stops), REST), strict=False):
        _draw_stop(paper, sheet, stop, area)
    paper.frame(Area(BODY.left, TITLES.top, BODY.width, TITLES.height + height * len(sheet.stops)), RULE)


def _draw_titles(paper: Paper) -> None:
    titles: tuple[Phrase | None, ...] = (None, WHAT, TERRITORY, OFFICE, PAGES, GOODS_HERE)
    for area, phrase in zip(TITLES.columns(*COLUMNS), titles, strict=True):
        paper.text(area.inset(PADDING, 0), phrase.lines(paper.language) if phrase else "", TITLE, middle=True)


def _draw_stop(paper: Paper, sheet: CarnetSheet, stop: PrintedStop, area: Area) -> None:
    paper.rule(Area(area.left, area.top, area.width, 0))
    cells = (
        str(stop.position),
        ACTIONS[stop.does].lines(paper.language),
        " ".join(filter(None, (stop.territory, stop.territory_name))),
        stop.office.line(paper.language),
        ", ".join(map(str, stop.pages)),
        _goods_here(sheet, stop),
    )
    for cell, words in zip(area.columns(*COLUMNS), cells, strict=True):
        paper.text(cell.inset(PADDING, 0.4), words, STOP, middle=True)


def _goods_here(sheet: CarnetSheet, stop: PrintedStop) -> str:
    """How many packages are loaded or unloaded; a dash for what nobody can count."""
    if stop.does == StopAction.LOAD:
        return _signed("+", [line for line in sheet.goods if line.load == stop.position])
    if stop.does == StopAction.UNLOAD:
        return _signed("−", [line for line in sheet.goods if line.unload == stop.position])
    return ""


def _signed(sign: str, lines: list[GoodsLine]) -> str:
    return f"{sign} {count(packages_of(lines))}" if lines else ""
