"""A voucher page and its counterfoil: No. 1 (odd page) for departure or entry, No. 2 (even) for exit or destination.

All vouchers of a kind have the same face, drawn once; a page adds its number, its planned operation and its signed code.
Boxes 24 to 28, the certificate of termination, are on No. 2 only. No. 2 repeats 18 to 23, as the model does: the office
that certifies termination reads the time-limit and the register number there. No. 1 is white; No. 2 has a green band
and hatched strips, which a photocopy keeps.
"""

from enum import IntEnum
from typing import Final

from carnets.documents.goods import draw_excerpt
from carnets.documents.grid import BODY, REST, Area
from carnets.documents.paper import RULE, Paper
from carnets.documents.prefilled import (
    DECLARATION_HEIGHT,
    IDENTITY_HEIGHT,
    OFFICIAL_HEIGHT,
    ROUTE_HEIGHT,
    draw_declaration,
    draw_identity,
    draw_official_use,
    draw_route,
)
from carnets.documents.qr import qr_matrix
from carnets.documents.sheet import CarnetSheet, Operation
from carnets.documents.titles import COUNTERFOIL_1, COUNTERFOIL_2, VOUCHER, Title
from carnets.documents.typesetting import Style
from carnets.documents.words import CARNET, COUNTERFOIL, CUT, OPERATION, PAGE, RESERVE, ROLES
from carnets.documents.words import VOUCHER as VOUCHER_HEADING

BAND, STRIP, IDENTITY, ROUTE, GOODS, DECLARATION, OFFICIAL, CERTIFICATE, CUT_LINE, STUB_BAND, STUB = BODY.rows(
    12, 1.6, IDENTITY_HEIGHT, ROUTE_HEIGHT, REST, DECLARATION_HEIGHT, OFFICIAL_HEIGHT, 50, 5, 7, 46
)
PARTIES, CODE = IDENTITY.columns(REST, IDENTITY_HEIGHT - 5)
HEADING, PLAN, PAGE_WORD, PAGE_NUMBER = BAND.columns(66, REST, 16, 20)
STUB_HEADING, STUB_NUMBER, STUB_PAGE = STUB_BAND.columns(80, REST, 40)

HEADLINE: Final = Style(11, 7, bold=True)
OPERATION_LINES: Final = Style(7.5, 5)
BIG: Final = Style(26, 14, bold=True)
TYPABLE: Final = Style(11, 7, bold=True)
MASK: Final = 3  # any of the eight would do, see qr.qr_matrix


class Kind(IntEnum):
    """Voucher No. 1, odd pages, and voucher No. 2, even pages."""

    NO_1 = 1
    NO_2 = 2

    @classmethod
    def of(cls, page: int) -> "Kind":
        return cls.NO_1 if page % 2 else cls.NO_2

    @property
    def form(self) -> str:
        return f"voucher-{self.value}"


def draw_face(paper: Paper, sheet: CarnetSheet, kind: Kind) -> None:
    """What all vouchers of one kind have in common."""
    _draw_band(paper, BAND, kind)
    if kind is Kind.NO_2:
        paper.hatch(STRIP)
    paper.text(HEADING.inset(2, 1), _lines(VOUCHER_HEADING.both(paper.language, kind=kind.value)), HEADLINE, middle=True)
    paper.text(PAGE_WORD.inset(1, 1), _lines(PAGE.both(paper.language)), OPERATION_LINES, align=1, middle=True)
    draw_identity(paper, sheet, PARTIES)
    paper.frame(CODE)
    draw_route(paper, sheet, ROUTE)
    draw_excerpt(paper, sheet, GOODS)
    draw_declaration(paper, sheet, DECLARATION)
    draw_official_use(paper, sheet, OFFICIAL)
    _draw_certificates(paper, CERTIFICATE, kind)
    paper.frame(Area(BODY.left, IDENTITY.top, BODY.width, CERTIFICATE.bottom - IDENTITY.top), RULE)
    _draw_counterfoil(paper, sheet, kind)


