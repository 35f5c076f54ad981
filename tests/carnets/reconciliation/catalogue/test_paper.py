"""What the catalogue finds about the paper, the holder and the offices, through stamps and the job."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from carnets import issuing
from carnets.choices import OperationStatus
from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.models import CustomsOffice
from checkpoints.posts.postings import officer_of
from checkpoints.recording.stamping import record_stamp
from guarantees.ceilings import set_ceiling
from guarantees.models import HolderExclusion, LiabilityMaximum
from tests.carnets.reconciliation.catalogue.finding import DAY, LATER, TODAY, assert_found, travelled
from tests.world import HOUR, START, World, flagged, reconcile
from tir.kernel.kept import Kept


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


@pytest.mark.parametrize(
    ("days", "hour", "is_found"),
    [(30, 6, False), (31, 6, True), (30, 18, False), (30, 19, True)],  # Almaty's midnight is at 19:00 UTC
)
def test_expired_at_accept_at_start(world: World, days: int, hour: int, is_found: bool) -> None:
    carnet = world.issue(acceptance_until=TODAY + 30 * DAY)
    at = START.replace(hour=hour) + days * DAY
    world.stamp(carnet, 1, at, is_offline=True)

    reconcile(at + HOUR)

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
def test_holder_excluded_at_start(
    world: World, country: str, valid_from: date, valid_to: date | None, is_found: bool
) -> None:
    carnet = world.issue()
    HolderExclusion.objects.create(
        holder=world.holder, country=country, valid_from=valid_from, valid_to=valid_to, reason="by a test"
    )
    world.travel(carnet, upto=4, is_offline=True)

    reconcile(LATER)

    assert_found(carnet, "holder_excluded", 3, is_found=is_found)


@pytest.mark.parametrize(("days", "is_found"), [(1, False), (2, True)])
def test_approval_expired_at_start(world: World, days: int, is_found: bool) -> None:
    """It counts on the day the transport starts only."""
    carnet = world.issue(vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", TODAY + DAY)])
    world.travel(carnet, since=START + days * DAY, but={1: {"at": START + days * DAY}})

    reconcile(START + 9 * DAY)

    assert_found(carnet, "approval_expired", 1, is_found=is_found)
    assert {page for code, page in flagged(carnet) if code == "approval_expired"} <= {1}


@pytest.mark.parametrize(
    ("valid_to", "is_found"), [(None, False), (TODAY + 2 * DAY, False), (TODAY + DAY, True), (TODAY, True)]
)
def test_no_guarantor_at_start(world: World, valid_to: date | None, is_found: bool) -> None:
    """Entered on the day after the issue: the last day that a maximum covers is the one before `valid_to`."""
    carnet = world.issue()
    LiabilityMaximum.objects.filter(association=world.associations["KZ"]).update(valid_to=valid_to)
    Kept.forget_all()
    world.travel(carnet, upto=4, is_offline=True)

    reconcile(LATER)

    assert_found(carnet, "no_guarantor", 3, is_found=is_found)


def approved_until(office: str) -> Callable[[World, date | None], Carnet]:
    def travelled_then(world: World, valid_to: date | None) -> Carnet:
        carnet = world.issue()
        CustomsOffice.objects.filter(code=office).update(valid_to=valid_to)
        Kept.forget_all()
        world.travel(carnet, is_offline=True)
        reconcile(LATER)
        return carnet

    return travelled_then


@pytest.mark.parametrize(
    ("valid_to", "is_found"), [(None, False), (TODAY + 2 * DAY, False), (TODAY + DAY, True)]
)
def test_office_not_approved_at_start(world: World, valid_to: date | None, is_found: bool) -> None:
    """Page 3 is stamped on 3 March."""
    carnet = approved_until("KZHOR001")(world, valid_to)

    assert_found(carnet, "office_not_approved", 3, is_found=is_found)


@pytest.mark.parametrize(
    ("valid_to", "is_found"), [(None, False), (TODAY + 3 * DAY, False), (TODAY + 2 * DAY, True)]
)
def test_office_not_approved_at_termination(world: World, valid_to: date | None, is_found: bool) -> None:
    """Page 4 is stamped at 23:00 UTC on 3 March: on the 4th, at the office."""
    carnet = approved_until("KZQZQ001")(world, valid_to)

    assert_found(carnet, "office_not_approved", 4, is_found=is_found)


@pytest.mark.parametrize(("office", "is_found"), [("KZALA001", True), ("KZQZQ001", False)])
def test_office_role_not_approved_at_start(world: World, office: str, is_found: bool) -> None:
    """Another role is noted, and no bar."""
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


UNPLANNED = [("KZHOR001", True, False), ("UZYAL001", True, True), ("UZYAL001", False, True)]


def stamped_at(world: World, page: int, office: str, is_known: bool) -> Carnet:
    """A carnet stamped up to that page, there from offline by that office, by a device that is enrolled or not."""
    carnet = world.issue()
    world.travel(carnet, upto=page - 1, but={3: {"office": "KZHOR001"}} if page > 3 else None)
    at = START + (1 + 10 * page) * HOUR
    officer = world.officer(office) if is_known else officer_of(world.officers[office].pk)
    said = {"seals_intact": True, "packages": 420 if page % 2 == 0 else None}
    record_stamp(request=world.request(carnet, page, at, is_offline=True, **said), officer=officer, at=at)
    reconcile(LATER)
    return carnet


@pytest.mark.parametrize(("office", "is_known", "is_found"), UNPLANNED)
def test_not_planned_at_start(world: World, office: str, is_known: bool, is_found: bool) -> None:
    """Another road is noted; from a device that nobody enrolled it bars."""
    carnet = stamped_at(world, 3, office, is_known)

    assert_found(carnet, "not_planned", 3, is_found=is_found, bars=not is_known)


@pytest.mark.parametrize(("office", "is_known", "is_found"), [("KZQZQ001", True, False), *UNPLANNED[1:]])
def test_not_planned_at_termination(world: World, office: str, is_known: bool, is_found: bool) -> None:
    carnet = stamped_at(world, 4, office, is_known)

    assert_found(carnet, "not_planned", 4, is_found=is_found, bars=not is_known)


@pytest.mark.parametrize(("ceiling", "is_found"), [(100_000, True), (200_000, False)])
def test_guarantee_not_reserved_at_start(world: World, ceiling: int, is_found: bool) -> None:
    """Discharged and released; the room was given to another carnet; then a stamp was taken back."""
    set_ceiling(guarantee_id=world.guarantee.pk, ceiling=Decimal(ceiling), valid_from=TODAY, at=START)
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
