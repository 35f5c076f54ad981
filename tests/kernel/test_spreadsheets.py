"""A text never becomes a formula in a spreadsheet, whatever stands before its first sign."""

import pytest

from tir.kernel.spreadsheets import as_text

STARTS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
BEFORE = {"nothing": "", "a blank": " ", "zero width": "\u200b", "byte order mark": "\ufeff", "soft hyphen": "\u00ad",
          "no-break space": "\u00a0", "two of them": "\u200d\u200b"}  # fmt: skip


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
@pytest.mark.parametrize("start", STARTS)
def test_a_start_of_a_formula_is_disarmed(start: str, before: str) -> None:
    assert as_text(f"{before}{start}cmd|' /C calc'!A0") == f"'{before}{start}cmd|' /C calc'!A0"


def test_what_stands_behind_a_control_character_is_disarmed_without_it() -> None:
    assert as_text("\x00=1+1") == "'=1+1"


@pytest.mark.parametrize("text", ["", "A-10023", "1+1", "乌鲁木齐=2", "\u200b", "'=1"])
def test_any_other_text_stays(text: str) -> None:
    assert as_text(text) == text
