"""The parts of law.md that the code writes: which article is kept where, and tested where.

`ARTICLES` is written by hand; the generator stops when a row names code that does not exist, and
`tests/contracts/test_docs.py` when it names a test that does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import Final

from carnets.reconciliation.catalogue import CATALOGUE
from carnets.rules import ISSUE
from checkpoints.judging import CHECKPOINT
from docs.generating.markdown import code, codes, table
from docs.generating.rules import voucher_of
from docs.generating.tests_by_name import ROOT, files_of
from guarantees.choices import Clock

MIGRATION_WITH_CLOCKS: Final = "guarantees.migrations.0002_clocks"


@dataclass(frozen=True, slots=True)
class Row:
    """One article: what it says in a sentence, the code that keeps it, the tests that try it.

    Code is `path` or `path:name`; tests are names of test functions.
    """

    article: str
    says: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


class CodeMissing(LookupError):
    """A row of the legal map names code that does not exist."""


ARTICLES: Final[tuple[Row, ...]] = (
    Row(
        "art. 1(b), 2, 48",
        "A TIR transport crosses a frontier; each TIR operation has one customs territory, and a union counts as one.",
        ("guarantees/models.py:CustomsTerritory", "carnets/rules.py:a_frontier_is_crossed",
         "carnets/rules.py:each_operation_stays_in_one_territory"),
        ("test_a_frontier_is_crossed", "test_each_operation_stays_in_one_territory"),
    ),
)  # fmt: skip


def articles() -> str:
    rows = (
        (row.article, row.says, codes(_existing(name) for name in row.code), _tests(row)) for row in ARTICLES
    )
    return table(("article", "what it asks", "kept in", "tried by"), rows)


def _tests(row: Row) -> str:
    return ", ".join(f"{code(test)}" for test in row.tests)


def _existing(name: str) -> str:
    """Return the name if there is such code; stop the generator if there is not."""
    path, _colon, symbol = name.partition(":")
    if not (ROOT / path).is_file():
        raise CodeMissing(name)
    if symbol:
        try:
            attrgetter(symbol)(import_module(path.removesuffix(".py").replace("/", ".")))
        except AttributeError:
            raise CodeMissing(name) from None
    return name


def rules_by_article() -> str:
    """Return every rule and comparison, sorted by the article it keeps."""
    rows = sorted(_rules(), key=lambda row: (_order(row[0]), row[2], row[1]))
    return table(("article", "rule", "in", "tried by"), rows)


def _rules() -> Iterator[tuple[str, str, str, str]]:
    for path, book in (("carnets/rules.py", ISSUE), ("checkpoints/judging.py", CHECKPOINT)):
        for rule in book:
            yield rule.article, code(rule.code), code(path), _tried(f"test_{rule.name}")
    for item in CATALOGUE:
        what = f"{code(item.code)} on voucher {voucher_of(item)}"
        yield item.article, what, "`carnets/reconciliation/catalogue.py`", _tried(f"test_{item.code}")


def _tried(test: str) -> str:
    return code(test) if files_of(test) else ""


def _order(article: str) -> tuple[int, int, str]:
    """Sort articles of the Convention by number, then its annexes, then other sources."""
    digits = "".join(character if character.isdigit() else " " for character in article).split()
    kind = 0 if article.startswith("art.") else 1 if article.startswith("Annex") else 2
    return kind, int(digits[0]) if digits else 0, article


def clocks() -> str:
    """Return the clocks as a fresh installation has them."""
    rows = (
        (code(name), Clock(name).label, _length(years, months, days), article, start, end or "")
        for name, start, end, years, months, days, article in import_module(MIGRATION_WITH_CLOCKS).RULES
    )
    return table(("clock", "runs", "for", "by", "in force from", "up to"), rows)


def _length(years: int, months: int, days: int) -> str:
    said = ((years, "year"), (months, "month"), (days, "day"))
    return " ".join(f"{number} {word}{'s' if number > 1 else ''}" for number, word in said if number)
