"""The certified report: what is known is filled in, the rest can be ticked and written."""

import pytest

from carnets.documents import words
from carnets.documents.fonts import Fonts
from tests.carnets.documents.boxes import Paper
from tests.carnets.documents.samples import NUMBER, sample_sheet


@pytest.fixture
def report(fonts: Fonts) -> str:
    """The last page but one."""
    document = Paper(sample_sheet(vouchers=4, itinerary=()), fonts).document
    text = document[len(document) - 2].get_textpage().get_text_bounded()
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    "known", [NUMBER, "Urumqi", "01 A 123 BC (UZB) / 01 4567 AA (UZB)", "CHN/051/1234567"]
)
def test_has_filled_in_what_is_known_of_the_carnet(report: str, known: str) -> None:
    assert known in report


@pytest.mark.parametrize(
    "choice",
    [words.INTACT, words.BROKEN, words.NEW_SEALS, words.TRANSFER, words.SUBSTITUTE_VEHICLE],
    ids=lambda choice: choice.en,
)
def test_has_choices_to_tick(report: str, choice: words.Phrase) -> None:
    assert " ".join(choice.en.split()) in report
