"""What the catalogue finds about seals, vehicles, packages and mass, through stamps and the job. A blank is no
certificate."""

from typing import Any

import pytest

from carnets.choices import PackagesBasis
from checkpoints.choices import ControlResult
from tests.carnets.reconciliation.catalogue.finding import LATER, assert_found, travelled
from tests.world import HOUR, SEALS, START, World, reconcile

SEALS_FOUND = [
    ({"seals_found": ("A-10023",)}, True),
    ({"seals_found": ("A-10023", "Z-9")}, True),
    ({"seals_found": ()}, True),
    ({"seals_found": ("A-10024", "A-10023")}, False),
    ({"seals_found": ("A-10024", "A-10023", "EXPORTER-1")}, False),  # one more is a note
    ({"seals_found": ("a 10024", "A.10023")}, False),
    ({"seals_found": None}, False),
    ({"seals_found": ("A-10023",), "seals_intact": False}, False),  # broken seals are their own irregularity
    ({"seals_found": ("A-10023",), "seals_intact": None}, True),
    ({"seals_found": None, "seals_intact": None}, False),  # nothing stated is an irregularity of its own
]


@pytest.mark.parametrize(("said", "is_found"), SEALS_FOUND)
def test_seal_mismatch_at_start(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {3: said}), "seal_mismatch", 3, is_found=is_found)


@pytest.mark.parametrize(("said", "is_found"), SEALS_FOUND)
def test_seal_mismatch_at_termination(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {4: said}), "seal_mismatch", 4, is_found=is_found)


BROKEN = [(False, False, True), (False, True, False), (True, False, False), (None, False, False)]


@pytest.mark.parametrize(("intact", "has_report", "is_found"), BROKEN)
def test_seal_broken_no_pv_at_start(
    world: World, intact: bool | None, has_report: bool, is_found: bool
) -> None:
    carnet = travelled(world, {3: {"seals_intact": intact}})
    if has_report:
        world.report(carnet, "KZHOR001", START + 31 * HOUR)

    reconcile(LATER + HOUR)

    assert_found(carnet, "seal_broken_no_pv", 3, is_found=is_found)


@pytest.mark.parametrize(("intact", "has_report", "is_found"), BROKEN)
def test_seal_broken_no_pv_at_termination(
    world: World, intact: bool | None, has_report: bool, is_found: bool
) -> None:
    carnet = travelled(world, {4: {"seals_intact": intact}})
    if has_report:
        world.report(carnet, "KZQZQ001", START + 41 * HOUR)

    reconcile(LATER + HOUR)

    assert_found(carnet, "seal_broken_no_pv", 4, is_found=is_found)


@pytest.mark.parametrize(
    ("affixed", "is_heavy", "is_found"),
    [(SEALS, False, False), (None, False, True), ((), False, True), (None, True, False)],
)
def test_seals_unknown_at_start(world: World, affixed: Any, is_heavy: bool, is_found: bool) -> None:
    """Found again by nobody if nobody says what was affixed; heavy or bulky goods need none (art. 29)."""
    carnet = world.issue(is_heavy_or_bulky=is_heavy)
    world.travel(carnet, but={1: {"seals_affixed": affixed}})

    reconcile(LATER)

    assert_found(carnet, "seals_unknown", 1, is_found=is_found)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ({"seals_intact": None, "seals_found": None}, True),
        ({"seals_intact": None, "seals_found": SEALS}, False),  # the list is the statement
        ({"seals_intact": True, "seals_found": None}, False),
        ({"seals_intact": False, "seals_found": None}, False),
    ],
)
def test_seals_not_checked_at_termination(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {4: said}), "seals_not_checked", 4, is_found=is_found)


SPELT = [(("А-10023", "A-10024"), True), (("a10023", "A-10024"), False), (SEALS, False)]  # a Cyrillic А


@pytest.mark.parametrize(("found", "is_found"), SPELT)
def test_spelt_differently_at_start(world: World, found: Any, is_found: bool) -> None:
    assert_found(travelled(world, {3: {"seals_found": found}}), "spelt_differently", 3, is_found=is_found)


