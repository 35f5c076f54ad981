"""Rules about what is presented: each by a test of its own name, on plain facts. A blank is not a certificate."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from carnets.choices import PackagesBasis, UnitKind
from carnets.projection.evidence import Certification
from carnets.projection.plan import Unit
from checkpoints.judging import load
from tests.checkpoints.judging.cases import assert_rule, case
from tests.evidence import PACKAGES, PLATE, SEALS, certify, changed, control, plan_of, report, when
from tests.world import HOUR

AS_MANIFEST = {"packages": None, "packages_basis": PackagesBasis.AS_MANIFEST}
TRAILER, CONTAINER = "7788KZ", "CSQU3054383"


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (certify(4), True),
        (certify(4, seals_found=SEALS[::-1]), True),
        (certify(4, seals_found=None), True),
        (certify(4, seals_found=(*SEALS, "EXPORTER-1")), True),  # one more is a note: an exporter's own
        (certify(4, seals_found=("a 10023", "A–10024")), True),
        (certify(4, seals_found=SEALS[:1]), False),  # also where the box is ticked
        (certify(4, seals_found=("Z-1", "Z-2")), False),
        (certify(4, seals_found=(), seals_intact=None), False),
        (certify(4, seals_found=(), seals_intact=False), True),  # broken seals are their own rule
    ],
)
def test_seals_are_those_expected(said: Certification, holds: bool) -> None:
    assert_rule(load.seals_are_those_expected, case(4, said=said), holds=holds)


@pytest.mark.parametrize(
    ("intact", "happened", "holds"),
    [
        (True, [], True),
        (None, [], True),
        (False, [], False),
        (False, [report("KZALA001", when(3) + HOUR)], True),
        (False, [report("KZALA001", when(3) + HOUR, explains_seals=False)], False),
        (False, [control("KZALA001", when(3) + HOUR, seals_removed=SEALS)], True),  # art. 24 needs no report
        (False, [control("KZALA001", when(3) + HOUR)], False),  # papers only
    ],
)
def test_broken_seals_have_a_certified_report(intact: bool | None, happened: list[Any], holds: bool) -> None:
    this = case(4, said=certify(4, seals_intact=intact), events=happened)

    assert_rule(load.broken_seals_have_a_certified_report, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "intact", "found", "is_sealed", "holds"),
    [
        (4, True, None, True, True),
        (4, None, SEALS, True, True),
        (4, False, None, True, True),
        (4, None, None, True, False),
        (4, None, None, False, True),  # heavy or bulky goods under no seal (art. 29)
        (3, None, None, True, True),
    ],
)
def test_seals_are_checked_at_termination(
    page: int, intact: bool | None, found: Any, is_sealed: bool, holds: bool
) -> None:
    plan = plan_of(is_sealed=is_sealed)
    before = changed({} if is_sealed else {1: {"seals_affixed": None}}, upto=1)
    this = case(page, said=certify(page, seals_intact=intact, seals_found=found), plan=plan, before=before)

    assert_rule(load.seals_are_checked_at_termination, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "affixed", "is_sealed", "holds"),
    [
        (1, SEALS, True, True),
        (1, None, True, False),
        (1, (), True, False),
        (1, None, False, True),
        (2, None, True, True),
    ],
)
def test_seals_are_on_record_when_it_starts(page: int, affixed: Any, is_sealed: bool, holds: bool) -> None:
    said = certify(page, seals_affixed=affixed, seals_found=None)
    this = case(page, said=said, plan=plan_of(is_sealed=is_sealed), before=[])

    assert_rule(load.seals_are_on_record_when_it_starts, this, holds=holds)


RIGID = (Unit(PLATE, UnitKind.RIGID),)
ROAD_TRAIN = (Unit(PLATE, UnitKind.TRACTOR), Unit(TRAILER, UnitKind.TRAILER))
BOX = (Unit(PLATE, UnitKind.TRACTOR), Unit(CONTAINER, UnitKind.CONTAINER))


@pytest.mark.parametrize(
    ("units", "vehicles", "containers", "holds"),
    [
        (RIGID, None, None, True),
        (RIGID, (PLATE,), None, True),
        (RIGID, ("01 kz-123 авс",), None, True),  # Cyrillic twins of its letters
        (RIGID, ("99ZZ999",), None, False),
        (RIGID, (PLATE, "99ZZ999"), None, True),  # what is there besides is a note
        (ROAD_TRAIN, ("99ZZ999", TRAILER), None, True),  # a tractor may change before its sealed trailer
        (ROAD_TRAIN, (PLATE,), None, False),  # the trailer was left behind
        (BOX, None, (CONTAINER,), True),
        (BOX, None, ("TEXU3070079",), False),
        (BOX, None, (), False),
    ],
)
def test_units_are_those_of_the_carnet(
    units: tuple[Unit, ...], vehicles: Any, containers: Any, holds: bool
) -> None:
    this = case(4, said=certify(4, vehicles=vehicles, containers=containers), plan=plan_of(units=units))

    assert_rule(load.units_are_those_of_the_carnet, this, holds=holds)


@pytest.mark.parametrize(
    ("page", "said", "holds"),
    [
        (4, {}, True),
        (4, {"packages": None}, False),
        (4, AS_MANIFEST, True),
        (4, {**AS_MANIFEST, "seals_intact": None, "seals_found": None}, False),  # only under intact seals
        (4, {**AS_MANIFEST, "seals_intact": False}, False),
        (4, {**AS_MANIFEST, "seals_found": SEALS[:1]}, False),
        (3, {}, True),
    ],
)
def test_packages_are_certified_at_termination(page: int, said: dict[str, Any], holds: bool) -> None:
    this = case(page, said=certify(page, **said))

    assert_rule(load.packages_are_certified_at_termination, this, holds=holds)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (certify(4), True),
        (certify(4, packages=None), True),
        (certify(4, packages=PACKAGES - 1), False),
        (certify(4, packages=PACKAGES + 1), False),
        (certify(8, packages=20, goes_on=True), True),  # part goes on unplanned: nobody can say how much
    ],
)
def test_packages_are_those_expected(said: Certification, holds: bool) -> None:
    assert_rule(load.packages_are_those_expected, case(said.page, said=said), holds=holds)


@pytest.mark.parametrize(
    ("mass_kg", "holds"),
    [(None, True), (8200, True), (8364, True), (8365, False), (8036, False), (8037, True)],
)
def test_mass_is_that_of_the_manifest(mass_kg: int | None, holds: bool) -> None:
    """8,200.5 kg on the manifest; 20 in a thousand either way are 164.01 kg."""
    assert Decimal("8200.5") * 20 / 1000 == Decimal("164.01")

    assert_rule(load.mass_is_that_of_the_manifest, case(4, said=certify(4, mass_kg=mass_kg)), holds=holds)


@pytest.mark.parametrize(("reservation", "holds"), [("", True), ("two cartons wet", False)])
def test_termination_is_without_reservation(reservation: str, holds: bool) -> None:
    this = case(4, said=certify(4, reservation=reservation))

    assert_rule(load.termination_is_without_reservation, this, holds=holds)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"seals_found": SEALS}, True),
        ({"seals_found": ("a10023", "a-10024")}, True),  # the same letters, written another way
        ({"seals_found": ("А-10023", "A-10024")}, False),  # a Cyrillic А
        ({"vehicles": ("01KZ123АВС",)}, False),
        ({"vehicles": (PLATE,)}, True),
    ],
)
def test_seals_and_plates_are_spelt_alike(said: dict[str, Any], holds: bool) -> None:
    this = case(4, said=certify(4, **said))

    assert_rule(load.seals_and_plates_are_spelt_alike, this, holds=holds)


class TestAReport:
    @pytest.mark.parametrize(
        ("drawn_up", "is_explained"), [(when(3) + HOUR, True), (when(4) + 13 * HOUR, False)]
    )
    def test_lets_another_vehicle_go_on(self, drawn_up: datetime, is_explained: bool) -> None:
        changed_vehicle = report("KZQZQ001", drawn_up, vehicles=("99ZZ999",))

        this = case(4, said=certify(4, vehicles=("99ZZ999",)), events=[changed_vehicle])

        assert_rule(load.units_are_those_of_the_carnet, this, holds=is_explained)
