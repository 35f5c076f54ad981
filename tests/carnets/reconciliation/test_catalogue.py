"""The catalogue of irregularities as a whole; each entry has a test of its own name under `catalogue/`."""

from typing import Any

import pytest

from carnets.choices import Severity
from carnets.reconciliation.catalogue import CATALOGUE, NEVER, about
from tests.carnets.reconciliation.catalogue.finding import travelled
from tests.world import World, flagged


class TestCatalogue:
    def test_finds_nothing_about_a_clean_journey(self, world: World) -> None:
        assert flagged(travelled(world)) == set()

    def test_names_each_comparison_once_a_page(self) -> None:
        entries = [(entry.code, entry.side) for entry in CATALOGUE]

        assert len(entries) == len(set(entries))

    @pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: f"{entry.code}-{entry.side}")
    def test_says_why_and_by_which_law(self, entry: Any) -> None:
        assert str(entry.message).endswith(".")
        assert entry.article

    @pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: f"{entry.code}-{entry.side}")
    def test_lets_nothing_grave_be_discharged_by_machine(self, entry: Any) -> None:
        if entry.severity in (Severity.HIGH, Severity.BLOCK):
            assert entry.bars != NEVER

    def test_lets_nothing_bar_that_the_law_calls_minor(self) -> None:
        """Art. 39 (delay), 27 (another office), 45 (paired offices), 26; spelling; a role."""
        minor = {
            "late", "wrong_office", "wrong_country_seq", "suspended_too_long", "spelt_differently",
            "office_role_not_approved",
        }  # fmt: skip

        assert {entry.code for entry in CATALOGUE if not entry.bars_discharge} == minor | {
            "guarantee_not_reserved"
        }


class TestAbout:
    @pytest.mark.parametrize(("page", "side"), [(3, "start"), (4, "termination")])
    def test_is_the_entry_for_the_page(self, page: int, side: str) -> None:
        assert about("duplicate", page).side == side