def draw_page(paper: Paper, sheet: CarnetSheet, page: int) -> None:
    """What belongs to this page alone."""
    paper.stamp_form(Kind.of(page).form)
    paper.text(PLAN.inset(2, 1), _plan(paper, sheet.operation_of(page)), OPERATION_LINES, middle=True)
    paper.text(PAGE_NUMBER, str(page), BIG, align=0.5, middle=True)
    symbol, typable = CODE.rows(CODE.width, REST)
    paper.symbol(symbol, qr_matrix(sheet.tokens[page - 1], mask=MASK))
    paper.text(typable, f"{sheet.number}   {page}", TYPABLE, align=0.5)
    paper.text(STUB_PAGE.inset(2, 1), f"{PAGE.both(paper.language)}  {page}", HEADLINE, align=1, middle=True)


def _draw_band(paper: Paper, area: Area, kind: Kind) -> None:
    if kind is Kind.NO_2:
        paper.tint(area)
    paper.frame(area, RULE)


def _plan(paper: Paper, operation: Operation | None) -> str:
    if operation is None:
        return _lines(RESERVE.both(paper.language))
    what = OPERATION.both(paper.language, sequence=operation.sequence)
    territory = " ".join(filter(None, (operation.territory, operation.territory_name)))
    ends = ((operation.start_role, operation.start), (operation.end_role, operation.end))
    lines = (f"{ROLES[role].both(paper.language)}: {office.line(paper.language)}" for role, office in ends)
    return "\n".join((f"{what}: {territory}", *lines))


def _draw_certificates(paper: Paper, area: Area, kind: Kind) -> None:
    if kind is Kind.NO_1:
        register, miscellaneous, stamp = area.columns(72, 58, REST)
        _draw_taking_charge(paper, register.rows(15, 9, 11, REST))
        paper.box(miscellaneous, VOUCHER[22])
        paper.box(stamp, VOUCHER[23])
        return
    started, start_stamp, ended, end_stamp = area.columns(52, 42, 52, REST)
    *register, miscellaneous = started.rows(12, 9, 7, 9, REST)
    _draw_taking_charge(paper, tuple(register))
    paper.box(miscellaneous, VOUCHER[22])
    paper.box(start_stamp, VOUCHER[23])
    _draw_boxes(paper, ended.rows(14, 9, 10, REST), (VOUCHER[24], VOUCHER[25], VOUCHER[26], VOUCHER[27]), ticked=1)
    paper.box(end_stamp, VOUCHER[28])
    paper.frame(Area(ended.left, area.top, ended.width + end_stamp.width, area.height), RULE)


def _draw_taking_charge(paper: Paper, areas: tuple[Area, ...]) -> None:
    _draw_boxes(paper, areas, (VOUCHER[18], VOUCHER[19], VOUCHER[20], VOUCHER[21]), ticked=1)


def _draw_boxes(paper: Paper, areas: tuple[Area, ...], titles: tuple[Title, ...], *, ticked: int) -> None:
    for index, (area, title) in enumerate(zip(areas, titles, strict=True)):
        if index == ticked:
            paper.ticked_box(area, title)
        else:
            paper.box(area, title)


def _draw_counterfoil(paper: Paper, sheet: CarnetSheet, kind: Kind) -> None:
    paper.cut_line(CUT_LINE, CUT.both(paper.language))
    _draw_band(paper, STUB_BAND, kind)
    paper.text(STUB_HEADING.inset(2, 1), COUNTERFOIL.both(paper.language, kind=kind.value), HEADLINE, middle=True)
    carnet = f"{CARNET.both(paper.language)}  {sheet.number}"
    paper.text(STUB_NUMBER.inset(1, 1), carnet, HEADLINE, align=0.5, middle=True)
    titles = COUNTERFOIL_1 if kind is Kind.NO_1 else COUNTERFOIL_2
    facts, remarks, stamp = STUB.columns(78, 54, REST)
    heights = (12, 9, 14, REST) if kind is Kind.NO_1 else (12, 9, 12, REST)
    _draw_boxes(paper, facts.rows(*heights), tuple(titles[n] for n in (1, 2, 3, 4)), ticked=3 if kind is Kind.NO_1 else 1)
    paper.box(remarks, titles[5])
    paper.box(stamp, titles[6])
    paper.frame(STUB, RULE)


def _lines(both: str) -> str:
    """The two languages of a heading, one under the other."""
    return both.replace(" / ", "\n", 1)
