"""What the stamps of one carnet add up to: pure functions from evidence to facts about each TIR operation.

The same evidence gives the same facts whatever order it arrived in, because everything here sorts by what the
evidence itself says: page, `occurred_at`, id. No database and no clock in this module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Protocol
from uuid import UUID

from carnets.choices import CarnetStatus, Control, OfficeRole, OperationStatus

CLOCK_TOLERANCE = timedelta(minutes=10)  # a phone's clock may run ahead by so much
REPORT_MAY_FOLLOW = timedelta(hours=12)  # a report drawn up by the office that found the damage, just after
EARTH_KM = 6371.0
SPEED_MATTERS_FROM_KM = 20.0  # below this the offices' positions are too coarse to speak of speed
FASTEST_LORRY_KMH = 130  # as the crow flies; what is faster needs another explanation than a lorry
FASTEST_RECORDED_KMH = 9999

Seals = frozenset[str]


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What the register says of the office that certified."""

    code: str
    country: str
    latitude: float
    longitude: float
    roles: frozenset[str]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certification:
    """One stamp as evidence."""

    id: UUID
    page: int
    office: OfficeFacts
    occurred_at: datetime
    seals_intact: bool | None = None
    seals_found: tuple[str, ...] | None = None
    seals_affixed: tuple[str, ...] | None = None
    packages: int | None = None
    reservation: str = ""
    time_limit_at: datetime | None = None
    prescribed_route: str = ""
    vehicles: tuple[str, ...] | None = None
    is_partial: bool = False
    is_suspension: bool = False
    cancels: UUID | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One certified report (art. 25) as evidence."""

    id: UUID
    office: str
    occurred_at: datetime
    seals_broken: Seals = frozenset()
    seals_affixed: Seals = frozenset()
    vehicles: frozenset[str] = frozenset()
    is_about_seals: bool = True


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """One operation as issued."""

    sequence: int
    start_role: str
    termination_role: str
    default_transit_days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What issuing fixed about a carnet."""

    packages: int
    plates: frozenset[str]
    operations: tuple[PlannedOperation, ...]


@dataclass(frozen=True, slots=True)
class SideFacts:
    """What one office recorded about the start or the termination, and what it should have found."""

    stamp: UUID | None = None
    at: datetime | None = None
    office: str = ""
    country: str = ""
    is_approved: bool = True
    seals_intact: bool | None = None
    seals_expected: tuple[str, ...] | None = None
    seals_found: tuple[str, ...] | None = None
    is_reported: bool = False
    vehicles_agree: bool = True
    speed_kmh: int | None = None
    rivals: int = 0


NOTHING = SideFacts()


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """The two records of one operation, side by side."""

    sequence: int
    status: OperationStatus
    start: SideFacts = NOTHING
    termination: SideFacts = NOTHING
    partners: tuple[str, ...] | None = None
    time_limit_at: datetime | None = None
    prescribed_route: str = ""
    packages_expected: int | None = None
    packages: int | None = None
    reservation: str = ""
    is_partial: bool = False
    is_suspended: bool = False

    @property
    def has_evidence(self) -> bool:
        return self.start.at is not None or self.termination.at is not None


@dataclass(slots=True)
class _Journey:
    """What a walk along the pages carries from one certification to the next."""

    plates: set[str]
    seals: Seals | None = None  # None: not known yet, so nothing can be compared
    latest: Certification | None = None
    reports: list[Report] = field(default_factory=list)


def project(
    plan: Plan,
    certifications: Iterable[Certification],
    reports: Iterable[Report] = (),
    refused_pages: frozenset[int] = frozenset(),
) -> list[OperationFacts]:
    """Return the facts of every operation, in sequence.

    Of several stamps on one page the earliest `occurred_at` (then id) stands and the others are counted as
    rivals. A stamp that was cancelled by its own office does not count at all.
    """
    standing, rivals = standing_certifications(certifications)
    journey = _Journey(set(plan.plates), reports=sorted(reports, key=lambda r: (r.occurred_at, r.id)))
    sides = {page: _side(standing[page], rivals[page], plan, journey) for page in sorted(standing)}
    carried = _packages_carried(plan, standing)
    return [
        _operation_facts(operation, standing, sides, carried, refused_pages) for operation in plan.operations
    ]


def expected_seals(
    plan: Plan, certifications: Iterable[Certification], reports: Iterable[Report] = ()
) -> list[str] | None:
    """Return the seals that should be on the lorry now; `None` while no office recorded any."""
    standing, rivals = standing_certifications(certifications)
    journey = _Journey(set(plan.plates), reports=sorted(reports, key=lambda r: (r.occurred_at, r.id)))
    for page in sorted(standing):
        _side(standing[page], rivals[page], plan, journey)
    seals = journey.seals
    for report in journey.reports:
        seals = None if seals is None else (seals - report.seals_broken) | report.seals_affixed
    return None if seals is None else sorted(seals)


