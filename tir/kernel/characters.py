"""Which characters a text may hold: what people see is kept as typed, what controls a machine is not taken.

Control characters are Unicode's Cc: NUL ends strings in C, escape sequences paint terminals, and no spreadsheet opens
with them. Format characters (Cf, zero-width ones among them) belong to scripts and are kept.
"""

import re
import unicodedata
from typing import Final

CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
CONTROL_BUT_LINES: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)  # tab and line feed lay out a description
NOT_IN_FILES: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Letters and symbols by their category, and blank to the eye: fillers of Hangul, the empty pattern of Braille.
BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def control_in(text: str, *, lines: bool = False) -> bool:
    """Whether a text holds a control character; with `lines`, tab and line feed are none."""
    return (CONTROL_BUT_LINES if lines else CONTROL).search(text) is not None


def is_visible(text: str) -> bool:
    """Whether anything of a text is seen on paper."""
    return any(
        unicodedata.category(character) not in INVISIBLE and character not in BLANK_LETTERS
        for character in text
    )


def for_files(text: str) -> str:
    """Return a text without what XML, and so a workbook, cannot hold: it may stand in a table from before."""
    return NOT_IN_FILES.sub("", text)
