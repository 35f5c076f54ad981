"""The cover: boxes 1 to 12 of the model carnet. The plan stands on a sheet of its own."""

from typing import Final

from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import RULE, STRONG, TITLE, VALUE, Paper, join
from carnets.documents.prefilled import endorsements, holder_lines
from carnets.documents.sheet import CarnetSheet, PrintedVehicle, SecondLanguage
from carnets.documents.titles import COVER
from carnets.documents.typesetting import Style
from carnets.documents.words import CARNET, CONVENTION, GUARANTEE, ISSUED, VALID_UNTIL, VOUCHERS

MASTHEAD, FACTS, VALIDITY, HOLDER, SIGNATURES, COUNTRIES, VEHICLES, REMARKS = BODY.rows(
    24, 8, 14, 28, 56, 16, 66, REST
)

MAST: Final = Style(30, 20, bold=True)
NUMBER: Final = Style(24, 14, bold=True)
DATE: Final = Style(14, 9, bold=True)


def draw_cover(paper: Paper, sheet: CarnetSheet) -> None:
    """Draw boxes 1 to 12 of the front cover (Annex 1); 4 and 12 stay blank for stamp and signature."""
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
    paper.box(
        certificates,
        COVER[9],
        "\n".join(_certificate(v, paper.language) for v in sheet.vehicles if v.approval_certificate),
    )
    paper.box(containers, COVER[10], "\n".join(sheet.containers), STRONG)


def _certificate(vehicle: PrintedVehicle, language: SecondLanguage | None) -> str:
    """The number, and until when it is valid, said as what it is: when it was issued is not known here."""
    expires = vehicle.approval_expires
    until = f"{VALID_UNTIL.both(language)} {expires:%d/%m/%Y}" if expires else ""
    return f"{vehicle.registration}: {join((vehicle.approval_certificate, until), ', ')}"
