"""Every refusal of a rule has a test of the rule's own name, with rows where the rule holds and rows where it does not.

The rules are those of the two rule books and the comparisons of the catalogue; their tests are parametrised, and the
last column of the rows says what is expected.
"""

from collections.abc import Iterator, Sequence
from types import ModuleType

import pytest

from carnets.reconciliation.catalogue import CATALOGUE
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from tests.carnets.reconciliation.catalogue import test_journey as compared_journey
from tests.carnets.reconciliation.catalogue import test_load as compared_load
from tests.carnets.reconciliation.catalogue import test_paper as compared_paper
from tests.carnets.rules import test_goods, test_parties, test_route
from tests.checkpoints.judging import test_journey, test_load, test_validity

Tests = Sequence[ModuleType]
ISSUING: Tests = (test_parties, test_route, test_goods)
JUDGING: Tests = (test_validity, test_journey, test_load)
COMPARING: Tests = (compared_paper, compared_journey, compared_load)
RULES = [
    *((ISSUING, f"test_{rule.name}") for rule in ISSUE),
    *((JUDGING, f"test_{rule.name}") for rule in CHECKPOINT),
    *((COMPARING, f"test_{entry.code}_at_{entry.side}") for entry in CATALOGUE),
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

    @pytest.mark.parametrize(("modules", "name"), RULES, ids=[name for _modules, name in RULES])
    def test_has_a_test_of_its_name_with_rows_that_pass_and_rows_that_fail(
        self, modules: Tests, name: str
    ) -> None:
        test = next((getattr(module, name) for module in modules if hasattr(module, name)), None)

        assert test is not None, f"there is no {name}: write it, with rows of both kinds"
        assert set(expectations(test)) == {True, False}, f"{name} needs rows of both kinds"
