"""Rules about units and goods: each by a test of its own name, with rows where it holds and rows where it does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from carnets.choices import CarnetKind, UnitKind
from carnets.rules import DeclaredConsignment
from carnets.rules import goods as rules
from tests.carnets.rules.applications import DAY, SHIRTS, TODAY, application, assert_rule, goods, vehicle


@pytest.mark.parametrize(
    ("kinds", "containers", "holds"),
    [
        ([UnitKind.RIGID], (), True),
        ([UnitKind.TRACTOR, UnitKind.TRAILER], (), True),
        ([UnitKind.TRACTOR], (), False),
        ([], ("CSQU3054383",), True),  # art. 17(1): each road vehicle or container
        ([], (), False),
    ],
)
def test_something_carries_the_goods(kinds: Sequence[str], containers: tuple[str, ...], holds: bool) -> None:
    case = application(vehicles=[vehicle(kind=kind) for kind in kinds], containers=containers)

    assert_rule(rules.something_carries_the_goods, case, holds=holds)


@pytest.mark.parametrize(
    ("plates", "containers", "holds"),
    [
        (("01KZ123ABC", "02KZ123ABC"), ("CSQU3054383",), True),
        (("01KZ123ABC", "01KZ123ABC"), (), False),
        (("01KZ123ABC", "01 kz-123 авс"), (), False),  # the same plate, written otherwise
        (("01KZ123ABC",), ("CSQU3054383", "CSQU 305438-3"), False),
    ],
)
def test_each_unit_is_named_once(plates: tuple[str, ...], containers: tuple[str, ...], holds: bool) -> None:
    vehicles = [replace(vehicle(), registration=plate) for plate in plates]

    assert_rule(
        rules.each_unit_is_named_once, application(vehicles=vehicles, containers=containers), holds=holds
    )


@pytest.mark.parametrize(
    ("kind", "expires", "changes", "holds"),
    [
        (UnitKind.RIGID, TODAY, {}, True),
        (UnitKind.RIGID, None, {}, False),
        (UnitKind.TRAILER, None, {}, False),
        (UnitKind.TRACTOR, None, {}, True),  # it carries nothing
        (UnitKind.RIGID, None, {"is_heavy_or_bulky": True}, True),  # art. 29
        (UnitKind.TRAILER, None, {"containers": ("CSQU3054383",)}, True),  # approved by its own plate
    ],
)
def test_load_compartments_are_approved(
    kind: str, expires: date | None, changes: dict[str, Any], holds: bool
) -> None:
    case = application(vehicles=[vehicle(), vehicle(expires, kind)], **changes)

    assert_rule(rules.load_compartments_are_approved, case, holds=holds)


@pytest.mark.parametrize(
    ("expires", "is_heavy_or_bulky", "holds"),
    [(TODAY, False, True), (None, False, True), (TODAY - DAY, False, False), (TODAY - DAY, True, True)],
)
def test_approval_certificates_are_valid(expires: date | None, is_heavy_or_bulky: bool, holds: bool) -> None:
    case = application(vehicles=[vehicle(), vehicle(expires)], is_heavy_or_bulky=is_heavy_or_bulky)

    assert_rule(rules.approval_certificates_are_valid, case, holds=holds)


@pytest.mark.parametrize(
    ("containers", "holds"),
    [
        ((), True),
        (("CSQU3054383", "TEXU3070079"), True),
        (("CSQU3054383", "CSQU3054384"), False),
        (("CSQ03054383",), False),
        (("CSQU305438",), False),
    ],
)
def test_container_numbers_have_their_check_digit(containers: tuple[str, ...], holds: bool) -> None:
    assert_rule(
        rules.container_numbers_have_their_check_digit, application(containers=containers), holds=holds
    )


@pytest.mark.parametrize(
    ("hs_code", "holds"),
    [
        ("", True), ("620520", True), ("62052000", True), ("6205200000", True), ("6205200000123", True),
        ("62052", False), ("62052A", False), ("٦٢٠٥٢٠", False), ("62052000001234", False), ("6205.20", False),
    ],
)  # fmt: skip
def test_commodity_codes_are_well_formed(hs_code: str, holds: bool) -> None:
    case = application(lines=[goods(), goods(hs_code=hs_code)])

    assert_rule(rules.commodity_codes_are_well_formed, case, holds=holds)


@pytest.mark.parametrize(
    ("kind", "holds"),
    [("CT", True), ("PX", True), ("VG", True), ("carton", False), ("qqq?", False), ("", False)],
)
def test_package_kinds_are_known(kind: str, holds: bool) -> None:
    case = application(lines=[goods(), goods(package_kind=kind)])

    assert_rule(rules.package_kinds_are_known, case, holds=holds)


BULK = ("VG", "VL", "VO", "VQ", "VR", "VS", "VY")


@pytest.mark.parametrize(
    ("kind", "packages", "holds"),
    [("CT", 1, True), ("CT", 0, True), ("CT", None, False), *((kind, None, True) for kind in BULK)],
)
def test_packages_are_counted_unless_bulk(kind: str, packages: int | None, holds: bool) -> None:
    case = application(lines=[goods(), goods(package_kind=kind, packages=packages)])

    assert_rule(rules.packages_are_counted_unless_bulk, case, holds=holds)


@pytest.mark.parametrize(
    ("kind", "packages", "holds"),
    [("CT", 5, True), *((kind, packages, not packages) for kind in BULK for packages in (None, 0, 5))],
)
def test_bulk_goods_are_not_counted(kind: str, packages: int | None, holds: bool) -> None:
    case = application(lines=[goods(), goods(package_kind=kind, packages=packages)])

    assert_rule(rules.bulk_goods_are_not_counted, case, holds=holds)


@pytest.mark.parametrize(
    ("counts", "holds"), [((10, 0), True), ((10,), True), ((0,), False), ((0, 0), False), ((0, None), False)]
)
def test_goods_without_packages_share_those_of_another_line(
    counts: tuple[int | None, ...], holds: bool
) -> None:
    """A pallet of two kinds of goods: one line has the packages, the other 0; those of another consignment do not
    count."""
    elsewhere = DeclaredConsignment(1, 8, (SHIRTS,))
    shared = DeclaredConsignment(1, 8, tuple(goods(packages=count) for count in counts))
    case = application(consignments=[elsewhere, shared])

    assert_rule(rules.goods_without_packages_share_those_of_another_line, case, holds=holds)


@pytest.mark.parametrize(
    ("net", "holds"), [(None, True), (Decimal("8200.5"), True), (Decimal("8200.500001"), False)]
)
def test_net_mass_is_within_gross_mass(net: Decimal | None, holds: bool) -> None:
    case = application(lines=[goods(), goods(net_mass_kg=net)])

    assert_rule(rules.net_mass_is_within_gross_mass, case, holds=holds)


@pytest.mark.parametrize(
    ("equipment", "holds"),
    [("", True), ("01KZ123ABC", True), ("01 kz 123 abc", True), ("CSQU3054383", True), ("99ZZ999", False)],
)
def test_goods_travel_in_a_unit_of_the_carnet(equipment: str, holds: bool) -> None:
    case = application(lines=[goods(), goods(equipment=equipment)], containers=("CSQU3054383",))

    assert_rule(rules.goods_travel_in_a_unit_of_the_carnet, case, holds=holds)


@pytest.mark.parametrize(
    ("hs_code", "kind", "holds"),
    [
        *(
            (code, CarnetKind.ORDINARY, False)
            for code in ("220710", "220830", "240210", "240220", "240311", "240319")
        ),
        *((code, CarnetKind.TOBACCO_ALCOHOL, True) for code in ("220710", "220830", "240220")),
        # Beer, wine, cider, denatured alcohol, raw tobacco, water: an ordinary carnet carries them.
        *(
            (code, CarnetKind.ORDINARY, True)
            for code in ("220300", "220421", "220600", "220720", "240120", "220110")
        ),
        ("", CarnetKind.ORDINARY, True),
    ],
)
def test_tobacco_and_alcohol_travel_under_their_own_carnet(
    hs_code: str, kind: CarnetKind, holds: bool
) -> None:
    case = application(lines=[goods(), goods(hs_code=hs_code)], kind=kind)

    assert_rule(rules.tobacco_and_alcohol_travel_under_their_own_carnet, case, holds=holds)
