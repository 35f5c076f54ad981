"""A carnet as it stands in its rows: what judging and writing ask of it."""

from datetime import date, timedelta

import pytest

from carnets.choices import LiabilityStatus
from carnets.projection.facts import project
from carnets.projection.record import Exclusion
from tests.checkpoints.judging.cases import carnet_on_record
from tests.evidence import certify, plan_of, territory_id

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


class TestExclusion:
    @pytest.mark.parametrize(
        ("countries", "day", "covers"),
        [
            ({"KZ"}, TODAY, True),
            ({"KG", "KZ"}, TODAY, True),  # one decision binds a union
            ({"KG"}, TODAY, False),
            ({"KZ"}, TODAY - DAY, False),
            ({"KZ"}, TODAY + 9 * DAY, True),
            ({"KZ"}, TODAY + 10 * DAY, False),
        ],
    )
    def test_is_of_a_country_from_a_day_up_to_another(
        self, countries: set[str], day: date, covers: bool
    ) -> None:
        assert Exclusion("KZ", TODAY, TODAY + 10 * DAY).covers(countries, day) is covers


class TestCarnetOnRecord:
    def test_finds_the_operation_of_a_page(self) -> None:
        carnet = carnet_on_record()
        operations = [carnet.operation(page) for page in (3, 4, 9)]

        assert [found.sequence if found else None for found in operations] == [2, 2, None]

    def test_keeps_its_operations_in_order_when_one_is_added(self) -> None:
        carnet = carnet_on_record()
        carnet.add_operation(77, 6, 1, "CN")
        carnet.add_operation(76, 5, 1, "CN")

        assert [row.sequence for row in carnet.operations] == [1, 2, 3, 4, 5, 6]


class TestOperationOnRecord:
    @pytest.mark.parametrize("liability", LiabilityStatus)
    def test_is_moved_by_stamps_until_customs_speak(self, liability: LiabilityStatus) -> None:
        row = carnet_on_record().operations[1]
        row.liability = liability

        assert row.is_moved_by_stamps is (liability in {LiabilityStatus.NONE, LiabilityStatus.BORNE})

    @pytest.mark.parametrize(
        ("office", "country", "territory"), [("UZYAL001", "UZ", "UZ"), ("KZHOR001", "KZ", "EAEU")]
    )
    def test_lies_where_its_stamps_are(self, office: str, country: str, territory: str) -> None:
        row = carnet_on_record().operations[1]

        row.follow_place(project(plan_of(), [certify(3, office=office)])[1])
        assert (row.country, row.territory_id) == (country, territory_id(territory))

        row.follow_place(project(plan_of(), [])[1])  # taken back: as planned again
        assert (row.country, row.territory_id) == ("KZ", territory_id("EAEU"))
