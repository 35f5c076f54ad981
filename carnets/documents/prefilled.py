"""Boxes 1 to 8 and 12 to 17, the same on every voucher and on the goods manifest (model carnet, Annex 1)."""

from collections.abc import Sequence
from typing import Final

from carnets.documents.goods import count, mass
from carnets.documents.grid import REST, Area
from carnets.documents.paper import STRONG, Paper, join
from carnets.documents.sheet import CarnetSheet, Holder, Office, SecondLanguage
from carnets.documents.titles import VOUCHER
from carnets.documents.typesetting import Style
from carnets.documents.words import HEAVY_OR_BULKY, OFFICIAL_USE, TOBACCO_ALCOHOL

IDENTITY_HEIGHT: Final = 49  # mm
ROUTE_HEIGHT: Final = 16
DECLARATION_HEIGHT: Final = 36
OFFICIAL_HEIGHT: Final = 12
NUMBER: Final = Style(17, 9, bold=True)
PLATES: Final = Style(10, 5.5, bold=True)
LIST_LIMIT: Final = 3  # offices, the lines of the model form; art. 18 allows up to seven since 2022


def draw_identity(paper: Paper, sheet: CarnetSheet, area: Area) -> None:
    """Boxes 1 to 4: which carnet, from where, whose."""
    top, offices, holder = area.rows(13, 16, REST)
    number, organization = top.columns(REST, 63)
    paper.box(number, VOUCHER[1], sheet.number, NUMBER)
    paper.box(organization, VOUCHER[3], sheet.international_organization)
    paper.box(offices, VOUCHER[2], office_list(sheet.offices_of_departure, sheet.second_language))
    paper.box(holder, VOUCHER[4], holder_lines(sheet.holder))


def draw_route(paper: Paper, sheet: CarnetSheet, area: Area) -> None:
    """Boxes 5 to 8."""
    departure, destination, plates, documents = area.columns(34, 34, 72, REST)
    paper.box(departure, VOUCHER[5], ", ".join(sheet.departure_countries), STRONG)
    paper.box(destination, VOUCHER[6], ", ".join(sheet.destination_countries), STRONG)
    paper.box(plates, VOUCHER[7], plate_line(sheet), PLATES)
    paper.box(documents, VOUCHER[8], "; ".join(sheet.attached_documents))


def draw_declaration(paper: Paper, sheet: CarnetSheet, area: Area) -> None:
    """Boxes 12 to 17; 14, 15 and 17 are left to hands and stamps."""
    totals, declaration, seals, stamp = area.columns(52, 48, 36, REST)
    paper.box(totals, VOUCHER[12], totals_lines(sheet))
    claim, place, signature = declaration.rows(11, 10, REST)
    paper.box(claim, VOUCHER[13])
    paper.box(place, VOUCHER[14])
    paper.box(signature, VOUCHER[15])
    paper.box(seals, VOUCHER[16], "\n".join(sheet.seals))
    paper.box(stamp, VOUCHER[17])


def draw_official_use(paper: Paper, sheet: CarnetSheet, area: Area) -> None:
    """Room for endorsements that must stand on every remaining voucher (Convention art. 8(5), 24 and 29 to 35)."""
    paper.frame(area)
    room = paper.heading(area, OFFICIAL_USE.en, OFFICIAL_USE.second(paper.language))
    paper.text(room, endorsements(sheet), STRONG)


def endorsements(sheet: CarnetSheet) -> str:
    heavy = HEAVY_OR_BULKY.both(sheet.second_language) if sheet.is_heavy_or_bulky else ""
    tobacco = TOBACCO_ALCOHOL.both(sheet.second_language) if sheet.is_tobacco_alcohol else ""
    return join((heavy, tobacco), "   ")


def office_list(offices: Sequence[Office], language: SecondLanguage | None) -> str:
    """Offices with all their names; more than the model form has lines for run on, by code and English name."""
    if len(offices) <= LIST_LIMIT:
        return "\n".join(
            f"{number}. {office.line(language)}" for number, office in enumerate(offices, start=1)
        )
    return "   ".join(
        f"{number}.\N{NO-BREAK SPACE}{office.short_line}" for number, office in enumerate(offices, start=1)
    )


def holder_lines(holder: Holder) -> str:
    return join((f"{holder.holder_id}   {holder.name}", f"{holder.address}, {holder.country}"))


def plate_line(sheet: CarnetSheet) -> str:
    plates = (f"{vehicle.registration} ({vehicle.country})" for vehicle in sheet.vehicles)
    return " / ".join(plate.replace(" ", "\N{NO-BREAK SPACE}") for plate in plates)


def totals_lines(sheet: CarnetSheet) -> str:
    """Box 12: with one office of destination its number is the total; with several, customs fill the numbers in."""
    total = f"{count(sheet.total_packages)}   ({mass(sheet.total_mass_kg, sheet.mass_places)} kg)"
    offices = sheet.offices_of_destination
    number = count(sheet.total_packages) if len(offices) == 1 else "……"
    is_short = len(offices) > LIST_LIMIT
    names = (office.short_line if is_short else office.line(sheet.second_language) for office in offices)
    return join((total, *(f"{index}. {name}: {number}" for index, name in enumerate(names, start=1))))
