"""The parts of law.md that the code writes: which article is kept where, and tested where.

The rows are written by hand in `articles` and `annexes`; the generator stops when one names code that does not exist.
"""

from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from typing import Final

from carnets.reconciliation.catalogue import CATALOGUE
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from docs.generating.annexes import ANNEXES
from docs.generating.articles import CONVENTION, Row
from docs.generating.markdown import code, codes, table
from docs.generating.rules import once_a_code
from docs.generating.tests_by_name import ROOT, files_of
from guarantees.choices import Clock

MIGRATIONS_WITH_CLOCKS: Final = ("guarantees.migrations.0002_clock_rules",)


class CodeMissing(LookupError):
    """A row of the legal map names code that does not exist."""


ARTICLES: Final[tuple[Row, ...]] = (*CONVENTION, *ANNEXES)


def articles() -> str:
    rows = (
        (row.article, row.says, codes(existing(name) for name in row.code), _tests(row)) for row in ARTICLES
    )
    return table(("article", "what it asks", "kept in", "tried by"), rows)


def _tests(row: Row) -> str:
    return ", ".join(f"{code(test)}" for test in row.tests)


def existing(name: str) -> str:
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
    for book in (ISSUE, CHECKPOINT):
        for rule in book:
            path = f"{rule.check.__module__.replace('.', '/')}.py"
            yield rule.article, code(rule.code), code(path), _tried(f"test_{rule.name}")
    for item, vouchers in once_a_code(CATALOGUE):
        what = f"{code(item.code)}, voucher {vouchers}"
        tried = _tried(f"test_{item.code}_at_{item.side}")
        yield item.article, what, "`carnets/reconciliation/catalogue.py`", tried


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
        for migration in MIGRATIONS_WITH_CLOCKS
        for name, start, end, years, months, days, article in import_module(migration).RULES
    )
    return table(("clock", "runs", "for", "by", "in force from", "up to"), rows)


def _length(years: int, months: int, days: int) -> str:
    said = ((years, "year"), (months, "month"), (days, "day"))
    return " ".join(f"{number} {word}{'s' if number > 1 else ''}" for number, word in said if number)
