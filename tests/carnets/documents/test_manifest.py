"""The manifest: sheets that carry their sums forward and lose no line."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from carnets.documents.fonts import Fonts
from carnets.documents.manifest import ManifestSheet, manifest_sheets
from carnets.documents.paper import Paper
from carnets.documents.sheet import GoodsLine
from carnets.documents.typesetting import Typesetter
from tests.carnets.documents import boxes
from tests.carnets.documents.samples import GOODS, sample_sheet


def sheets_of(goods: tuple[GoodsLine, ...], fonts: Fonts) -> list[ManifestSheet]:
    paper = Paper(Canvas(BytesIO()), Typesetter(fonts), None)
    return manifest_sheets(paper, sample_sheet(goods=goods))


def lines(count: int, packages: int | None = 2) -> tuple[GoodsLine, ...]:
    return tuple(
        replace(GOODS[0], marks=f"M-{number:03}", packages=packages, gross_mass_kg=Decimal("1.5"))
        for number in range(count)
    )


def test_carries_the_sums_of_all_sheets_before(fonts: Fonts) -> None:
    sheets = sheets_of(lines(200), fonts)

    so_far = 0
    for sheet in sheets:
        so_far += sum(not row.is_heading for row in sheet.rows)
        assert (sheet.packages, sheet.mass_kg) == (2 * so_far, so_far * Decimal("1.5"))
    assert so_far == 200
    assert len(sheets) > 2


def test_counts_nothing_until_something_can_be_counted(fonts: Fonts) -> None:
    sheets = sheets_of((*lines(120, packages=None), *lines(5)), fonts)

    assert [sheet.packages for sheet in sheets] == [None] * (len(sheets) - 1) + [10]


def test_is_one_sheet_to_fill_in_where_no_goods_are_named(fonts: Fonts) -> None:
    assert sheets_of((), fonts) == [ManifestSheet((), None, Decimal(0))]


def test_says_on_the_last_sheet_alone_that_it_is_the_total(fonts: Fonts) -> None:
    printed = boxes.Paper(sample_sheet(goods=lines(200)), fonts)

    texts = [page.get_textpage().get_text_bounded() for page in printed.document]
    sheets = [text for text in texts if "GOODS MANIFEST" in text]

    assert ["Carried forward: " in text for text in sheets] == [True] * (len(sheets) - 1) + [False]
    assert "Total: 400" in sheets[-1]
