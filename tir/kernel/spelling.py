"""One common form for what is painted, stamped or typed in several ways: seals, number plates, container numbers.

What was typed is kept; what is compared is the common form. `tidy` takes out what carries no meaning (blanks, hyphens,
dots, zero-width and control characters, case, width); `common_form` also folds letters that look alike in Latin,
Cyrillic and Greek. The phone has the same table, generated from here.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

DOTS = ".·•‧∙⋅"
WITHOUT_MEANING = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})  # blanks, controls, zero-width, dashes
_LATIN = "ABCEHIJKMOPSTXY" + "ABEZHIKMNOPTYX"
_ALIKE = "АВСЕНІЈКМОРЅТХУ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
FOLDED = dict(zip(_ALIKE, _LATIN, strict=True))
_FOLD = str.maketrans(FOLDED)


@lru_cache(maxsize=8192)
def tidy(text: str) -> str:
    """Return the text in capitals of one width, without blanks, hyphens, dots and what cannot be seen."""
    letters = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(
        letter
        for letter in letters
        if letter not in DOTS and unicodedata.category(letter) not in WITHOUT_MEANING
    )
    return unicodedata.normalize("NFKC", kept)  # what stood between a letter and its accent is gone


@lru_cache(maxsize=8192)
def common_form(text: str) -> str:
    """Return what two spellings of one thing have in common: `tidy`, with letters that look alike folded to Latin."""
    return tidy(text).translate(_FOLD)


def common_forms(texts: Iterable[str] | None) -> frozenset[str]:
    """Return the common forms of several texts; none for no list."""
    return frozenset(common_form(text) for text in texts or ())


def are_spelt_differently(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether some text of one list equals a text of the other by folded letters alone: worth a note, no more."""
    one, other = tuple(one), tuple(other)
    if one == other or not one or not other:
        return False
    as_written = {tidy(text) for text in other}
    alike = common_forms(other)
    return any(tidy(text) not in as_written and common_form(text) in alike for text in one)