def standing_certifications(
    certifications: Iterable[Certification],
) -> tuple[dict[int, Certification], dict[int, int]]:
    """Return the certification that stands on each page, and how many rivals it has there."""
    known = {certification.id: certification for certification in certifications}
    cancelled = {
        certification.cancels
        for certification in known.values()
        if certification.cancels is not None and _may_cancel(certification, known.get(certification.cancels))
    }
    standing: dict[int, Certification] = {}
    rivals: dict[int, int] = {}
    for certification in sorted(known.values(), key=lambda c: (c.occurred_at, c.id)):
        if certification.cancels is not None or certification.id in cancelled:
            continue
        if certification.page in standing:
            rivals[certification.page] += 1
        else:
            standing[certification.page], rivals[certification.page] = certification, 0
    return standing, rivals


def _may_cancel(cancelling: Certification, target: Certification | None) -> bool:
    """Only the office that stamped a page takes its stamp back."""
    return (
        target is not None
        and target.cancels is None
        and target.page == cancelling.page
        and target.office.code == cancelling.office.code
    )


def _side(certification: Certification, rivals: int, plan: Plan, journey: _Journey) -> SideFacts:
    """Compare one certification with the journey so far, then move the journey past it."""
    reports = _take_reports(certification, journey)
    drawn_up_after = [report for report in reports if report.occurred_at > certification.occurred_at]
    seen = set(certification.vehicles or ())
    side = SideFacts(
        stamp=certification.id,
        at=certification.occurred_at,
        office=certification.office.code,
        country=certification.office.country,
        is_approved=is_approved(certification.page, certification.office.roles, plan.operations),
        seals_intact=certification.seals_intact,
        seals_expected=None if journey.seals is None else tuple(sorted(journey.seals)),
        seals_found=None
        if certification.seals_found is None
        else tuple(sorted(set(certification.seals_found))),
        is_reported=any(report.is_about_seals for report in reports),
        vehicles_agree=seen <= journey.plates,
        speed_kmh=_speed(journey.latest, certification),
        rivals=rivals,
    )
    journey.plates |= seen
    journey.seals = _seals_after(certification, journey.seals, drawn_up_after)
    journey.latest = certification
    return side


def _take_reports(certification: Certification, journey: _Journey) -> list[Report]:
    """Take in the reports drawn up before this certification, or by its own office just after it.

    A report drawn up after says which seals were broken then; the new ones were affixed after the certification.
    """
    due = [report for report in journey.reports if _belongs_before(report, certification)]
    for report in due:
        journey.reports.remove(report)
        journey.plates |= report.vehicles
        if journey.seals is not None:
            affixed = report.seals_affixed if report.occurred_at <= certification.occurred_at else frozenset()
            journey.seals = (journey.seals - report.seals_broken) | affixed
    return due


def _belongs_before(report: Report, certification: Certification) -> bool:
    if report.occurred_at <= certification.occurred_at:
        return True
    soon = report.occurred_at <= certification.occurred_at + REPORT_MAY_FOLLOW
    return soon and report.office == certification.office.code


def _seals_after(
    certification: Certification, before: Seals | None, reports: Iterable[Report]
) -> Seals | None:
    """What an office found is what the next one should find, with what was affixed added; so one broken seal
    is one irregularity and not one at every later frontier."""
    seals = before if certification.seals_found is None else frozenset(certification.seals_found)
    affixed = [frozenset(certification.seals_affixed)] if certification.seals_affixed is not None else []
    affixed += [report.seals_affixed for report in reports if report.seals_affixed]
    return frozenset(seals or ()).union(*affixed) if affixed else seals


class Roles(Protocol):
    """The roles of an operation's two offices, as planned or on record."""

    @property
    def start_role(self) -> str: ...

    @property
    def termination_role(self) -> str: ...


def is_approved(page: int, roles: frozenset[str], operations: Sequence[Roles]) -> bool:
    """Return whether an office with these roles may certify the page (art. 45).

    An additional office of departure ends one pair of vouchers and begins the next: there its own role will do.
    """
    index = (page - 1) // 2
    if not 0 <= index < len(operations):
        return False
    if is_start_page(page):
        return operations[index].start_role in roles
    goes_on = index + 1 < len(operations) and operations[index + 1].start_role == OfficeRole.DEPARTURE
    return operations[index].termination_role in roles or (goes_on and OfficeRole.DEPARTURE in roles)


