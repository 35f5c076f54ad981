"""A printed carnet, read back box by box."""

from dataclasses import replace

import pypdfium2 as pdfium

from carnets.documents import cover, voucher
from carnets.documents.fonts import Fonts
from carnets.documents.grid import PAGE, REST, Area
from carnets.documents.render import render_carnet
from carnets.documents.sheet import CarnetSheet

POINT = 72 / 25.4
COVER, PLAN, MANIFEST, FIRST_VOUCHER = range(4)

_OFFICES = voucher.PARTIES.rows(13, 16, REST)
_ROUTE = voucher.ROUTE.columns(34, 34, 72, REST)
_COUNTRIES = cover.COUNTRIES.columns(REST, REST)
COVER_BOXES = {
    1: cover.VALIDITY.columns(70, REST)[0],
    3: cover.HOLDER,
    6: _COUNTRIES[0],
    7: _COUNTRIES[1],
    8: cover.VEHICLES.columns(58, 76, REST)[0],
    9: cover.VEHICLES.columns(58, 76, REST)[1],
    10: cover.VEHICLES.columns(58, 76, REST)[2],
}
VOUCHER_BOXES = {
    1: _OFFICES[0].columns(REST, 63)[0],
    2: _OFFICES[1],
    4: _OFFICES[2],
    5: _ROUTE[0],
    6: _ROUTE[1],
    7: _ROUTE[2],
    8: _ROUTE[3],
    9: voucher.GOODS.columns(60, REST, 29)[0],
    10: voucher.GOODS.columns(60, REST, 29)[1],
    11: voucher.GOODS.columns(60, REST, 29)[2],
    12: voucher.DECLARATION.columns(52, 48, 36, REST)[0],
    16: voucher.DECLARATION.columns(52, 48, 36, REST)[2],
}


class Paper:
    """A printed carnet, read box by box, in English only."""

    def __init__(self, sheet: CarnetSheet, fonts: Fonts) -> None:
        self.document = pdfium.PdfDocument(render_carnet(replace(sheet, second_language=None), fonts))

    def text(self, index: int, area: Area) -> str:
        left, right = area.left * POINT, area.right * POINT
        top, bottom = (PAGE.height - area.top) * POINT, (PAGE.height - area.bottom) * POINT
        found = self.document[index].get_textpage().get_text_bounded(left, bottom, right, top)
        return " ".join(found.replace("\u00a0", " ").split())

    def cover(self, box: int) -> str:
        return self._value(self.text(COVER, COVER_BOXES[box]), box)

    def voucher(self, page: int, box: int) -> str:
        return self._value(self.text(FIRST_VOUCHER + page - 1, VOUCHER_BOXES[box]), box)

    @staticmethod
    def _value(text: str, box: int) -> str:
        """The box without its title: each begins with its own number."""
        assert text.startswith(f"{box} "), text
        return text
