"""The parts of a judged case as JSON. The file's schema in docs/ is made of these models."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

Page = int
Role = Literal["departure", "entry", "exit", "destination"]
ControlName = Literal["", "invalidated", "lost", "stolen", "expired"]


def _in_utc(value: datetime) -> datetime:
    assert value.utcoffset() is not None
    assert not value.utcoffset(), "instants are written in UTC, with a Z"
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficePart(Part):
    """One customs office of the register, as in the bundle."""

    code: str
    country: str
    territory: str
    name: str
    roles: list[Role]
    partners: list[str]
    lat: float
    lon: float


class TerritoryPart(Part):
    code: str
    name: dict[Literal["en", "ru", "zh"], str]
    default_transit_days: int
    grace_hours: int
    suspension_days: int | None


class ExclusionPart(Part):
    """From the first day up to, not including, the last; without a last day, until further notice."""

    holder: str
    country: str
    valid_from: date
    valid_to: date | None


class StopEntry(Part):
    number: str
    control: ControlName
    since: Instant | None


class StopList(Part):
    as_of: Instant
    entries: list[StopEntry]


class HolderPart(Part):
    id: str
    name: str
    status: Literal["authorised", "suspended", "withdrawn", "ended"]


class GuaranteePart(Part):
    reference: str
    valid_from: date
    valid_to: date | None


class OperationPart(Part):
    sequence: int
    territory: str
    start_role: Role
    termination_role: Role
    planned_start: str
    planned_end: str
    grace_hours: int
    default_transit_days: int


class SealsPart(Part):
    intact: bool | None = None
    found: list[str] | None = None
    affixed: list[str] | None = None


class SaidPart(Part):
    """What an officer wrote on a page; a member left out was left blank."""

    id: UUID
    seals: SealsPart = SealsPart()
    packages: int | None = None
    time_limit: Instant | None = None
    vehicles: list[str] | None = None
    partial: bool = False
    suspension: bool = False


class StampPart(SaidPart):
    """A stamp on record, or in the phone's own queue."""

    page: Page
    office: str
    occurred_at: Instant
    cancels: UUID | None = None


class SeenPart(SaidPart):
    """What the officer is about to certify on the page of the case."""

    reservation: str = ""


class ReportPart(Part):
    """A certified report (art. 25)."""

    id: UUID
    office: str
    occurred_at: Instant
    seals_broken: list[str]
    seals_affixed: list[str]
    vehicles: list[str]
    about_seals: bool


class CarnetPart(Part):
    """One carnet as GET /api/v1/post/carnets/ gives it."""

    number: str
    issued_at: Instant
    acceptance_until: date
    vouchers: int
    packages: int
    holder: HolderPart
    guarantee: GuaranteePart
    approval_until: date | None
    plates: list[str]
    heavy: bool
    operations: list[OperationPart]
    stamps: list[StampPart]
    reports: list[ReportPart]
    refused: list[Page]
    control: ControlName
    control_at: Instant | None
    returned: bool
    seals_expected: list[str] | None


class ExpectPart(Part):
    """What the server's judge says. `codes` in the order of the rules; seals as they should be on the lorry now."""

    verdict: Literal["go", "look", "stop", "unknown"]
    codes: list[str]
    expected_page: Page | None
    seals: list[str] | None


class CasePart(Part):
    """`qr`: a signed code was scanned. `number`: a number was typed. `carnet`: what is held about it, if anything.
    `seen`: null for a look before stamping, else the stamp about to be made."""

    name: str
    office: str
    now: Instant
    at: Instant
    qr: str | None
    number: str | None
    carnet: CarnetPart | None
    page: Page | None
    seen: SeenPart | None
    expect: ExpectPart


class NumberPart(Part):
    """A number as typed, and as it is when its check letters fit; null when they do not."""

    typed: str
    number: str | None


class OwnReportPart(Part):
    """A report as drawn up on a phone, and whether it explains what is found about the seals."""

    kind: str
    seals_broken: list[str]
    seals_affixed: list[str]
    about_seals: bool
