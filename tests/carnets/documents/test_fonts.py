"""Fonts: which face draws which letters, and that reading them is done once."""

import pytest

from carnets.documents.fonts import Face, Fonts, installed_fonts, load_fonts


def draws(face: Face, text: str) -> bool:
    return all(ord(character) in face.widths for character in text)


@pytest.mark.parametrize("text", ["TIR carnet", "Хоргос", "Қорғас", "Сариосиё", "Дӯстӣ", "Şəki", "€ — …"])
def test_latin_and_cyrillic_are_drawn_in_both_weights(fonts: Fonts, text: str) -> None:
    assert draws(fonts.sans, text)
    assert draws(fonts.sans_bold, text)


def test_chinese_is_drawn_by_a_face_of_its_own(fonts: Fonts) -> None:
    assert draws(fonts.cjk, "霍尔果斯海关")
    assert not draws(fonts.sans, "霍尔果斯海关")


def test_bold_goes_before_the_rest_where_it_is_asked_for(fonts: Fonts) -> None:
    assert fonts.regular_first == (fonts.sans, fonts.cjk)
    assert fonts.bold_first[0] is fonts.sans_bold


def test_wide_letters_are_wider(fonts: Fonts) -> None:
    assert fonts.sans.widths[ord("W")] > fonts.sans.widths[ord("i")] > 0
    assert fonts.sans_bold.widths[ord("W")] > fonts.sans.widths[ord("W")]


def test_are_read_once_for_the_same_files(settings: object) -> None:
    paths: dict[str, str] = settings.TIR_FONTS  # type: ignore[attr-defined]

    assert load_fonts(paths) is load_fonts(dict(paths)) is installed_fonts()
    assert load_fonts({**paths, "sans_bold": paths["sans"]}) is not installed_fonts()
