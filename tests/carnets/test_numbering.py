"""Carnet numbers: the check letters catch every slip of a pen, and a number is handed out once."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnets.models import Carnet, NumberRange
from carnets.numbering import (
    CarnetNumberInvalid,
    CarnetNumberNotInStock,
    CarnetNumberTaken,
    NumbersExhausted,
    allocate,
    check_letters,
    format_number,
    parse_number,
)
from tests.world import World

VECTORS = ("XN25000050", "JX95000448", "JX72581267", "AX66950772")  # domain.md 3.1: independent sources
SYNTHETIC = (
    "XZ99000001", "XC99000002", "XF99000003", "RX99000004", "UX99000005", "XX99000006", "AX99000007", "DX99000008",
    "GX99000009", "JX99000010",
)  # fmt: skip
PREFIXES = "RX UX XX AX DX GX JX MX PX SX VX YX XB XE XH XK XN XQ XT XW XZ XC XF".split()


def wrong_digits(number: str) -> Iterator[str]:
    """Every number that differs from this one in a single digit."""
    for place, right in enumerate(number):
        if right.isdigit():
            yield from (
                number[:place] + wrong + number[place + 1 :] for wrong in "0123456789" if wrong != right
            )


def swapped_neighbours(number: str) -> Iterator[str]:
    """Every number that comes of swapping two neighbours of this one and is another number."""
    for place in range(len(number) - 1):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            yield swapped


class TestParseNumber:
    @pytest.mark.parametrize("number", [*VECTORS, *SYNTHETIC])
    def test_accepts_numbers_of_independent_sources(self, number: str) -> None:
        assert parse_number(number) == number

    @pytest.mark.parametrize("slip", [slip for number in VECTORS for slip in wrong_digits(number)])
    def test_refuses_every_wrong_digit(self, slip: str) -> None:
        with pytest.raises(CarnetNumberInvalid):
            parse_number(slip)

    @pytest.mark.parametrize("slip", [slip for number in VECTORS for slip in swapped_neighbours(number)])
    def test_refuses_every_swap_of_neighbours(self, slip: str) -> None:
        with pytest.raises(CarnetNumberInvalid):
            parse_number(slip)

    @given(st.integers(25_000_001, 999_999_999))
    def test_refuses_every_slip_in_any_number(self, digits: int) -> None:
        number = format_number(digits)

        assert parse_number(number) == number
        for slip in {*wrong_digits(number), *swapped_neighbours(number)}:
            with pytest.raises(CarnetNumberInvalid):
                parse_number(slip)

    @pytest.mark.parametrize(
        ("typed", "canonical"),
        [
            ("xz99000001", "XZ99000001"),
            ("  XZ 99 000 001\n", "XZ99000001"),
            ("XZ\u00a099000001", "XZ99000001"),
            ("25000000", "25000000"),
            ("1", "1"),
        ],
    )
    def test_gives_the_canonical_form(self, typed: str, canonical: str) -> None:
        assert parse_number(typed) == canonical

    @pytest.mark.parametrize(
        "text",
        [
            "", "XZ", "XZ-99000001", "99000001", "25000001", "XN25000000", "XZ099000001", "XZ٩٩٠٠٠٠٠١", "ZX99000001",
            "XXZ99000001", "XZ99000001X", "XZ1000000000", "0", "-1", "1.0", "XZ99000001\x00",
        ],
    )  # fmt: skip
    def test_refuses_what_is_no_number(self, text: str) -> None:
        with pytest.raises(CarnetNumberInvalid):
            parse_number(text)

    def test_names_the_field_it_was_given_in(self) -> None:
        with pytest.raises(CarnetNumberInvalid) as refused:
            parse_number("XZ99000002", field="carnet")

        assert (refused.value.field, refused.value.facts["number"]) == ("carnet", "XZ99000002")


class TestCheckLetters:
    @pytest.mark.parametrize(("remainder", "letters"), list(enumerate(PREFIXES)))
    def test_follow_the_remainder_by_twenty_three(self, remainder: int, letters: str) -> None:
        assert check_letters(23 * 4_000_000 + remainder) == letters


class TestFormatNumber:
    def test_leaves_numbers_from_before_2001_without_letters(self) -> None:
        assert format_number(25_000_000) == "25000000"

    def test_puts_letters_before_every_later_number(self) -> None:
        assert format_number(25_000_001) == check_letters(25_000_001) + "25000001"


class TestAllocate:
    def test_takes_the_next_number_of_the_stock(self, world: World) -> None:
        association = world.associations["CN"]

        assert [allocate(association=association), allocate(association=association)] == [
            "XZ99000001",
            "XC99000002",
        ]

    def test_skips_numbers_that_were_taken_by_name(self, world: World) -> None:
        for number in ("XZ99000001", "XF99000003"):
            world.issue(number=number)

        assert [world.issue().number, world.issue().number] == ["XC99000002", "RX99000004"]

    def test_goes_on_in_the_next_range(self, world: World) -> None:
        association = world.associations["CN"]
        NumberRange.objects.update(next=99_009_999)
        NumberRange.objects.create(
            association=association, first=99_500_000, last=99_500_000, next=99_500_000
        )

        taken = [allocate(association=association), allocate(association=association)]

        assert taken == [format_number(99_009_999), format_number(99_500_000)]
        with pytest.raises(NumbersExhausted):
            allocate(association=association)

    def test_refuses_when_the_stock_is_used_up(self, world: World) -> None:
        NumberRange.objects.update(next=99_010_000)

        with pytest.raises(NumbersExhausted):
            world.issue()

        assert not Carnet.objects.exists()

    def test_refuses_a_number_of_another_stock(self, world: World) -> None:
        theirs = world.associations["KZ"]
        NumberRange.objects.create(association=theirs, first=99_010_000, last=99_019_999, next=99_010_000)
        number = format_number(99_010_000)

        with pytest.raises(CarnetNumberNotInStock):
            allocate(association=world.associations["CN"], number=number)

        assert allocate(association=theirs, number=number) == number

    def test_refuses_a_number_twice(self, world: World) -> None:
        world.issue(number="XZ99000001")

        with pytest.raises(CarnetNumberTaken):
            world.issue(number="xz 99000001")

    def test_refuses_a_number_with_wrong_letters(self, world: World) -> None:
        with pytest.raises(CarnetNumberInvalid):
            allocate(association=world.associations["CN"], number="XC99000001")
