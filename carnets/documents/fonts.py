"""The three TrueType faces of a document and which of them can draw which character.

A post's printer may know no Cyrillic and no Chinese, so every page embeds a subset of what it uses.
Right-to-left and conjunct scripts (Arabic, Persian, Devanagari) would need shaping, which reportlab does not do: such
letters are drawn one by one, unjoined. Names in those scripts should be given in their Latin form as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

UNKNOWN_CHARACTER = "\N{REPLACEMENT CHARACTER}"

# A face is parsed once a process and seeks within its file while a subset is cut from it: one document at a time.
ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True)
class Face:
    """One registered face; widths are in thousandths of the type size, by code point."""

    name: str
    widths: Mapping[int, float]


@dataclass(frozen=True)
class Fonts:
    sans: Face
    sans_bold: Face
    cjk: Face

    @cached_property
    def regular_first(self) -> tuple[Face, ...]:
        return (self.sans, self.cjk)

    @cached_property
    def bold_first(self) -> tuple[Face, ...]:
        """Chinese has no bold of its own here: a second CJK face would weigh more than all the rest."""
        return (self.sans_bold, self.cjk, self.sans)


def load_fonts(paths: Mapping[str, str | Path]) -> Fonts:
    """Read the faces named `sans`, `sans_bold` and `cjk`; once a process for the same files, as reading is slow."""
    return _load(*(str(paths[role]) for role in ("sans", "sans_bold", "cjk")))


def installed_fonts() -> Fonts:
    """The faces this installation prints with, `settings.TIR_FONTS`."""
    return load_fonts(settings.TIR_FONTS)


@lru_cache(maxsize=4)
def _load(sans: str, sans_bold: str, cjk: str) -> Fonts:
    return Fonts(sans=_face(sans), sans_bold=_face(sans_bold), cjk=_face(cjk))


def _face(path: str) -> Face:
    name = f"{Path(path).stem}-{sha256(path.encode()).hexdigest()[:8]}"
    font = TTFont(name, path)
    pdfmetrics.registerFont(font)
    return Face(name=name, widths={code: font.face.charWidths[code] for code in font.face.charToGlyph})
