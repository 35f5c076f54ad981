"""What docs/security.md and docs/asvs.md promise: every finding and every requirement has its row, and every test
that a row names is there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = ("docs/security.md", "docs/asvs.md")
# How many requirements OWASP ASVS 5.0.0 has at each level, and in each chapter at both.
OF_LEVEL = {"1": 70, "2": 183}
OF_CHAPTER = {
    "1": 27, "2": 11, "3": 19, "4": 10, "5": 9, "6": 35, "7": 18, "8": 7, "9": 7, "10": 29, "11": 14, "12": 9,
    "13": 13, "14": 9, "15": 13, "16": 16, "17": 7,
}  # fmt: skip
STATES = {"met", "partly", "no", "n/a"}
FOUND = {
    *("B1", "B2", "B3"),
    *(f"M{number}" for number in range(1, 13)),
    *(f"m{number}" for number in range(1, 9)),
    *(f"C{number}" for number in range(1, 14)),
    *("1.1", "3.1", "3.2", "3.3", "5.2", "6.2", "6.3", "6.5", "8", "D"),
}
NAMED = re.compile(r"`((?:tests|checkpoints/scanner/tests)/[\w./]+)((?:::\w+)*)`")


def rows(page: str, section: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables in a section; of all where none is named."""
    text = (ROOT / page).read_text()
    part = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0] if section else text
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in ("no.", "wall", "what", "key", "chapter"):
            yield cells


def findings() -> list[list[str]]:
    return list(rows("docs/security.md", "What was found, and where it is tried"))


def requirements() -> list[list[str]]:
    return [cells for cells in rows("docs/asvs.md", "") if re.fullmatch(r"\d+\.\d+\.\d+", cells[0])]


def names_in(path: Path) -> set[str]:
    """Return the classes and tests of a file, a method by its class and its own name."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(f"::{node.name}")
        if isinstance(node, ast.ClassDef):
            found |= {
                f"::{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)
            }
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_exists(page: str) -> None:
    named = set(NAMED.findall((ROOT / page).read_text()))
    gone = {
        path + name
        for path, name in named
        if not (ROOT / path).exists() or (name and name not in names_in(ROOT / path))
    }

    assert len(named) > 60
    assert gone == set()


class TestFindings:
    def test_are_all_there(self) -> None:
        assert {cells[0] for cells in findings()} == FOUND

    def test_name_a_test_or_say_why_there_is_none(self) -> None:
        silent = {
            cells[1]
            for cells in findings()
            if not NAMED.search(cells[-1]) and not cells[2].startswith(("not done", "the rows below"))
        }

        assert silent == set()


class TestRequirements:
    def test_are_all_there_once(self) -> None:
        numbers = [cells[0] for cells in requirements()]

        assert len(numbers) == len(set(numbers))
        assert Counter(cells[1] for cells in requirements()) == OF_LEVEL
        assert Counter(number.partition(".")[0] for number in numbers) == OF_CHAPTER

    def test_are_met_by_something_or_say_why_not(self) -> None:
        for number, _level, _asks, state, why in requirements():
            assert state in STATES, number
            assert why, number
            if state == "met":
                assert re.search(r"`[\w./-]+(::\w+)*`", why), f"{number} is met by nothing that is named"

    def test_are_summed_up_rightly(self) -> None:
        (total,) = (cells[1:] for cells in rows("docs/asvs.md", "") if cells[0] == "all")
        counted = Counter(cells[3] for cells in requirements())

        assert [int(cell.strip("| ")) for cell in total] == [
            counted[state] for state in ("met", "partly", "no", "n/a")
        ]
