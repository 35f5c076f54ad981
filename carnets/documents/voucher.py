"""A voucher page and its counterfoil: No. 1 (odd page) for departure or entry, No. 2 (even) for exit or destination.

All vouchers of a kind with the same goods on board have the same face, drawn once; a page adds its number, planned
operation and signed code.
Boxes 24 to 28, the certificate of termination, are on No. 2 only. No. 2 repeats 18 to 23, as the model does: the
office that certifies termination reads the time-limit and the register number there. No. 1 is white; No. 2 has a
green band and hatched strips, which a photocopy keeps.
"""

from dataclasses import dataclass
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
from carnets.documents.sheet import CarnetSheet, Contents, PrintedOperation
from carnets.documents.titles import COUNTERFOIL_1, COUNTERFOIL_2, VOUCHER, Title
from carnets.documents.typesetting import Style
from carnets.documents.words import CARNET, COPY, COUNTERFOIL, CUT, OPERATION, PAGE, RESERVE, ROLES
from carnets.documents.words import VOUCHER as VOUCHER_HEADING

BAND, STRIP, VOUCHER_BODY, CUT_LINE, STUB_BAND, STUB_STRIP, STUB = BODY.rows(12, 2.4, REST, 5, 7, 1.6, 44)
IDENTITY, ROUTE, GOODS, DECLARATION, OFFICIAL, CERTIFICATE = VOUCHER_BODY.rows(
    IDENTITY_HEIGHT, ROUTE_HEIGHT, REST, DECLARATION_HEIGHT, OFFICIAL_HEIGHT, 54
)
PARTIES, CODE = IDENTITY.columns(REST, IDENTITY_HEIGHT - 5)
HEADING, PLAN, PAGE_WORD, PAGE_NUMBER = BAND.columns(66, REST, 16, 20)
STUB_HEADING, STUB_NUMBER, STUB_PAGE = STUB_BAND.columns(70, REST, 42)

HEADLINE: Final = Style(11, 7, bold=True)
OPERATION_LINES: Final = Style(6.5, 5)
STUB_HEADLINE: Final = Style(8.5, 7, bold=True)
BIG: Final = Style(26, 14, bold=True)
TYPABLE: Final = Style(11, 7, bold=True)
MASK: Final = 3  # any of the eight would do, see qr.qr_matrix


class VoucherKind(IntEnum):
    """Voucher No. 1, odd pages, and voucher No. 2, even pages."""

    NO_1 = 1
    NO_2 = 2

    @classmethod
    def of(cls, page: int) -> "VoucherKind":
        return cls.NO_1 if page % 2 else cls.NO_2


@dataclass(frozen=True, slots=True)
class VoucherFace:
    """What vouchers of one kind have in common while the same goods are on board."""

    kind: VoucherKind
    contents: Contents | None
    form: str  # the name under which it is stored in the file


def faces_of(sheet: CarnetSheet) -> list[VoucherFace]:
    """Return the face of every page, in order; equal ones are one."""
    known: dict[tuple[VoucherKind, Contents | None], VoucherFace] = {}
    for page in range(1, sheet.vouchers + 1):
        key = VoucherKind.of(page), sheet.contents_of(page)
        known.setdefault(key, VoucherFace(*key, f"voucher-{len(known) + 1}"))
    return [known[VoucherKind.of(page), sheet.contents_of(page)] for page in range(1, sheet.vouchers + 1)]


def draw_face(paper: Paper, sheet: CarnetSheet, face: VoucherFace) -> None:
    """Draw what every page with this face shows: boxes, prefilled words, goods on board, and the counterfoil."""
    kind, contents = face.kind, face.contents
    _draw_band(paper, BAND, STRIP, kind)
    paper.text(
        HEADING.inset(2, 1), VOUCHER_HEADING.lines(paper.language, kind=kind.value), HEADLINE, middle=True
    )
    paper.text(PAGE_WORD.inset(1, 1), PAGE.lines(paper.language), OPERATION_LINES, align=1, middle=True)
    draw_identity(paper, sheet, PARTIES)
    paper.frame(CODE)
    draw_route(paper, sheet, contents, ROUTE)
    draw_excerpt(paper, sheet, contents, GOODS)
    draw_declaration(paper, sheet, contents, DECLARATION)
    draw_official_use(paper, sheet, OFFICIAL)
    _draw_certificates(paper, CERTIFICATE, kind)
    paper.frame(VOUCHER_BODY, RULE)
    _draw_counterfoil(paper, sheet, kind)


