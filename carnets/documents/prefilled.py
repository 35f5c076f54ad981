"""Boxes 1 to 8 and 12 to 17, filled in alike on vouchers and goods manifest (model carnet, Annex 1)."""

from collections.abc import Sequence
from typing import Final

from carnets.documents.goods import count, mass
from carnets.documents.grid import REST, Area
from carnets.documents.paper import STRONG, Paper, join
from carnets.documents.sheet import CarnetSheet, Contents, PrintedHolder, PrintedOffice, SecondLanguage
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
    paper.box(offices, VOUCHER[2], office_list(departure_offices(sheet), sheet.second_language))
    paper.box(holder, VOUCHER[4], holder_lines(sheet.holder))


def draw_route(paper: Paper, sheet: CarnetSheet, contents: Contents | None, area: Area) -> None:
    """Boxes 5 to 8."""
    departure, destination, plates, documents = area.columns(34, 34, 72, REST)
    paper.box(departure, VOUCHER[5], ", ".join(sheet.departure_countries), STRONG)
    paper.box(destination, VOUCHER[6], ", ".join(sheet.destination_countries), STRONG)
    paper.box(plates, VOUCHER[7], plate_line(sheet), PLATES)
    papers = contents.documents if contents else ()
    paper.box(documents, VOUCHER[8], "; ".join(each.line for each in papers))


def draw_declaration(paper: Paper, sheet: CarnetSheet, contents: Contents | None, area: Area) -> None:
    """Boxes 12 to 17; 14, 15 and 17 are left to hands and stamps."""
    totals, declaration, seals, stamp = area.columns(52, 48, 36, REST)
    paper.box(totals, VOUCHER[12], totals_lines(sheet, contents) if contents else "")
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


def departure_offices(sheet: CarnetSheet) -> tuple[PrintedOffice, ...]:
    """The offices of departure, each once."""
    return tuple(dict.fromkeys(stop.office for stop in sheet.departures))


def office_list(offices: Sequence[PrintedOffice], language: SecondLanguage | None) -> str:
    """Offices with all their names; more than the model form has lines for run on, by code and English name."""
    if len(offices) <= LIST_LIMIT:
        return "\n".join(
            f"{number}. {office.line(language)}" for number, office in enumerate(offices, start=1)
        )
    return "   ".join(
        f"{number}.\N{NO-BREAK SPACE}{office.short_line}" for number, office in enumerate(offices, start=1)
    )


def holder_lines(holder: PrintedHolder) -> str:
    return join((f"{holder.holder_id}   {holder.name}", f"{holder.address}, {holder.country}"))


def plate_line(sheet: CarnetSheet) -> str:
    plates = (f"{vehicle.registration} ({vehicle.country})" for vehicle in sheet.vehicles)
    return " / ".join(plate.replace(" ", "\N{NO-BREAK SPACE}") for plate in plates)


def totals_lines(sheet: CarnetSheet, contents: Contents) -> str:
    """Box 12: how many packages are on board, and how many of them are for each office of destination."""
    total = f"{count(contents.packages)}   ({mass(contents.mass_kg, sheet.mass_places)} kg)"
    ahead = [stop for stop in sheet.destinations if contents.is_for(stop.position)] or sheet.destinations
    is_short = len(ahead) > LIST_LIMIT
    lines = [total]
    for index, stop in enumerate(ahead, start=1):
        name = stop.office.short_line if is_short else stop.office.line(sheet.second_language)
        lines.append(f"{index}. {name}: {count(contents.unloaded_at(stop.position))}")
    return join(lines)
