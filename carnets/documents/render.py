"""The whole carnet as one PDF: cover, plan, goods manifest, vouchers, certified report, back.

Rendering is a pure function of sheet and fonts: no clock, no random identifiers, the same bytes every time.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from carnets.documents.back import draw_back
from carnets.documents.certified_report import draw_certified_report
from carnets.documents.cover import draw_cover
from carnets.documents.fonts import ONE_AT_A_TIME, Fonts
from carnets.documents.grid import FOOTER, REST
from carnets.documents.manifest import draw_manifest, manifest_sheets
from carnets.documents.paper import Paper
from carnets.documents.plan import draw_plan
from carnets.documents.sheet import CarnetSheet
from carnets.documents.typesetting import Style, Typesetter
from carnets.documents.voucher import VoucherFace, draw_face, draw_page, faces_of
from carnets.documents.words import CARNET, COPY, FOOTER_HASH, FOOTER_PAGE, FOOTER_VERSION, WATERMARKS
from tir.kernel.sandbox import Kind

HASH_DIGITS: Final = 16
FOOT: Final = Style(6.5, 5)


def render_carnet(
    sheet: CarnetSheet, fonts: Fonts, installed: Kind = Kind.REAL, *, is_copy: bool = False
) -> bytes:
    """Draw every page of a carnet and return the PDF file. A copy, for whoever did not issue it, says so across each
    page and has no codes: with them it could be used as a second set of vouchers."""
    with ONE_AT_A_TIME:
        file = BytesIO()
        canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang=sheet.second_language or "en")
        canvas.setTitle(f"{CARNET.en} {sheet.number}")
        canvas.setAuthor(sheet.association.name)
        canvas.setSubject(f"{FOOTER_HASH.en} {sheet.document_hash}")
        marks = WATERMARKS.get(installed, ())
        paper = Paper(canvas, Typesetter(fonts), sheet.second_language, marks, is_copy=is_copy)
        _draw(paper, sheet)
        canvas.save()
        return file.getvalue()


def _draw(paper: Paper, sheet: CarnetSheet) -> None:
    faces = faces_of(sheet)
    for face in {face.form: face for face in faces}.values():
        with paper.form(face.form):
            draw_face(paper, sheet, face)
    pages = list(_pages(paper, sheet, faces))
    printed_hash = sheet.document_hash[:HASH_DIGITS].upper()
    for number, draw in enumerate(pages, start=1):
        if paper.is_copy:
            paper.mark(COPY.lines(paper.language))
        draw()
        _draw_footer(
            paper, sheet, printed_hash, FOOTER_PAGE.both(paper.language, page=number, pages=len(pages))
        )
        paper.end_page()


def _pages(paper: Paper, sheet: CarnetSheet, faces: Sequence[VoucherFace]) -> Iterator[Callable[[], None]]:
    """Every page in the order it is bound, as something that draws it: the count must be known before the first."""
    yield partial(draw_cover, paper, sheet)
    yield partial(draw_plan, paper, sheet)
    goods = manifest_sheets(paper, sheet)
    for index in range(len(goods)):
        yield partial(draw_manifest, paper, sheet, goods, index)
    for page, face in enumerate(faces, start=1):
        yield partial(draw_page, paper, sheet, page, face)
    yield partial(draw_certified_report, paper, sheet)
    yield partial(draw_back, paper, sheet)


def _draw_footer(paper: Paper, sheet: CarnetSheet, printed_hash: str, page: str) -> None:
    grouped = " ".join(printed_hash[start : start + 4] for start in range(0, HASH_DIGITS, 4))
    words = f"{sheet.number}, {FOOTER_VERSION.both(paper.language, version=sheet.version)}"
    identity, document, counter = FOOTER.columns(56, REST, 62)
    paper.text(identity, words, FOOT, middle=True)
    paper.text(document, f"{FOOTER_HASH.both(paper.language)}: {grouped}", FOOT, align=0.5, middle=True)
    paper.text(counter, page, FOOT, align=1, middle=True)