def draw_page(paper: Paper, sheet: CarnetSheet, page: int, face: VoucherFace) -> None:
    """Draw a page: its face, and what belongs to it alone."""
    paper.stamp_form(face.form)
    paper.text(PLAN.inset(2, 1), _plan(paper, sheet.operation_of(page)), OPERATION_LINES, middle=True)
    paper.text(PAGE_NUMBER, str(page), BIG, align=0.5, middle=True)
    symbol, typable = CODE.rows(CODE.width, REST)
    if paper.is_copy:
        paper.text(symbol, COPY.lines(paper.language), HEADLINE, align=0.5, middle=True)
    else:
        paper.symbol(symbol, qr_matrix(sheet.tokens[page - 1], mask=MASK))
    paper.text(typable, f"{sheet.number}   {page}", TYPABLE, align=0.5)
    paper.text(
        STUB_PAGE.inset(2, 1), f"{PAGE.both(paper.language)}  {page}", STUB_HEADLINE, align=1, middle=True
    )


def _draw_band(paper: Paper, band: Area, strip: Area, kind: VoucherKind) -> None:
    if kind is VoucherKind.NO_2:
        paper.tint(band)
        paper.hatch(strip)
    paper.frame(band, RULE)


def _plan(paper: Paper, operation: PrintedOperation | None) -> str:
    if operation is None:
        return RESERVE.lines(paper.language)
    what = OPERATION.both(paper.language, sequence=operation.sequence)
    territory = " ".join(filter(None, (operation.territory, operation.territory_name)))
    ends = ((operation.start_role, operation.start), (operation.end_role, operation.end))
    lines = (f"{ROLES[role].both(paper.language)}: {office.line(paper.language)}" for role, office in ends)
    return "\n".join((f"{what}: {territory}", *lines))


def _draw_certificates(paper: Paper, area: Area, kind: VoucherKind) -> None:
    if kind is VoucherKind.NO_1:
        register, miscellaneous, stamp = area.columns(72, 58, REST)
        _draw_taking_charge(paper, register.rows(19, 10, 11, REST))
        paper.box(miscellaneous, VOUCHER[22])
        paper.box(stamp, VOUCHER[23])
        return
    started, start_stamp, ended, end_stamp = area.columns(56, 39, 56, REST)
    rows = started.rows(12.5, 9, 10, 10, REST)
    _draw_taking_charge(paper, rows[:4])
    paper.box(rows[4], VOUCHER[22])
    paper.box(start_stamp, VOUCHER[23])
    _draw_boxes(
        paper, ended.rows(12.5, 9, 13, REST), (VOUCHER[24], VOUCHER[25], VOUCHER[26], VOUCHER[27]), ticked=1
    )
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


def _draw_counterfoil(paper: Paper, sheet: CarnetSheet, kind: VoucherKind) -> None:
    paper.cut_line(CUT_LINE, CUT.both(paper.language))
    _draw_band(paper, STUB_BAND, STUB_STRIP, kind)
    paper.text(
        STUB_HEADING.inset(2, 1),
        COUNTERFOIL.both(paper.language, kind=kind.value),
        STUB_HEADLINE,
        middle=True,
    )
    carnet = f"{CARNET.both(paper.language)}  {sheet.number}"
    paper.text(STUB_NUMBER.inset(1, 1), carnet, STUB_HEADLINE, align=0.5, middle=True)
    titles = COUNTERFOIL_1 if kind is VoucherKind.NO_1 else COUNTERFOIL_2
    facts, remarks, stamp = STUB.columns(78, 54, REST)
    heights = (13, 9, 13, REST) if kind is VoucherKind.NO_1 else (13, 9, 11, REST)
    _draw_boxes(
        paper,
        facts.rows(*heights),
        tuple(titles[n] for n in (1, 2, 3, 4)),
        ticked=3 if kind is VoucherKind.NO_1 else 1,
    )
    paper.box(remarks, titles[5])
    paper.box(stamp, titles[6])
    paper.frame(STUB, RULE)