def _speed(before: Certification | None, after: Certification) -> int | None:
    """Return the speed in km/h between two certifications in page order; None when it says nothing."""
    if before is None or after.occurred_at < before.occurred_at:
        return None
    distance = great_circle_km(before.office, after.office)
    if distance < SPEED_MATTERS_FROM_KM:
        return None
    hours = (after.occurred_at - before.occurred_at).total_seconds() / 3600
    return min(round(distance / hours), FASTEST_RECORDED_KMH) if hours else FASTEST_RECORDED_KMH


def great_circle_km(one: OfficeFacts, other: OfficeFacts) -> float:
    """Return the haversine distance in kilometres."""
    latitude, other_latitude = radians(one.latitude), radians(other.latitude)
    chord = (
        sin((other_latitude - latitude) / 2) ** 2
        + cos(latitude)
        * cos(other_latitude)
        * sin((radians(other.longitude) - radians(one.longitude)) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(chord))


def _packages_carried(plan: Plan, standing: Mapping[int, Certification]) -> dict[int, int | None]:
    """Return, by operation, how many packages its termination should count.

    What a destination unloads is gone for the operations after it; while such a termination is missing or does
    not say how much was unloaded, nothing can be compared further on.
    """
    carried: int | None = plan.packages
    expected: dict[int, int | None] = {}
    latest = plan.operations[-1].sequence
    for operation in plan.operations:
        certification = standing.get(2 * operation.sequence)
        unloads = operation.termination_role == OfficeRole.DESTINATION and operation.sequence != latest
        unloads = unloads or (certification is not None and certification.is_partial)
        expected[operation.sequence] = None if unloads else carried
        if unloads and carried is not None:
            unloaded = certification.packages if certification else None
            carried = None if unloaded is None else max(carried - unloaded, 0)
    return expected


def _operation_facts(
    operation: PlannedOperation,
    standing: Mapping[int, Certification],
    sides: Mapping[int, SideFacts],
    carried: Mapping[int, int | None],
    refused_pages: frozenset[int],
) -> OperationFacts:
    first, second = 2 * operation.sequence - 1, 2 * operation.sequence
    start, end = standing.get(first), standing.get(second)
    return OperationFacts(
        sequence=operation.sequence,
        status=_operation_status(start, end, first in refused_pages),
        start=sides.get(first, NOTHING),
        termination=sides.get(second, NOTHING),
        partners=start.office.partners if start else None,
        time_limit_at=_time_limit(start, operation.default_transit_days),
        prescribed_route=start.prescribed_route if start else "",
        packages_expected=carried[operation.sequence] if end else None,
        packages=end.packages if end else None,
        reservation=end.reservation if end else "",
        is_partial=end.is_partial if end else False,
        is_suspended=end.is_suspension if end else False,
    )


def _operation_status(
    start: Certification | None, end: Certification | None, was_refused: bool
) -> OperationStatus:
    if end is not None:
        return OperationStatus.TERMINATED
    if start is not None:
        return OperationStatus.STARTED
    return OperationStatus.REFUSED if was_refused else OperationStatus.EXPECTED


def _time_limit(start: Certification | None, default_days: int) -> datetime | None:
    """Box 20, or the territory's own practice when the office left it blank (art. 20 sets no number of days)."""
    if start is None:
        return None
    return start.time_limit_at or start.occurred_at + timedelta(days=default_days)


def carnet_status(
    operations: Sequence[OperationFacts], *, control: str = Control.NONE, is_returned: bool = False
) -> CarnetStatus:
    """Return the status that a carnet's operations add up to; a withdrawal or a return goes before them."""
    if control:
        return CarnetStatus(control)
    if is_returned:
        return CarnetStatus.RETURNED
    if all(operation.status == OperationStatus.DISCHARGED for operation in operations):
        return CarnetStatus.DISCHARGED
    return _status_under_way(operations)


_OVER = frozenset({OperationStatus.TERMINATED, OperationStatus.DISCHARGED})


def _status_under_way(operations: Sequence[OperationFacts]) -> CarnetStatus:
    latest = operations[-1]
    seen = [operation for operation in operations if operation.has_evidence]
    if not seen:
        return CarnetStatus.ISSUED
    if latest.status in _OVER:
        return CarnetStatus.PARTIALLY_TERMINATED if latest.is_partial else CarnetStatus.TERMINATED
    if seen[-1].status in _OVER and seen[-1].is_suspended:
        return CarnetStatus.SUSPENDED
    if any(operation.is_partial for operation in seen):
        return CarnetStatus.PARTIALLY_TERMINATED
    is_first_leg = seen[-1] is operations[0] and operations[0].status == OperationStatus.STARTED
    return CarnetStatus.ACCEPTED if is_first_leg else CarnetStatus.IN_TRANSIT


def is_start_page(page: int) -> bool:
    """Odd pages are vouchers No. 1, even pages vouchers No. 2."""
    return page % 2 == 1
