"""What is on record about one carnet, as plain facts: certifications, reports, controls, and where they were made."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from carnets.choices import Made, PackagesBasis
from tir.kernel.places import day_at
from tir.kernel.values import value

Seals = tuple[str, ...]  # as typed


@value
class OfficeFacts:
    """What the register says of the office that certified; approved up to, and not including, the last day."""

    code: str
    country: str
    latitude: float
    longitude: float
    roles: frozenset[str]
    faces: tuple["Facing", ...]
    territory_id: int
    territory: str
    time_zone: str
    approved_from: date
    approved_to: date | None = None

    def day(self, at: datetime) -> date:
        """Return the day at the office: the day of the law for what is certified there."""
        return day_at(at, self.time_zone)

    def is_approved_on(self, day: date) -> bool:
        return self.approved_from <= day and (self.approved_to is None or day < self.approved_to)

    def partners_on(self, day: date) -> tuple[str, ...]:
        """Return the offices that face this one across a border on that day (art. 45)."""
        return tuple(each.office for each in self.faces if each.covers(day))


@value
class Facing:
    """An office on the other side of a paired crossing, from the first day up to, not including, the last."""

    office: str
    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@value
class Certification:
    """One stamp as evidence. `None` means that the officer did not say."""

    id: UUID
    page: int
    office: OfficeFacts
    occurred_at: datetime
    recorded_at: datetime
    made: str = Made.ONLINE
    is_vouched: bool = True  # sent online, or by an enrolled device, or by a system account
    seals_intact: bool | None = None
    seals_found: Seals | None = None
    seals_affixed: Seals | None = None
    seals_removed: Seals | None = None
    packages: int | None = None
    packages_basis: str = PackagesBasis.COUNTED
    packages_presented: int | None = None
    mass_kg: int | None = None
    reservation: str = ""
    time_limit_at: datetime | None = None
    prescribed_route: str = ""
    vehicles: tuple[str, ...] | None = None
    containers: tuple[str, ...] | None = None
    goes_on: bool = False
    ends_here: bool = False
    is_suspension: bool = False
    is_unplanned: bool = False  # the officer confirmed that the plan has something else here
    cancels: UUID | None = None
    is_proof: bool = False  # a paper that a person of the territory accepted in place of a missing stamp

    @property
    def day(self) -> date:
        """The day at the office."""
        return self.office.day(self.occurred_at)

    @property
    def partners(self) -> tuple[str, ...]:
        """The offices that faced this one that day."""
        return self.office.partners_on(self.day)

    @property
    def is_approved(self) -> bool:
        """Whether the office was approved for TIR that day (art. 45)."""
        return self.office.is_approved_on(self.day)


class Event(Protocol):
    """What happened between stamps or beside them: a report or a control."""

    @property
    def id(self) -> UUID: ...

    @property
    def at(self) -> datetime: ...

    @property
    def office(self) -> str: ...

    @property
    def seals_removed(self) -> Seals: ...

    @property
    def seals_affixed(self) -> Seals: ...

    @property
    def vehicles(self) -> tuple[str, ...]: ...

    @property
    def packages(self) -> int | None: ...

    @property
    def explains_seals(self) -> bool: ...


@value
class Report:
    """One certified report (art. 25) as evidence, dated when it was drawn up, by whomever."""

    id: UUID
    office: str
    at: datetime
    seals_removed: Seals = ()  # found broken
    seals_affixed: Seals = ()
    vehicles: tuple[str, ...] = ()
    packages: int | None = None
    explains_seals: bool = True


@value
class OfficeControl:
    """One control by an office (art. 24 and others): seals opened and replaced need no certified report."""

    id: UUID
    office: str
    at: datetime
    is_satisfactory: bool = True
    seals_found: Seals | None = None
    seals_removed: Seals = ()
    seals_affixed: Seals = ()
    vehicles: tuple[str, ...] = ()
    packages: int | None = None
    mass_kg: int | None = None

    @property
    def explains_seals(self) -> bool:
        """Whether seals were handled, so that what the next office finds is explained."""
        return bool(self.seals_removed or self.seals_affixed or self.seals_found is not None)
