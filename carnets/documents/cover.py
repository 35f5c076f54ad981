"""The cover: boxes 1 to 12 of the model carnet, and below them the itinerary as planned."""

from typing import Final

from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import PADDING, RULE, STRONG, TITLE, VALUE, Paper, join
from carnets.documents.prefilled import endorsements, holder_lines
from carnets.documents.sheet import CarnetSheet, Operation, Vehicle
from carnets.documents.titles import COVER
from carnets.documents.typesetting import Style
from carnets.documents.words import (
    CARNET,
    CONVENTION,
    ENDS_AT,
    GUARANTEE,
    ISSUED,
    PAGES,
    PLANNED_ITINERARY,
    ROLES,
    STARTS_AT,
    TERRITORY,
    VOUCHERS,
    Phrase,
)

MASTHEAD, FACTS, VALIDITY, HOLDER, SIGNATURES, COUNTRIES, VEHICLES, ITINERARY, REMARKS = BODY.rows(
    24, 8, 14, 24, 38, 12, 32, REST, 30
)
LEG_HEIGHT: Final = 11  # mm, at most; ten operations, as many as 20 vouchers serve, share the room there is
ITINERARY_COLUMNS: Final = (8, 14, 40, REST, REST)  # mm: operation, pages, territory, start, end

MAST: Final = Style(30, 20, bold=True)
NUMBER: Final = Style(24, 14, bold=True)
DATE: Final = Style(14, 9, bold=True)
LEG: Final = Style(7, 5)


def draw_cover(paper: Paper, sheet: CarnetSheet) -> None:
    _draw_masthead(paper, sheet)
    _draw_facts(paper, sheet)
    validity, association = VALIDITY.columns(70, REST)
    paper.box(validity, COVER[1], f"{sheet.valid_until:%d/%m/%Y}", DATE)
    issuer = sheet.association
    paper.box(
        association, COVER[2], join((f"{issuer.name} ({issuer.country}, {issuer.code})", issuer.address))
    )
    paper.box(HOLDER, COVER[3], holder_lines(sheet.holder), STRONG)
    stamp, secretary = SIGNATURES.columns(REST, REST)
    paper.box(stamp, COVER[4])
    paper.box(secretary, COVER[5], sheet.international_organization)
    departure, destination = COUNTRIES.columns(REST, REST)
    paper.box(departure, COVER[6], ", ".join(sheet.departure_countries), STRONG)
    paper.box(destination, COVER[7], ", ".join(sheet.destination_countries), STRONG)
    _draw_vehicles(paper, sheet)
    _draw_itinerary(paper, sheet)
    remarks, signature = REMARKS.columns(REST, REST)
    paper.box(remarks, COVER[11], join((endorsements(sheet), sheet.remarks)))
    paper.box(signature, COVER[12])
    paper.frame(Area(BODY.left, VALIDITY.top, BODY.width, BODY.bottom - VALIDITY.top), RULE)


def _draw_masthead(paper: Paper, sheet: CarnetSheet) -> None:
    words, number = MASTHEAD.columns(REST, 84)
    carnet, convention = words.rows(15, REST)
    paper.text(carnet, CARNET.en, MAST, middle=True)
    paper.text(convention, join((CONVENTION.en, CONVENTION.second(paper.language))), TITLE)
    second, digits = number.rows(9, REST)
    paper.text(second, CARNET.second(paper.language), DATE, align=1, middle=True)
    paper.text(digits, sheet.number, NUMBER, align=1)


def _draw_facts(paper: Paper, sheet: CarnetSheet) -> None:
    """How many vouchers, when issued, under which guarantee: not numbered on the model, asked for at every counter."""
    facts = (
        VOUCHERS.both(paper.language, count=sheet.vouchers),
        f"{ISSUED.both(paper.language)}: {sheet.issue_date:%d/%m/%Y}",
        f"{GUARANTEE.both(paper.language)}: {sheet.guarantee_reference}",
    )
    for area, fact, align in zip(FACTS.columns(58, 60, REST), facts, (0, 0.5, 1), strict=True):
        paper.text(area, fact, VALUE, align=align)


def _draw_vehicles(paper: Paper, sheet: CarnetSheet) -> None:
    plates, certificates, containers = VEHICLES.columns(58, 76, REST)
    paper.box(plates, COVER[8], "\n".join(f"{v.registration} ({v.country})" for v in sheet.vehicles), STRONG)
    paper.box(certificates, COVER[9], "\n".join(_certificate(v) for v in sheet.vehicles))
    paper.box(containers, COVER[10], "\n".join(sheet.containers), STRONG)


def _certificate(vehicle: Vehicle) -> str:
    expiry = f", {vehicle.approval_expires:%d/%m/%Y}" if vehicle.approval_expires else ""
    return f"{vehicle.registration}: {vehicle.approval_certificate or '—'}{expiry}"


def _draw_itinerary(paper: Paper, sheet: CarnetSheet) -> None:
    paper.frame(ITINERARY)
    room = paper.heading(ITINERARY, PLANNED_ITINERARY.en, PLANNED_ITINERARY.second(paper.language))
    head, legs = room.rows(6, REST)
    titles: tuple[Phrase | None, ...] = (None, PAGES, TERRITORY, STARTS_AT, ENDS_AT)
    for area, phrase in zip(head.columns(*ITINERARY_COLUMNS), titles, strict=True):
        paper.text(area.inset(PADDING, 0), phrase.both(paper.language) if phrase else "", TITLE, middle=True)
    height = min(LEG_HEIGHT, legs.height / max(1, len(sheet.itinerary)))
    for operation, area in zip(
        sheet.itinerary, legs.rows(*[height] * len(sheet.itinerary), REST), strict=False
    ):
        _draw_leg(paper, operation, area)


def _draw_leg(paper: Paper, operation: Operation, area: Area) -> None:
    paper.rule(Area(area.left, area.top, area.width, 0))
    start = f"{ROLES[operation.start_role].both(paper.language)}\n{operation.start.line(paper.language)}"
    end = f"{ROLES[operation.end_role].both(paper.language)}\n{operation.end.line(paper.language)}"
    territory = join((operation.territory, operation.territory_name), "\n")
    cells = (str(operation.sequence), "{}, {}".format(*operation.pages), territory, start, end)
    for cell, words in zip(area.columns(*ITINERARY_COLUMNS), cells, strict=True):
        paper.text(cell.inset(PADDING, 0.4), words, LEG, middle=True)
