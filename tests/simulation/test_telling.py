"""How posts tell: everybody says enough, and no spelling makes another seal."""

from decimal import Decimal
from random import Random

import pytest

from checkpoints.simulation.telling import Certified, packages_said, seals_said, spelt, with_twins
from tir.kernel.spelling import are_spelt_differently, common_form

SEALS = ("CN-123456", "KZ-654321")
TIMES = 400


class TestSeals:
    def test_are_ticked_or_listed_or_both(self) -> None:
        rng = Random(1)
        said = [seals_said(SEALS, rng) for _ in range(TIMES)]

        assert {frozenset(each) for each in said} == {
            frozenset({"seals_intact"}),
            frozenset({"seals_found"}),
            frozenset({"seals_intact", "seals_found"}),
        }

    def test_are_not_spoken_of_where_there_are_none(self) -> None:
        assert seals_said((), Random(1)) == {}

    def test_stay_the_same_seals_however_they_are_spelt(self) -> None:
        rng = Random(1)
        spellings = {spelt("CN-123456", rng) for _ in range(TIMES)}

        assert len(spellings) == 6
        assert {common_form(spelling) for spelling in spellings} == {"CN123456"}

    def test_have_twins_that_only_look_alike(self) -> None:
        twin = with_twins("TC-77")

        assert twin != "TC-77"
        assert are_spelt_differently([twin], ["TC-77"])


class TestPackages:
    def test_are_counted_or_as_in_the_manifest_under_seal(self) -> None:
        rng = Random(1)
        said = [packages_said(Certified(420, Decimal(8000)), rng, is_sealed=True) for _ in range(TIMES)]

        assert {tuple(sorted(each)) for each in said} == {
            ("packages",),
            ("packages_basis",),
            ("packages", "packages_basis"),
        }
        assert {each["packages"] for each in said if "packages" in each} == {420}

    def test_are_counted_where_nothing_is_sealed(self) -> None:
        rng = Random(1)

        for _ in range(TIMES):
            assert packages_said(Certified(420, Decimal(8000)), rng, is_sealed=False) == {"packages": 420}

    @pytest.mark.parametrize("is_sealed", [True, False])
    def test_are_weighed_where_they_cannot_be_counted(self, is_sealed: bool) -> None:
        rng = Random(1)
        said = [
            packages_said(Certified(None, Decimal(20_000)), rng, is_sealed=is_sealed) for _ in range(TIMES)
        ]

        masses = [each["mass_kg"] for each in said if "mass_kg" in each]
        assert all(19_700 <= mass <= 20_300 for mass in masses)
        assert (len(masses) == TIMES) is not is_sealed
