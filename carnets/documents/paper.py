"""Drawing on a page in the vocabulary of forms: frames, titled boxes, ticks, cut lines, symbols.

Areas are millimetres from the top left; this module alone knows that a PDF counts points from the bottom left.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from carnets.documents.grid import PAGE, REST, Area
from carnets.documents.qr import QUIET_ZONE, Matrix, dark_runs
from carnets.documents.sheet import SecondLanguage
from carnets.documents.titles import Title
from carnets.documents.typesetting import ASCENT, LEADING, Setting, Style, TextLine, Typesetter

HAIRLINE: Final = 0.4  # points
RULE: Final = 0.9
PADDING: Final = 1.0  # mm between a frame and what is in it
NUMBER_WIDTH: Final = 4.2  # mm kept for a box number, so that titles of neighbours align
BASELINE_SHIFT: Final = 0.33  # mm that a title goes down to stand on the baseline of its larger number
TICK: Final = 3.6  # mm, side of a square to tick with a pen
HATCH_STEP: Final = 1.6  # mm between hatching lines: survives photocopying

BLACK: Final = Color(0, 0, 0)
PALE_RED: Final = Color(0.8, 0.1, 0.1, alpha=0.22)
WATERMARK_SIZE: Final = 84  # points
WATERMARK_SLANT: Final = 32  # degrees
PALE_GREY: Final = Color(0.8, 0.8, 0.8)
GREEN_TINT: Final = Color(0.84, 0.93, 0.85)
DARK_GREEN: Final = Color(0.0, 0.35, 0.15)

TITLE: Final = Style(5.8, 5)
TITLE_NUMBER: Final = Style(6.8, 6.8, bold=True)
VALUE: Final = Style(8.5, 5)
STRONG: Final = Style(10, 5.5, bold=True)
WATERMARK: Final = Style(84, 40, bold=True)


class Paper:
    """One document being drawn, in one set of fonts and one second language."""

    def __init__(
        self,
        canvas: Canvas,
        typesetter: Typesetter,
        language: SecondLanguage | None,
        watermark: Sequence[str] = (),
        *,
        is_copy: bool = False,
    ) -> None:
        self.canvas = canvas
        self.watermark = watermark
        self.typesetter = typesetter
        self.language = language
        self.is_copy = is_copy

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """What is drawn inside is stored once in the file and shown by `stamp_form`, as often as wanted."""
        self.canvas.beginForm(name, 0, 0, PAGE.width * mm, PAGE.height * mm)
        yield
        self.canvas.endForm()

    def stamp_form(self, name: str) -> None:
        self.canvas.doForm(name)

    def end_page(self) -> None:
        self._draw_watermark()
        self.canvas.showPage()

    def _draw_watermark(self) -> None:
        """Large, slanted and pale, over what is printed: it reads on a copy, and so does what is below."""
        for index, word in enumerate(self.watermark):
            self.canvas.saveState()
            self.canvas.translate(PAGE.width / 2 * mm, PAGE.height * (0.78 - 0.28 * index) * mm)
            self.canvas.rotate(WATERMARK_SLANT)
            self.canvas.setFillColor(PALE_RED)
            self.canvas.setFont(self.typesetter.face_of(word).name, WATERMARK_SIZE)
            self.canvas.drawCentredString(0, 0, word)
            self.canvas.restoreState()

    def mark(self, words: str) -> None:
        """Words across the whole page, pale, under what is drawn afterwards."""
        middle = PAGE.width / 2 * mm, PAGE.height / 2 * mm
        self.canvas.saveState()
        self.canvas.setFillColor(PALE_GREY)
        self.canvas.translate(*middle)
        self.canvas.rotate(50)
        self.canvas.translate(-middle[0], -middle[1])
        self.text(PAGE.inset(0, PAGE.height / 4), words, WATERMARK, align=0.5, middle=True)
        self.canvas.restoreState()

    def frame(self, area: Area, weight: float = HAIRLINE) -> None:
        self.canvas.setLineWidth(weight)
        self._rectangle(area, fill=0, stroke=1)

    def tint(self, area: Area) -> None:
        """A light green that a photocopier turns white or pale grey, never black."""
        self.canvas.setFillColor(GREEN_TINT)
        self._rectangle(area, fill=1, stroke=0)
        self.canvas.setFillColor(BLACK)

    def hatch(self, area: Area) -> None:
        """Slanted strokes within a strip: the sign of voucher No. 2 that is left when the colour is gone."""
        path = self.canvas.beginPath()
        steps = int((area.width - area.height) / HATCH_STEP)
        for left in (area.left + HATCH_STEP * step for step in range(steps + 1)):
            path.moveTo(left * mm, _up(area.bottom))
            path.lineTo((left + area.height) * mm, _up(area.top))
        self.canvas.setLineWidth(1.4)
        self.canvas.setStrokeColor(DARK_GREEN)
        self.canvas.drawPath(path, stroke=1, fill=0)
        self.canvas.setStrokeColor(BLACK)

    def rule(self, area: Area, weight: float = HAIRLINE) -> None:
        """A line along the bottom of an area: to write on, or to close a table."""
        self.canvas.setLineWidth(weight)
        self.canvas.line(area.left * mm, _up(area.bottom), area.right * mm, _up(area.bottom))

    def cut_line(self, area: Area, words: str) -> None:
        """A dashed line across the sheet through the middle of an area, with its meaning written on it."""
        middle = area.top + area.height / 2
        width = self.typesetter.width(words, TITLE) / mm + 4
        self.canvas.setLineWidth(HAIRLINE)
        self.canvas.setDash(3, 2)
        for left, right in ((0, area.left + 8), (area.left + 8 + width, PAGE.width)):
            self.canvas.line(left * mm, _up(middle), right * mm, _up(middle))
        self.canvas.setDash()
        self.text(Area(area.left + 10, middle - 1.25, width, 2.5), words, TITLE)

    def text(
        self, area: Area, text: str, style: Style = VALUE, *, align: float = 0, middle: bool = False
    ) -> Area:
        """Set text into an area; `align` 0 is left, 0.5 centred, 1 right. Returns what is left below it."""
        setting = self.typesetter.fit(text, style, area.width * mm, area.height * mm)
        spare = area.height * mm - setting.height
        self._draw(setting, area, align, down=max(0, spare / 2) if middle else 0)
        return area.below(min(setting.height / mm, area.height - 0.01))

    def box(self, area: Area, title: Title, text: str = "", style: Style = VALUE) -> Area:
        """A framed, numbered, titled box and what is already known; returns the room under the title."""
        self.frame(area)
        room = self.title(area, title)
        if text:
            self.text(room, text, style)
        return room

    def title(self, area: Area, title: Title) -> Area:
        number, words = area.inset(PADDING, 0.6).columns(NUMBER_WIDTH, REST)
        self.text(number, title.number, TITLE_NUMBER)
        words = words.below(BASELINE_SHIFT)
        return self._two_languages(words, title.en, title.second(self.language), indent=NUMBER_WIDTH)

    def heading(self, area: Area, english: str, second: str) -> Area:
        """An unnumbered title, in two languages."""
        return self._two_languages(area.inset(PADDING, 0.9), english, second, indent=0)

    def ticked_box(self, area: Area, title: Title) -> None:
        """A framed box to tick: square first, so that the eye finds it, then number and title."""
        self.frame(area)
        self.tick(area.columns(TICK + 2.5, REST)[0])
        self.title(area.columns(TICK + 2.5, REST)[1], title)

    def tick(self, area: Area) -> None:
        square = area.inset((area.width - TICK) / 2, (area.height - TICK) / 2)
        self.frame(square, RULE)

    def symbol(self, area: Area, matrix: Matrix) -> None:
        """A QR symbol with its quiet zone filling an area, as one path so that no renderer shows seams."""
        module = area.width * mm / (len(matrix) + 2 * QUIET_ZONE)
        self.canvas.saveState()
        self.canvas.translate(area.left * mm + QUIET_ZONE * module, _up(area.top) - QUIET_ZONE * module)
        self.canvas.scale(module, -module)
        path = self.canvas.beginPath()
        for column, row, length in dark_runs(matrix):
            path.rect(column, row, length, 1)
        self.canvas.drawPath(path, stroke=0, fill=1)
        self.canvas.restoreState()

    def _two_languages(self, area: Area, english: str, second: str, *, indent: float) -> Area:
        """Both languages on one line if they fit, else one under the other; returns the room below, full width."""
        one_line = f"{english} / {second}" if second else english
        fits = self.typesetter.width(one_line, TITLE) <= area.width * mm
        text = one_line if fits else f"{english}\n{second}".strip()
        below = self.text(area, text, TITLE)
        return Area(area.left - indent, below.top + 0.4, area.width + indent, max(0.5, below.height - 0.4))

    def _draw(self, setting: Setting, area: Area, align: float, *, down: float) -> None:
        baseline = _up(area.top) - down - setting.size * ASCENT
        text = self.canvas.beginText()
        for line in setting.lines:
            slack = area.width * mm - line.width * setting.size
            text.setTextOrigin(area.left * mm + slack * align, baseline)
            self._runs(text, line, setting.size)
            baseline -= setting.size * LEADING
        self.canvas.drawText(text)

    @staticmethod
    def _runs(text: PDFTextObject, line: TextLine, size: float) -> None:
        for run in line.runs:
            text.setFont(run.face.name, size)
            text.textOut(run.text)

    def _rectangle(self, area: Area, *, fill: int, stroke: int) -> None:
        self.canvas.rect(
            area.left * mm, _up(area.bottom), area.width * mm, area.height * mm, stroke=stroke, fill=fill
        )


def _up(top: float) -> float:
    """Millimetres from the top of the page to points from its bottom."""
    return (PAGE.height - top) * mm


def join(parts: Sequence[str], by: str = "\n") -> str:
    return by.join(part for part in parts if part)
