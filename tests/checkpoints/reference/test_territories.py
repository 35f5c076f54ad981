"""The reference tables of territories and associations agree with each other. The files alone are judged."""

import re
from itertools import pairwise

import pytest

from checkpoints.reference import tables
from tests.checkpoints.reference.test_tables import ASSOCIATIONS, CAREC, COUNTRIES, OFFICES, TERRITORY_OF


class TestTerritories:
    def test_have_members(self) -> None:
        assert {member.territory for member in tables.member_rows()} == {
            each.code for each in tables.territory_rows()
        }

    def test_hold_each_country_once_at_a_time(self) -> None:
        for earlier, later in pairwise(
            sorted(tables.member_rows(), key=lambda each: (each.country, each.valid_from))
        ):
            follows = earlier.valid_to is not None and earlier.valid_to <= later.valid_from
            assert earlier.country != later.country or follows

    def test_count_the_eurasian_union_as_one(self) -> None:
        assert {country for country, code in TERRITORY_OF.items() if code == "EAEU"} == {
            "AM",
            "BY",
            "KG",
            "KZ",
            "RU",
        }

    def test_cover_every_carec_member(self) -> None:
        assert TERRITORY_OF.keys() >= CAREC
        assert COUNTRIES.keys() == TERRITORY_OF.keys()

    def test_give_time_to_cross(self) -> None:
        assert all(8 <= each.default_transit_days <= 15 for each in tables.territory_rows())
        assert all(0 < each.grace_hours <= 72 for each in tables.territory_rows())


class TestAssociations:
    def test_stand_in_every_country_that_has_an_office(self) -> None:
        assert {each.country for each in ASSOCIATIONS.values()} == {
            office.country for office in OFFICES.values()
        }

    def test_have_three_digits(self) -> None:
        assert all(re.fullmatch(r"\d{3}", code) for code in ASSOCIATIONS)

    @pytest.mark.parametrize("code", ASSOCIATIONS)
    def test_owe_a_maximum_on_every_day_since_the_first(self, code: str) -> None:
        own = [maximum for maximum in tables.maximum_rows() if maximum.association_code == code]

        assert [(int(each.amount), each.currency) for each in own] == [(60_000, "EUR"), (100_000, "EUR")]
        assert all(earlier.valid_to == later.valid_from for earlier, later in pairwise(own))
        assert own[-1].valid_to is None

    def test_own_every_maximum(self) -> None:
        assert {maximum.association_code for maximum in tables.maximum_rows()} == ASSOCIATIONS.keys()
