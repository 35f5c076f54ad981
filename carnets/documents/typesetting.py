"""Setting text: which face draws which letters, where lines break, and which size fits a box.

Text never overprints: it is set as large as the box allows, wrapped, made smaller step by step, and only when the
smallest legible size does not hold it, cut with an ellipsis. Sizes are in points, widths in units of the type size.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from carnets.documents.fonts import UNKNOWN_CHARACTER, Face, Fonts

LEADING: Final = 1.2  # of the type size, line to line
ASCENT: Final = 0.93  # of the type size, top of the line to its baseline; DejaVu and Droid both stay below
STEP: Final = 0.5  # points by which a text that does not fit is made smaller
ELLIPSIS: Final = "…"
_HAN: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# A line may begin with any Chinese character but not with closing punctuation; a no-break space keeps a plate together.
_ATOM: Final = re.compile(rf" +|[（《「『【]*[{_HAN}][，。、；：！？）》」』】·]*|[^ {_HAN}]+")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Style:
    """How large a kind of text is at most and at least, in points."""

    largest: float
    smallest: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one face, and their width at size 1."""

    face: Face
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class TextLine:
    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        return sum(run.width for run in self.runs)


@dataclass(frozen=True, slots=True)
class Setting:
    """Text ready to be drawn: its size and its lines."""

    size: float
    lines: tuple[TextLine, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


class Typesetter:
    """Sets text in one set of fonts."""

    def __init__(self, fonts: Fonts) -> None:
        self._orders = {False: fonts.regular_first, True: fonts.bold_first}
        self._glyph = cache(self._find_glyph)

    def fit(self, text: str, style: Style, width: float, height: float) -> Setting:
        """Set `text` (newlines part paragraphs) into a box of that width and height, both in points."""
        for size in _sizes(style):
            lines = tuple(self._wrapped(text, style.bold, width / size))
            if len(lines) * size * LEADING <= height:
                return Setting(size, lines)
        room = max(1, int(height / (size * LEADING)))
        return Setting(size, (*lines[: room - 1], self._shortened(lines[room - 1], style.bold, width / size)))

    def width(self, text: str, style: Style) -> float:
        """How wide the text is in one line at the style's largest size, in points."""
        return self._width(text, style.bold) * style.largest

    def line(self, text: str, *, bold: bool) -> TextLine:
        faces = ((self._glyph(character, bold), character) for character in text)
        grouped = groupby(faces, key=lambda pair: pair[0][0])
        return TextLine(
            tuple(_run(face, [(glyph[1], glyph[2]) for glyph, _ in pairs]) for face, pairs in grouped)
        )

    def face_of(self, word: str) -> Face:
        """Return the bold face that draws the first character of a word."""
        return self._glyph(word[0], True)[0]

    def _find_glyph(self, character: str, bold: bool) -> tuple[Face, str, float]:
        for drawn in (character, UNKNOWN_CHARACTER, "?"):
            for face in self._orders[bold]:
                if ord(drawn) in face.widths:
                    return face, drawn, face.widths[ord(drawn)] / 1000
        raise ValueError("these fonts cannot even draw a question mark")

    def _width(self, text: str, bold: bool) -> float:
        return sum(self._glyph(character, bold)[2] for character in text)

    def _wrapped(self, text: str, bold: bool, width: float) -> Iterator[TextLine]:
        for paragraph in _CONTROL.sub("", text).split("\n"):
            for line in self._broken(paragraph, bold, width):
                yield self.line(line, bold=bold)

    def _broken(self, paragraph: str, bold: bool, width: float) -> Iterator[str]:
        line, used = "", 0.0
        for atom, atom_width in self._atoms(paragraph, bold, width):
            if line and used + atom_width > width and atom[0] != " ":
                yield line.rstrip()
                line, used = "", 0.0
            line, used = line + atom, used + atom_width
        yield line.rstrip()

    def _atoms(self, paragraph: str, bold: bool, width: float) -> Iterator[tuple[str, float]]:
        """The pieces a line may be broken between; a word wider than the line is broken anywhere."""
        for atom in _ATOM.findall(paragraph):
            atom_width = self._width(atom, bold)
            pieces: Iterable[str] = atom if atom_width > width and atom[0] != " " else (atom,)
            for piece in pieces:
                yield piece, self._width(piece, bold)

    def _shortened(self, line: TextLine, bold: bool, width: float) -> TextLine:
        text = "".join(run.text for run in line.runs)
        while text and self._width(text + ELLIPSIS, bold) > width:
            text = text[:-1]
        return self.line(text + ELLIPSIS, bold=bold)


def _sizes(style: Style) -> Sequence[float]:
    steps = int((style.largest - style.smallest) / STEP)
    return [style.largest - STEP * step for step in range(steps)] + [style.smallest]


def _run(face: Face, glyphs: Sequence[tuple[str, float]]) -> Run:
    return Run(face, "".join(drawn for drawn, _ in glyphs), sum(width for _, width in glyphs))
