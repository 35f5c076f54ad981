"""Every refusal of a rule has a test of the rule's own name, with rows where the rule holds and rows where it does not.

The rules are those of the two rule books and the comparisons of the catalogue; their tests are parametrised, and the
last column of the rows says what is expected.
"""

from collections.abc import Iterator
from types import ModuleType

import pytest

from carnets.reconciliation.catalogue import CATALOGUE
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from tests.carnets import test_rules as issuing
from tests.carnets.reconciliation import test_catalogue as catalogue
from tests.checkpoints.judging import test_rules as judging

RULES = [
    *((issuing, f"test_{rule.name}") for rule in ISSUE),
    *((judging, f"test_{rule.name}") for rule in CHECKPOINT),
    *((catalogue, f"test_{entry.code}_at_{entry.side}") for entry in CATALOGUE),
]


def expectations(test: object) -> Iterator[object]:
    """Yield what the rows expect: the last value of each row of a test's own parameters."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            for row in mark.args[1]:
                yield row[-1] if isinstance(row, tuple) else row


class TestEveryRule:
    def test_is_asked_about(self) -> None:
        assert len(RULES) == len(set(RULES)) == len(list(ISSUE)) + len(list(CHECKPOINT)) + len(CATALOGUE)
        assert min(len(list(ISSUE)), len(list(CHECKPOINT)), len(CATALOGUE)) > 10

    @pytest.mark.parametrize(("module", "name"), RULES, ids=[name for _module, name in RULES])
    def test_has_a_test_of_its_name_with_rows_that_pass_and_rows_that_fail(
        self, module: ModuleType, name: str
    ) -> None:
        test = getattr(module, name, None)

        assert test is not None, f"{module.__name__} has no {name}: write it, with rows of both kinds"
        assert set(expectations(test)) == {True, False}, f"{name} needs rows of both kinds"
