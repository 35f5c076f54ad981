"""What is a control character, what can be seen, and what a file can hold."""

import pytest

from tir.kernel.characters import control_in, for_files, is_visible

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
UNSEEN = {
    "blank": " ", "no-break space": "\u00a0", "zero-width space": "\u200b", "zero-width joiner": "\u200d",
    "byte order mark": "\ufeff", "soft hyphen": "\u00ad", "ideographic space": "\u3000", "Hangul filler": "\u3164",
    "half-width filler": "\uffa0", "Braille blank": "\u2800", "line separator": "\u2028", "bidi override": "\u202e",
    "private use": "\ue000", "tag": "\U000e0041",
}  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS, ids=[f"{ord(control):#04x}" for control in CONTROLS])
def test_a_control_character_is_found_wherever_it_stands(control: str) -> None:
    for text in (f"{control}AB", f"A{control}B", f"AB{control}"):
        assert control_in(text)
        assert control_in(text, lines=True) is (control not in "\t\n")


def test_letters_of_any_script_and_format_characters_are_no_control() -> None:
    assert not control_in("Ürümqi 乌鲁木齐 اورومچی‌ها \u200b\u2028é 🚚")


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_cannot_be_seen_is_not_seen_until_a_letter_stands_beside(text: str) -> None:
    assert not is_visible(text * 3)
    assert is_visible(f"{text}A")
    assert is_visible(f"{text}。")


def test_a_file_holds_all_but_what_xml_forbids() -> None:
    assert for_files("a\x00b\x1b[31mc\ufffed\uffffe\ud800f\x85g\x7fh") == "ab[31mcdefgh"
    assert for_files("line\none\ttwo\r\u200b 乌") == "line\none\ttwo\r\u200b 乌"
