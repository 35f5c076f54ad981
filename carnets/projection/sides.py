"""One certification beside the journey up to it: what the walk finds out, and what of it the operation says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carnets.projection.cargo import Counted
from carnets.projection.evidence import Certification, Seals
from tir.kernel.values import value

NOTHING_COUNTED = Counted()


@value
class SideFacts:
    """What one office recorded about the start or the termination, and what it should have found."""

    stamp: UUID | None = None
    at: datetime | None = None
    day: date | None = None
    office: str = ""
    country: str = ""
    is_planned_office: bool = True
    is_approved: bool = True
    has_role: bool = True
    seals_intact: bool | None = None
    seals_expected: Seals | None = None
    seals_found: Seals | None = None
    seals_agree: bool | None = None
    is_reported: bool = False
    is_spelt_differently: bool = False
    units_missing: tuple[str, ...] | None = None
    speed_kmh: int | None = None
    rivals: int = 0
    is_unplanned: bool = False
    is_unconfirmed: bool = False
    is_recorded_late: bool = False


NOTHING = SideFacts()


@dataclass(slots=True)
class CertifiedSide:
    """One certification with what the operation says of it, and what only one of its two sides is asked."""

    said: Certification
    facts: SideFacts
    are_seals_unknown: bool = False
    are_seals_checked: bool = True
    are_packages_certified: bool = False
    counted: Counted = NOTHING_COUNTED
