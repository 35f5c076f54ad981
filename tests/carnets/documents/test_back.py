"""The back page: every note by its number, and to whom a carnet goes that was found."""

from dataclasses import replace

from carnets.documents import words
from carnets.documents.fonts import Fonts
from tests.carnets.documents.boxes import Paper
from tests.carnets.documents.samples import NUMBER, sample_sheet


def back_of(fonts: Fonts, address: str) -> str:
    sheet = sample_sheet(vouchers=4, itinerary=())
    moved = replace(sheet, association=replace(sheet.association, address=address))
    document = Paper(moved, fonts).document
    return " ".join(document[len(document) - 1].get_textpage().get_text_bounded().split())


def test_has_every_note_by_its_number(fonts: Fonts) -> None:
    back = back_of(fonts, "1 New Street")

    for number, note in enumerate(words.NOTES, start=1):
        assert f"{number}. {' '.join(note.en.split())[:40]}" in back


def test_says_to_whom_a_carnet_that_was_found_goes(fonts: Fonts) -> None:
    assert "1 New Street, Urumqi" in back_of(fonts, "1 New Street, Urumqi")
    assert NUMBER in back_of(fonts, "1 New Street, Urumqi")
