"""What a spreadsheet makes of a text: a cell that begins like a formula is run when somebody opens the file."""

from typing import Final

from tir.kernel.characters import for_files, is_visible

# Also as full-width forms, which some spreadsheets take for the same.
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def as_text(value: str) -> str:
    """Return a text as a cell may have it: never a formula, whatever unseen characters stand before its first, and
    without characters that a file cannot hold."""
    text = for_files(value)
    first = next((sign for sign in text if sign in STARTS_A_FORMULA or is_visible(sign)), "")
    return f"'{text}" if first in STARTS_A_FORMULA else text