@pytest.mark.parametrize(("found", "is_found"), SPELT)
def test_spelt_differently_at_termination(world: World, found: Any, is_found: bool) -> None:
    assert_found(travelled(world, {4: {"seals_found": found}}), "spelt_differently", 4, is_found=is_found)


VEHICLES = [
    (("99ZZ999",), False, True),
    (("01KZ123ABC", "99ZZ999"), False, False),  # what is there besides is a note
    ((), False, True),
    (("99ZZ999",), True, False),
    (("01KZ123ABC",), False, False),
    (None, False, False),
]


@pytest.mark.parametrize(("vehicles", "has_report", "is_found"), VEHICLES)
def test_vehicle_changed_at_start(world: World, vehicles: Any, has_report: bool, is_found: bool) -> None:
    carnet = travelled(world, {3: {"vehicles": vehicles}})
    if has_report:
        world.report(carnet, "KZHOR001", START + 31 * HOUR, kind="vehicle_change", vehicles=["99ZZ999"])

    reconcile(LATER + HOUR)

    assert_found(carnet, "vehicle_changed", 3, is_found=is_found)


@pytest.mark.parametrize(("vehicles", "has_report", "is_found"), VEHICLES)
def test_vehicle_changed_at_termination(
    world: World, vehicles: Any, has_report: bool, is_found: bool
) -> None:
    carnet = travelled(world, {4: {"vehicles": vehicles}})
    if has_report:
        world.report(carnet, "KZALA001", START + 35 * HOUR, kind="vehicle_change", vehicles=["99ZZ999"])

    reconcile(LATER + HOUR)

    assert_found(carnet, "vehicle_changed", 4, is_found=is_found)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ({"packages": 419}, True),
        ({"packages": 0}, True),
        ({"packages": 421}, False),
        ({"packages": None}, False),
    ],
)
def test_pkg_short_at_termination(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {4: said}), "pkg_short", 4, is_found=is_found)


@pytest.mark.parametrize(("packages", "is_found"), [(421, True), (420, False), (419, False)])
def test_pkg_over_at_termination(world: World, packages: int, is_found: bool) -> None:
    assert_found(travelled(world, {4: {"packages": packages}}), "pkg_over", 4, is_found=is_found)


AS_MANIFEST = {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST}


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ({"packages": None}, True),
        ({"packages": 420}, False),
        (AS_MANIFEST, False),
        ({**AS_MANIFEST, "seals_intact": None, "seals_found": None}, True),  # only under intact seals
        ({**AS_MANIFEST, "seals_intact": False}, True),
    ],
)
def test_packages_not_certified_at_termination(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {4: said}), "packages_not_certified", 4, is_found=is_found)


@pytest.mark.parametrize(("mass_kg", "is_found"), [(8365, True), (8364, False), (8036, True), (None, False)])
def test_mass_differs_at_termination(world: World, mass_kg: int | None, is_found: bool) -> None:
    """8,200.5 kg on the manifest, and 20 in a thousand either way."""
    assert_found(travelled(world, {4: {"mass_kg": mass_kg}}), "mass_differs", 4, is_found=is_found)


@pytest.mark.parametrize(
    ("result", "against", "is_found"),
    [
        (ControlResult.DISCREPANCY, 4, True),
        (ControlResult.DISCREPANCY, 3, True),  # of the same operation
        (ControlResult.DISCREPANCY, 2, False),
        (ControlResult.DISCREPANCY, None, False),
        (ControlResult.SATISFACTORY, 4, False),
    ],
)
def test_control_discrepancy_at_termination(
    world: World, result: str, against: int | None, is_found: bool
) -> None:
    carnet = world.issue()
    world.travel(carnet)
    world.control(carnet, "KZALA001", START + 90 * HOUR, result=result, against=against)

    reconcile(LATER)

    assert_found(carnet, "control_discrepancy", 4, is_found=is_found)


@pytest.mark.parametrize(("reservation", "is_found"), [("two cartons wet", True), ("", False)])
def test_reservation_at_termination(world: World, reservation: str, is_found: bool) -> None:
    assert_found(travelled(world, {4: {"reservation": reservation}}), "reservation", 4, is_found=is_found)
