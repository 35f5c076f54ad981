"""Words and titles on paper: each in three languages, with the same gaps to fill in."""

import re
from collections.abc import Iterator

import pytest

from carnets.documents import titles, words
from carnets.documents.titles import Title
from carnets.documents.words import Phrase


def found_in(value: object) -> Iterator[Phrase | Title]:
    """Yield every phrase and title in a constant, however it is nested."""
    if isinstance(value, Phrase | Title):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from found_in(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from found_in(item)


PRINTED = [
    (f"{module.__name__}.{name}", phrase)
    for module in (words, titles)
    for name, value in vars(module).items()
    if name.isupper()
    for phrase in found_in(value)
]
GAP = re.compile(r"\{(\w+)\}")
CYRILLIC, HAN = re.compile(r"[А-я]"), re.compile(r"[\u4e00-\u9fff]")


def test_are_many() -> None:
    assert len(PRINTED) > 100


@pytest.mark.parametrize("phrase", [each for _name, each in PRINTED], ids=[name for name, _each in PRINTED])
def test_are_said_in_three_languages_with_the_same_gaps(phrase: Phrase | Title) -> None:
    assert phrase.en
    assert not CYRILLIC.search(phrase.en)
    assert not HAN.search(phrase.en)
    assert CYRILLIC.search(phrase.ru)
    assert HAN.search(phrase.zh)
    assert sorted(GAP.findall(phrase.en)) == sorted(GAP.findall(phrase.ru)) == sorted(GAP.findall(phrase.zh))


@pytest.mark.parametrize(
    ("language", "both", "lines"),
    [
        (None, "4 vouchers", "4 vouchers"),
        ("ru", "4 vouchers / отрывных листков: 4", "4 vouchers\nотрывных листков: 4"),
        ("zh-hans", "4 vouchers / 4张凭单", "4 vouchers\n4张凭单"),
    ],
)
def test_second_language_stands_behind_or_below_the_english(language: None, both: str, lines: str) -> None:
    assert words.VOUCHERS.both(language, count=4) == both
    assert words.VOUCHERS.lines(language, count=4) == lines
