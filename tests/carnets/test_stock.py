"""The stock of carnet numbers: given, used in turn and by name, low in time."""

import pytest
from django.db import IntegrityError, transaction

from carnets import stock
from carnets.models import NumberRange
from carnets.numbering import NumbersExhausted, format_number
from guarantees.models import Association
from tests.world import START, World


def give(world: World, first: int, last: int, country: str = "KZ") -> NumberRange:
    return stock.give_range(
        association=world.associations[country], first=first, last=last, by=world.staff["CN"], at=START
    )


def of(association: Association) -> stock.Stock:
    return stock.stocks([association.pk])[association.pk]


class TestGiving:
    def test_adds_a_range_with_who_and_when(self, world: World) -> None:
        given = give(world, 99_100_001, 99_100_100)

        assert (given.next, given.given_at, given.given_by) == (99_100_001, START, world.staff["CN"])
        assert of(world.associations["KZ"]) == stock.Stock(given=100, used=0, alarm_at=500)

    @pytest.mark.parametrize(("first", "last"), [(99_100_002, 99_100_001), (25_000_000, 26_000_000)])
    def test_refuses_what_is_no_range(self, world: World, first: int, last: int) -> None:
        with pytest.raises(stock.NumberRangeInvalid):
            give(world, first, last)

    @pytest.mark.parametrize(
        ("first", "last"), [(99_009_999, 99_010_010), (98_000_000, 99_000_001), (99_000_500, 99_000_600)]
    )
    def test_refuses_numbers_given_before(self, world: World, first: int, last: int) -> None:
        with pytest.raises(stock.NumberRangeTaken):
            give(world, first, last)

    def test_never_overlaps_in_the_database_either(self, world: World) -> None:
        with pytest.raises(IntegrityError, match="number_range_apart"), transaction.atomic():
            NumberRange.objects.create(
                association=world.associations["KZ"], first=99_000_700, last=99_000_800, next=99_000_700
            )


class TestUsing:
    def test_counts_numbers_in_turn_and_by_name_once_each(self, world: World) -> None:
        issuer = world.associations["CN"]
        world.issue(number=format_number(99_000_002))
        world.issue()
        world.issue()  # 99000003: the second was issued by name

        assert of(issuer).used == 3
        assert of(issuer).left == 9_999 - 3
        assert NumberRange.objects.get(association=issuer).next == 99_000_004

    def test_goes_on_to_the_next_range_and_then_ends(self, world: World) -> None:
        NumberRange.objects.update(first=99_009_999, next=99_009_999)
        give(world, 99_100_001, 99_100_001, country="CN")

        numbers = [world.issue().number, world.issue().number]

        assert numbers == [format_number(99_009_999), format_number(99_100_001)]
        with pytest.raises(NumbersExhausted):
            world.issue()


class TestAlarm:
    @pytest.mark.parametrize(("alarm", "is_low"), [(9_999, False), (10_000, True)])
    def test_rings_when_fewer_are_left_than_the_association_wants(
        self, world: World, alarm: int, is_low: bool
    ) -> None:
        Association.objects.filter(code="071").update(stock_alarm=alarm)

        assert of(world.associations["CN"]).is_low is is_low
