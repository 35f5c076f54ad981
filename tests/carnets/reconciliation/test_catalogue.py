"""The catalogue of irregularities: every entry by a test of its own name, through stamps and the job, with rows where
it is found and rows where it is not."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnets import issuing
from carnets.choices import OperationStatus
from carnets.models import Carnet, Irregularity
from carnets.reconciliation.catalogue import CATALOGUE, about
from carnets.rules import DeclaredVehicle
from guarantees.ceilings import set_ceiling
from guarantees.models import HolderExclusion
from tests.world import HOUR, START, World, flagged, reconcile

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
TODAY = START.date()
LATER = START + 5 * DAY


def travelled(world: World, but: dict[int, Any] | None = None, **options: Any) -> Carnet:
    """A carnet whose whole journey is on record, clean `but` for those pages, and reconciled."""
    carnet = world.issue()
    world.travel(carnet, but=but, **options)
    reconcile(LATER)
    return carnet


def assert_found(carnet: Carnet, code: str, page: int, *, is_found: bool = True) -> None:
    """The irregularity is open as the catalogue describes it and its operation is discharged only if it may be."""
    irregularity = Irregularity.objects.filter(carnet=carnet, code=code, page=page, status="open").first()
    assert (irregularity is not None) is is_found, flagged(carnet)
    if irregularity:
        entry = about(code, page)
        assert (irregularity.severity, irregularity.bars_discharge) == (entry.severity, entry.bars_discharge)
        assert irregularity.operation.sequence == (page + 1) // 2
        assert irregularity.facts
        if entry.bars_discharge:
            assert irregularity.operation.status != OperationStatus.DISCHARGED


class TestCatalogue:
    def test_finds_nothing_about_a_clean_journey(self, world: World) -> None:
        carnet = travelled(world)

        assert flagged(carnet) == set()

    def test_names_each_comparison_once_a_page(self) -> None:
        entries = [(entry.code, entry.side) for entry in CATALOGUE]

        assert len(entries) == len(set(entries))

    @pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: f"{entry.code}-{entry.side}")
    def test_says_why_and_by_which_law(self, entry: Any) -> None:
        assert str(entry.message).endswith(".")
        assert entry.article


def withdrawn_then_stamped(world: World, how: str, at_hour: int) -> Carnet:
    """A carnet withdrawn at that hour whose first operation was stamped, offline, eleven and 21 hours after issue."""
    carnet = world.issue()
    said = {
        "number": carnet.number,
        "reason": "by a test",
        "by": world.staff["CN"],
        "at": START + at_hour * HOUR,
    }
    issuing.invalidate(**said) if how == "invalidated" else issuing.report_lost(
        **said, is_stolen=how == "stolen"
    )
    world.travel(carnet, upto=2, is_offline=True)
    reconcile(LATER)
    return carnet


@pytest.mark.parametrize(("at_hour", "is_found"), [(10, True), (11, False), (20, False)])
def test_invalidated_at_start(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "invalidated", at_hour), "invalidated", 1, is_found=is_found)


@pytest.mark.parametrize(("at_hour", "is_found"), [(10, True), (20, True), (21, False)])
def test_invalidated_at_termination(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "invalidated", at_hour), "invalidated", 2, is_found=is_found)


@pytest.mark.parametrize(("at_hour", "is_found"), [(10, True), (11, False)])
def test_lost_at_start(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "lost", at_hour), "lost", 1, is_found=is_found)


@pytest.mark.parametrize(("at_hour", "is_found"), [(20, True), (21, False)])
def test_lost_at_termination(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "lost", at_hour), "lost", 2, is_found=is_found)


@pytest.mark.parametrize(("at_hour", "is_found"), [(10, True), (11, False)])
def test_stolen_at_start(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "stolen", at_hour), "stolen", 1, is_found=is_found)


@pytest.mark.parametrize(("at_hour", "is_found"), [(20, True), (21, False)])
def test_stolen_at_termination(world: World, at_hour: int, is_found: bool) -> None:
    assert_found(withdrawn_then_stamped(world, "stolen", at_hour), "stolen", 2, is_found=is_found)


@pytest.mark.parametrize(("days", "is_found"), [(30, False), (31, True)])
def test_expired_at_accept_at_start(world: World, days: int, is_found: bool) -> None:
    carnet = world.issue(acceptance_until=TODAY + 30 * DAY)
    world.stamp(carnet, 1, START + days * DAY, is_offline=True)

    reconcile(START + days * DAY + HOUR)

    assert_found(carnet, "expired_at_accept", 1, is_found=is_found)


@pytest.mark.parametrize(
    ("country", "valid_from", "valid_to", "is_found"),
    [
        ("KZ", TODAY, None, True),
        ("KZ", TODAY + DAY, TODAY + 2 * DAY, True),  # the lorry enters on the day after the issue
        ("KZ", TODAY, TODAY + DAY, False),
        ("KZ", TODAY + 2 * DAY, None, False),
        ("UZ", TODAY, None, False),
    ],
)
def test_holder_not_authorised_at_start(
    world: World, country: str, valid_from: Any, valid_to: Any, is_found: bool
) -> None:
    carnet = world.issue()
    HolderExclusion.objects.create(
        holder=world.holder, country=country, valid_from=valid_from, valid_to=valid_to, reason="by a test"
    )
    world.travel(carnet, upto=4, is_offline=True)

    reconcile(LATER)

    assert_found(carnet, "holder_not_authorised", 3, is_found=is_found)


@pytest.mark.parametrize(("days", "is_found"), [(1, False), (2, True)])
def test_approval_expired_at_start(world: World, days: int, is_found: bool) -> None:
    """It counts on the day the transport starts only."""
    carnet = world.issue(vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", TODAY + DAY)])
    world.travel(carnet, since=START + days * DAY, but={1: {"at": START + days * DAY}})

    reconcile(START + 9 * DAY)

    assert_found(carnet, "approval_expired", 1, is_found=is_found)
    assert {page for code, page in flagged(carnet) if code == "approval_expired"} <= {1}


@pytest.mark.parametrize(
    ("not_stamped", "is_found"), [({3}, True), ({3, 4}, True), (set(), False), ({4}, False), ({7, 8}, False)]
)
def test_missing_stamp_at_start(world: World, not_stamped: set[int], is_found: bool) -> None:
    carnet = travelled(world, dict.fromkeys(not_stamped))

    assert_found(carnet, "missing_stamp", 3, is_found=is_found)
    assert ("missing_stamp", 7) not in flagged(carnet)  # nothing later is known: it may still be on the way


@pytest.mark.parametrize(
    ("not_stamped", "is_found"), [({4}, True), ({3, 4}, True), (set(), False), ({3}, False), ({8}, False)]
)
def test_missing_stamp_at_termination(world: World, not_stamped: set[int], is_found: bool) -> None:
    carnet = travelled(world, dict.fromkeys(not_stamped))

    assert_found(carnet, "missing_stamp", 4, is_found=is_found)
    assert ("missing_stamp", 8) not in flagged(carnet)


@pytest.mark.parametrize(
    ("after_tolerance", "upto", "is_found"),
    [(SECOND, 3, True), (timedelta(0), 3, False), (SECOND, 4, False), (DAY, 3, True)],
)
def test_overdue_at_termination(world: World, after_tolerance: timedelta, upto: int, is_found: bool) -> None:
    carnet = world.issue()
    world.travel(carnet, upto=upto)
    time_limit = carnet.operations.get(sequence=2).time_limit_at
    assert time_limit == START + 31 * HOUR + 10 * DAY

    reconcile(time_limit + DAY + after_tolerance)

    assert_found(carnet, "overdue", 4, is_found=is_found)


@pytest.mark.parametrize(("hour", "is_found"), [(20, True), (21, False), (22, False)])
def test_out_of_order_at_start(world: World, hour: int, is_found: bool) -> None:
    carnet = travelled(world, {3: {"at": START + hour * HOUR}})  # page 2 was stamped at hour 21

    assert_found(carnet, "out_of_order", 3, is_found=is_found)


@pytest.mark.parametrize(("hour", "is_found"), [(30, True), (31, False), (40, False)])
def test_out_of_order_at_termination(world: World, hour: int, is_found: bool) -> None:
    carnet = travelled(world, {4: {"at": START + hour * HOUR}})  # page 3 was stamped at hour 31

    assert_found(carnet, "out_of_order", 4, is_found=is_found)


@pytest.mark.parametrize(("rival", "is_found"), [(3, True), (4, False), (5, False)])
def test_duplicate_at_start(world: World, rival: int, is_found: bool) -> None:
    carnet = travelled(world)
    world.stamp(carnet, rival, START + 80 * HOUR, is_offline=True)

    reconcile(LATER + HOUR)

    assert_found(carnet, "duplicate", 3, is_found=is_found)


@pytest.mark.parametrize(("rival", "is_found"), [(4, True), (3, False), (6, False)])
def test_duplicate_at_termination(world: World, rival: int, is_found: bool) -> None:
    carnet = travelled(world)
    world.stamp(carnet, rival, START + 80 * HOUR, is_offline=True)

    reconcile(LATER + HOUR)

    assert_found(carnet, "duplicate", 4, is_found=is_found)


@pytest.mark.parametrize(("office", "is_found"), [("KZALA001", True), ("KZQZQ001", False)])
def test_office_role_not_approved_at_start(world: World, office: str, is_found: bool) -> None:
    carnet = travelled(world, {3: {"office": office}})

    assert_found(carnet, "office_role_not_approved", 3, is_found=is_found)


@pytest.mark.parametrize(("office", "is_found"), [("KZALA001", True), ("KZHOR001", False)])
def test_office_role_not_approved_at_termination(world: World, office: str, is_found: bool) -> None:
    carnet = travelled(world, {4: {"office": office}})

    assert_found(carnet, "office_role_not_approved", 4, is_found=is_found)


@pytest.mark.parametrize(("office", "is_found"), [("UZGIS001", True), ("UZYAL001", False)])
def test_wrong_office_at_start(world: World, office: str, is_found: bool) -> None:
    """Art. 27: noted, and no bar to discharge."""
    carnet = travelled(world, {5: {"office": office}})

    assert_found(carnet, "wrong_office", 5, is_found=is_found)
    assert carnet.operations.get(sequence=3).status == OperationStatus.DISCHARGED


@pytest.mark.parametrize(("office", "is_found"), [("UZGIS001", True), ("UZSYA001", False)])
def test_wrong_office_at_termination(world: World, office: str, is_found: bool) -> None:
    carnet = travelled(world, {6: {"office": office}})

    assert_found(carnet, "wrong_office", 6, is_found=is_found)
    assert carnet.operations.get(sequence=3).status == OperationStatus.DISCHARGED


@pytest.mark.parametrize(
    ("but", "is_found"),
    [
        ({4: {"office": "KZHOR001"}}, True),
        ({}, False),
        ({4: {"office": "KZHOR001"}, 5: {"office": "UZGIS001"}}, False),  # no crossing is known for this one
        ({4: {"office": "KZHOR001", "is_suspension": True}}, False),  # art. 26: it came another way
        ({4: None}, False),
    ],
)
def test_wrong_country_seq_at_start(world: World, but: dict[int, Any], is_found: bool) -> None:
    assert_found(travelled(world, but), "wrong_country_seq", 5, is_found=is_found)


SEALS_FOUND = [
    ({"seals_found": ("A-10023",)}, True),
    ({"seals_found": ("A-10023", "Z-9")}, True),
    ({"seals_found": ()}, True),
    ({"seals_found": ("A-10024", "A-10023")}, False),
    ({"seals_found": None}, False),
    ({"seals_found": ("A-10023",), "seals_intact": False}, False),  # broken seals are their own irregularity
    ({"seals_found": ("A-10023",), "seals_intact": None}, True),
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


VEHICLES = [
    (("99ZZ999",), False, True),
    (("01KZ123ABC", "99ZZ999"), False, True),
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


@pytest.mark.parametrize(("hours", "is_found"), [(6, True), (8, False)])
def test_impossible_speed_at_start(world: World, hours: int, is_found: bool) -> None:
    """Left at Horgos at hour 21 and entered, it is said, at the other end of Kazakhstan."""
    carnet = travelled(world, {3: {"office": "KZQZQ001", "at": START + (21 + hours) * HOUR}})

    assert_found(carnet, "impossible_speed", 3, is_found=is_found)


@pytest.mark.parametrize(("hours", "is_found"), [(6, True), (8, False)])
def test_impossible_speed_at_termination(world: World, hours: int, is_found: bool) -> None:
    carnet = travelled(world, {4: {"at": START + (31 + hours) * HOUR}})

    assert_found(carnet, "impossible_speed", 4, is_found=is_found)


AHEAD = [(11 * MINUTE, True), (10 * MINUTE, False)]


@pytest.mark.parametrize(("ahead", "is_found"), AHEAD)
def test_occurred_in_future_at_start(world: World, ahead: timedelta, is_found: bool) -> None:
    carnet = world.issue()
    now = START + 2 * HOUR
    world.stamp(carnet, 1, now + ahead, now=now, is_offline=True)

    reconcile(now)

    assert_found(carnet, "occurred_in_future", 1, is_found=is_found)
    reconcile(now + ahead)
    assert_found(carnet, "occurred_in_future", 1, is_found=False)


@pytest.mark.parametrize(("ahead", "is_found"), AHEAD)
def test_occurred_in_future_at_termination(world: World, ahead: timedelta, is_found: bool) -> None:
    carnet = world.issue()
    now = START + 20 * HOUR
    world.travel(carnet, upto=1)
    world.stamp(carnet, 2, now + ahead, now=now, is_offline=True)

    reconcile(now)

    assert_found(carnet, "occurred_in_future", 2, is_found=is_found)


BEFORE_ISSUE = [(11 * MINUTE, True), (10 * MINUTE, False)]


@pytest.mark.parametrize(("before", "is_found"), BEFORE_ISSUE)
def test_occurred_before_issue_at_start(world: World, before: timedelta, is_found: bool) -> None:
    carnet = travelled(world, {1: {"at": START - before, "now": START + HOUR}})

    assert_found(carnet, "occurred_before_issue", 1, is_found=is_found)


@pytest.mark.parametrize(("before", "is_found"), BEFORE_ISSUE)
def test_occurred_before_issue_at_termination(world: World, before: timedelta, is_found: bool) -> None:
    carnet = travelled(world, {2: {"at": START - before, "now": START + HOUR}})

    assert_found(carnet, "occurred_before_issue", 2, is_found=is_found)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ({"packages": 419}, True),
        ({"packages": 0}, True),
        ({"packages": 421}, False),
        ({"packages": None}, False),
        ({"packages": 20, "is_partial": True}, False),
    ],
)
def test_pkg_short_at_termination(world: World, said: dict[str, Any], is_found: bool) -> None:
    assert_found(travelled(world, {4: said}), "pkg_short", 4, is_found=is_found)


@pytest.mark.parametrize(("packages", "is_found"), [(421, True), (420, False), (419, False)])
def test_pkg_over_at_termination(world: World, packages: int, is_found: bool) -> None:
    assert_found(travelled(world, {4: {"packages": packages}}), "pkg_over", 4, is_found=is_found)


@pytest.mark.parametrize(("reservation", "is_found"), [("two cartons wet", True), ("", False)])
def test_reservation_at_termination(world: World, reservation: str, is_found: bool) -> None:
    assert_found(travelled(world, {4: {"reservation": reservation}}), "reservation", 4, is_found=is_found)


@pytest.mark.parametrize(("after_limit", "is_found"), [(DAY + SECOND, True), (DAY, False), (HOUR, False)])
def test_late_at_termination(world: World, after_limit: timedelta, is_found: bool) -> None:
    """Art. 39: a minor delay is tolerated."""
    limit = START + 35 * HOUR
    carnet = world.issue()
    world.travel(carnet, upto=4, but={3: {"time_limit_at": limit}, 4: {"at": limit + after_limit}})

    reconcile(LATER)

    assert_found(carnet, "late", 4, is_found=is_found)


@pytest.mark.parametrize(
    ("reconciled", "resumed", "is_found"),
    [
        (30 * DAY, None, False),
        (30 * DAY + SECOND, None, True),
        (60 * DAY, 30 * DAY, False),
        (60 * DAY, 31 * DAY, True),
    ],
)
def test_suspended_too_long_at_start(
    world: World, reconciled: timedelta, resumed: timedelta | None, is_found: bool
) -> None:
    carnet = world.issue()
    suspended_at = world.travel(carnet, upto=4, but={4: {"is_suspension": True}})
    if resumed:
        world.stamp(carnet, 5, suspended_at + resumed)

    reconcile(suspended_at + reconciled)

    assert_found(carnet, "suspended_too_long", 5, is_found=is_found)


@pytest.mark.parametrize(("ceiling", "is_found"), [(100_000, True), (200_000, False)])
def test_guarantee_not_reserved_at_start(world: World, ceiling: int, is_found: bool) -> None:
    """Discharged and released; the room was given to another carnet; then a stamp was taken back."""
    set_ceiling(guarantee_id=world.guarantee.pk, ceiling=Decimal(ceiling), valid_from=START.date(), at=START)
    carnet = world.issue()
    world.travel(carnet)
    reconcile(LATER)
    world.issue(at=LATER)
    exit_stamp = carnet.operations.get(sequence=1).termination_stamp
    world.stamp(carnet, 2, LATER + HOUR, cancels=exit_stamp, cancel_reason="another lorry")

    reconcile(LATER + 2 * HOUR)

    assert_found(carnet, "guarantee_not_reserved", 1, is_found=is_found)
    carnet.refresh_from_db()
    assert carnet.is_reserved is not is_found
