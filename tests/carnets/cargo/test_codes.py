"""Kinds of packages: the list is long and typed by hand, so its form and some of its codes are looked after."""

import pytest

from carnets.cargo.codes import BULK_KINDS, PACKAGE_KINDS


@pytest.mark.parametrize(
    ("code", "is_known", "is_bulk"),
    [
        ("CT", True, False),  # carton
        ("PX", True, False),  # pallet
        ("BG", True, False),  # bag
        ("NE", True, False),  # unpacked
        ("4G", True, False),  # fibreboard box
        ("VR", True, True),  # bulk, solid, granular particles
        ("VL", True, True),  # bulk, liquid
        ("VP", True, False),  # vacuum-packed
        ("XX", False, False),
        ("ct", False, False),
    ],
)
def test_are_those_of_the_recommendation(code: str, is_known: bool, is_bulk: bool) -> None:
    assert (code in PACKAGE_KINDS, code in BULK_KINDS) == (is_known, is_bulk)


def test_have_two_characters_each() -> None:
    assert all(len(code) == 2 and code.isascii() and code == code.upper() for code in PACKAGE_KINDS)
    assert len(PACKAGE_KINDS) > 350
