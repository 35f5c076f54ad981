"""Customs territories: who belongs to which on a day, and how far an exclusion reaches in a union."""

from datetime import date, timedelta

import pytest

from guarantees.models import CustomsTerritory, TerritoryMember
from guarantees.territories import alpha3, binding_in, bound_by, countries_of, territories_of
from tests.world import World
from tir.kernel.kept import Kept

DAY = timedelta(days=1)
JOINS, LEAVES = date(2026, 5, 1), date(2030, 1, 1)


@pytest.fixture
def union(world: World) -> CustomsTerritory:
    """Poland and for some years Bulgaria, each bound by what the other excludes; Malta, whose exclusions bind nobody
    else."""
    union = CustomsTerritory.objects.create(code="EU", name_en="European Union")
    for country, valid_from, valid_to, binds in (
        ("PL", date(2004, 5, 1), None, True),
        ("BG", JOINS, LEAVES, True),
        ("MT", date(2004, 5, 1), None, False),
    ):
        TerritoryMember.objects.create(
            territory=union, country=country, valid_from=valid_from, valid_to=valid_to,
            exclusions_bind_union=binds,
        )  # fmt: skip
    Kept.forget_all()
    return union


class TestMembers:
    @pytest.mark.parametrize(
        ("on", "countries"),
        [
            (JOINS - DAY, {"PL", "MT"}),
            (JOINS, {"PL", "BG", "MT"}),
            (LEAVES - DAY, {"PL", "BG", "MT"}),
            (LEAVES, {"PL", "MT"}),
        ],
    )
    def test_belong_from_their_first_day_up_to_the_end(
        self, union: CustomsTerritory, on: date, countries: set[str]
    ) -> None:
        assert countries_of(union.pk, on=on) == countries
        assert territories_of("BG", on=on) == ({union.pk} if "BG" in countries else set())

    def test_of_none_are_nowhere(self, union: CustomsTerritory) -> None:
        assert territories_of("FR", on=JOINS) == frozenset()


class TestAnExclusion:
    @pytest.mark.parametrize(
        ("by", "on", "holds_in"),
        [
            ("PL", JOINS, {"PL", "BG", "MT"}),
            ("PL", JOINS - DAY, {"PL", "MT"}),
            ("MT", JOINS, {"MT"}),
            ("BG", LEAVES, {"BG"}),
            ("FR", JOINS, {"FR"}),
        ],
    )
    def test_binds_the_union_of_who_binds_it(
        self, union: CustomsTerritory, by: str, on: date, holds_in: set[str]
    ) -> None:
        assert bound_by(by, on=on) == holds_in
        assert {
            country for country in ("PL", "BG", "MT", "FR") if by in binding_in(country, on=on)
        } == holds_in


class TestAlpha3:
    @pytest.mark.parametrize(("alpha2", "said"), [("KZ", "KAZ"), ("CN", "CHN"), ("XK", "XK"), ("", "")])
    def test_is_the_code_of_iso_or_what_was_given(self, alpha2: str, said: str) -> None:
        """ISO has no code for Kosovo."""
        assert alpha3(alpha2) == said
